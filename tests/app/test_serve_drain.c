/* threaded */
/*
 * The end of a server, told in time to clients, to balancers and to systemd; and who its clients
 * are behind a proxy.
 */
#include "testing/rows.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/client.h"
#include "testing/server.h"

/* A drain of ten minutes would be seen: no test may take that long. */
static void an_idle_server_does_not_drain(void **state)
{
	struct server server;
	server_start(&server, (const char *const[]){ "server.drain_seconds=600", NULL });
	if (*state)
		assert_int_equal(client_status(&server, *state), 200);
	assert_int_equal(server_stop(&server), 0);
	server_end(&server);
}

static void answers_say_close_while_draining(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.drain_seconds=600", NULL });
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	kill(server.pid, SIGTERM);
	AWAIT(client_status(&server, "/health/ready") == 503);
	struct reply reply;
	client_call(&server, &(struct request){ .method = "GET", .target = "/version" }, &reply);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply_header(&reply, "Connection"), "close");
	reply_done(&reply);
	server_end(&server); /* the second signal */
}

static void systemd_is_asked_for_the_time_of_a_stop(void **state)
{
	(void)state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval wait = { .tv_sec = PATIENCE_S };
	char folder[] = "/tmp/croft-notify-XXXXXX", text[200] = "";
	assert_non_null(mkdtemp(folder));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/s", folder);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	struct server server;
	server_start(&server, (const char *const[]){ "server.drain_seconds=100",
						     "server.shutdown_seconds=20",
						     "server.total_seconds=60", NULL });
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(server_stop(&server), 0);
	assert_true(recv(fd, text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, "STOPPING=1\nEXTEND_TIMEOUT_USEC=195000000");
	server_end(&server);
	close(fd);
	unlink(address.sun_path);
	rmdir(folder);
}

static void the_log_names_the_client_behind_a_trusted_proxy(void **state)
{
	(void)state;
	struct server server;
	struct reply reply;
	server_start(&server, (const char *const[]){ "server.trusted_proxies=127.0.0.1", NULL });
	client_call(&server,
		    &(struct request){ .method = "GET",
				       .target = "/version",
				       .headers = "X-Forwarded-For: 9.9.9.9, 192.0.2.7\r\n" },
		    &reply);
	reply_done(&reply);
	AWAIT(server_logged(&server, "'peer':'192.0.2.7'"));
	server_end(&server);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("an idle server does not drain", an_idle_server_does_not_drain),
		ROW_OF("one that was asked something else than its readiness does not, either",
		       an_idle_server_does_not_drain, "/version"),
		ROW("answers say close from the first moment of a drain",
		    answers_say_close_while_draining),
		ROW("systemd is asked for the time that a stop may take",
		    systemd_is_asked_for_the_time_of_a_stop),
		ROW("the log names the client behind a trusted proxy",
		    the_log_names_the_client_behind_a_trusted_proxy),
	};
	return rows_run("app/serve_drain", rows, sizeof(rows) / sizeof(rows[0]));
}
