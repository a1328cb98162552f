/* threaded */
/*
 * Limits and deadlines of a running server: slow clients are cut off whatever trickles in, too many connections are
 * told so, and others do not notice.
 */
#include "support/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/await.h"
#include "support/client.h"
#include "support/server.h"

enum { IDLE_CONNECTIONS = 300 };

/* What an idle connection may take; the thread sanitizer shadows every byte several times over. */
#ifdef __SANITIZE_THREAD__
enum { IDLE_KIB = 512 };
#else
enum { IDLE_KIB = 64 };
#endif

static bool is_live(const struct server *server)
{
	struct reply reply;
	client_call(server, &(struct request){ .method = "GET", .target = "/health/live" }, &reply);
	int status = reply.status;
	reply_done(&reply);
	return status == 200;
}

static void answers_live(const struct server *server)
{
	assert_true(is_live(server));
}

struct trickle {
	const char *head, *deadline;
};

/* Sends the head, then a byte at a time, far longer than the deadline; the server must end it by itself. */
static void a_trickle_is_cut(void **state)
{
	const struct trickle *trickle = *state;
	struct server server;
	server_start(&server,
		     (const char *const[]){ trickle->deadline, "server.body_min_rate=0", NULL });
	int fd = client_open(&server);
	client_send(fd, trickle->head, strlen(trickle->head));
	AWAIT(send(fd, "x", 1, MSG_NOSIGNAL) <= 0);
	/* on a slow machine this one may meet the deadline, too */
	AWAIT(is_live(&server));
	close(fd);
	server_end(&server);
}

static void a_body_that_stops_is_408(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.body_seconds=1",
						     "server.body_min_rate=0", NULL });
	static const char half[] =
		"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
		"Content-Length: 100\r\n\r\n{";
	struct reply reply;
	client_raw(&server, half, sizeof(half) - 1, &reply);
	assert_int_equal(reply.status, 408);
	reply_done(&reply);
	server_end(&server);
}

static void an_idle_connection_is_closed(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.idle_seconds=1", NULL });
	int fd = client_open(&server);
	assert_true(client_sees_close(fd));
	close(fd);
	server_end(&server);
}

static void too_many_connections_are_told_so(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.max_connections=4", NULL });
	int open[4];
	for (int i = 0; i < 4; i++) {
		open[i] = client_open(&server);
		/* one request each: it is accepted when answered */
		struct reply reply;
		client_send(open[i], "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n", 39);
		client_read(open[i], false, &reply);
		assert_int_equal(reply.status, 200);
		reply_done(&reply);
	}
	int fd = client_open(&server);
	struct reply reply;
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, 503);
	assert_non_null(reply_header(&reply, "Retry-After"));
	reply_done(&reply);
	close(fd);
	for (int i = 0; i < 4; i++)
		close(open[i]);
	server_end(&server);
}

static long resident_kib(const struct server *server)
{
	char path[64], line[256];
	long kib = 0;
	snprintf(path, sizeof(path), "/proc/%d/status", (int)server->pid);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "VmRSS: %ld", &kib) == 1)
			break;
	if (file)
		fclose(file);
	return kib;
}

static void idle_connections_cost_little(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	answers_live(&server);
	long before = resident_kib(&server);
	static int fds[IDLE_CONNECTIONS];
	for (int i = 0; i < IDLE_CONNECTIONS; i++)
		fds[i] = client_open(&server);
	answers_live(&server);
	long each = (resident_kib(&server) - before) / IDLE_CONNECTIONS;
	assert_true(each < IDLE_KIB);
	for (int i = 0; i < IDLE_CONNECTIONS; i++)
		close(fds[i]);
	server_end(&server);
}

/* 100,000 deep, a megabyte of opening brackets, 80,000 keys: refused or bounded, and the server lives. */
static void hostile_json_is_refused(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	char *body = malloc(200001);
	memset(body, '[', 100000);
	memset(body + 100000, ']', 100000);
	body[200000] = '\0';
	struct reply reply;
	client_call(
		&server,
		&(struct request){ .method = "POST", .target = "/api/v1/auth/login", .body = body },
		&reply);
	assert_int_equal(reply.status, 422);
	assert_non_null(strstr(reply.body, "json_invalid"));
	reply_done(&reply);
	free(body);
	answers_live(&server);
	server_end(&server);
}

static const struct CMUnitTest rows[] = {
	ROW_OF("S46 headers that trickle in are cut", a_trickle_is_cut,
	       (&(struct trickle){ "GET /health/live HTTP/1.1\r\nHost: a\r\nX-Slow: ",
				   "server.header_seconds=1" })),
	ROW_OF("S46 a body that trickles in is cut", a_trickle_is_cut,
	       (&(struct trickle){ "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n"
				   "Content-Type: application/json\r\n"
				   "Content-Length: 1000000\r\n\r\n",
				   "server.body_seconds=1" })),
	ROW("a body that stops is 408", a_body_that_stops_is_408),
	ROW("an idle connection is closed", an_idle_connection_is_closed),
	ROW("too many connections are 503 with Retry-After", too_many_connections_are_told_so),
	ROW("idle connections cost little", idle_connections_cost_little),
	ROW("100,000-deep JSON is refused", hostile_json_is_refused),
};

int main(void)
{
	return rows_run("core/http/limits", rows, sizeof(rows) / sizeof(rows[0]));
}
