/* threaded */
/*
 * The life of a server: what a kill leaves behind, what a stop finishes, what production refuses.
 * The clients are threads that keep a ledger of what was acknowledged to them.
 */
#include "testing/rows.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/server.h"

enum { WRITERS = 8, KILLS = 5 };

struct ledger {
	const struct server *server;
	int writer, round;
	int fd;
	atomic_long acknowledged; /* writer's own numbers 0 … acknowledged - 1 */
};

/* A connection of its own, one request after the other, until the server is gone. */
static void *write_users(void *arg)
{
	struct ledger *ledger = arg;
	for (bool closed = false; !closed;) {
		char body[128], request[1024];
		long number = ledger->acknowledged;
		int len = snprintf(body, sizeof(body),
				   "{'username':'w%d_%d_%ld','email':'w%d_%d_%ld@example.com'}",
				   ledger->round, ledger->writer, number, ledger->round,
				   ledger->writer, number);
		json_swap(body);
		len = snprintf(
			request, sizeof(request),
			"POST /api/v1/users HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
			"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			ledger->server->token, len, body);
		client_send(ledger->fd, request, (size_t)len);
		struct reply reply;
		client_read(ledger->fd, false, &reply);
		ledger->acknowledged += reply.status == 201;
		closed = reply.closed || reply.status != 201;
		reply_done(&reply);
	}
	close(ledger->fd);
	return NULL;
}

static void start_writers(struct server *server, int round, struct ledger ledgers[WRITERS],
			  pthread_t threads[WRITERS])
{
	server_sign_in(server);
	for (int i = 0; i < WRITERS; i++) {
		ledgers[i] = (struct ledger){
			.server = server, .writer = i, .round = round, .fd = client_open(server)
		};
		pthread_create(&threads[i], NULL, write_users, &ledgers[i]);
	}
}

static long acknowledged_by(const struct ledger ledgers[WRITERS])
{
	long acknowledged = 0;
	for (int i = 0; i < WRITERS; i++)
		acknowledged += ledgers[i].acknowledged;
	return acknowledged;
}

static long join_writers(struct ledger ledgers[WRITERS], pthread_t threads[WRITERS])
{
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	return acknowledged_by(ledgers);
}

static long users_in(struct server *server)
{
	struct reply reply;
	server_sign_in(server);
	client_call(server,
		    &(struct request){ .method = "GET",
				       .target = "/api/v1/users?per_page=1",
				       .token = server->token },
		    &reply);
	assert_int_equal(reply.status, 200);
	long total = reply_int(&reply, "total");
	reply_done(&reply);
	return total;
}

static void nothing_acknowledged_is_lost_by_kill_9(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	long acknowledged = 0;
	for (int round = 0; round < KILLS; round++) {
		struct ledger ledgers[WRITERS];
		pthread_t threads[WRITERS];
		start_writers(&server, round, ledgers, threads);
		AWAIT(acknowledged_by(ledgers) > 50 * round);
		server_kill(&server);
		acknowledged += join_writers(ledgers, threads);
		server_restart(&server, NULL);
		long there = users_in(&server) - 1;
		/* a row may be durable and its answer lost: at most one a writer and round */
		assert_true(there >= acknowledged);
		assert_true(there <= acknowledged + WRITERS * (round + 1));
	}
	server_end(&server);
}

static void a_stop_finishes_what_is_in_flight(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	struct ledger ledgers[WRITERS];
	pthread_t threads[WRITERS];
	start_writers(&server, 0, ledgers, threads);
	AWAIT(acknowledged_by(ledgers) > WRITERS);
	assert_int_equal(server_stop(&server), 0);
	long acknowledged = join_writers(ledgers, threads);
	server_restart(&server, NULL);
	/* exactly: a graceful stop answers everything it has written */
	assert_int_equal(users_in(&server) - 1, acknowledged);
	server_end(&server);
}

/* ---- a stop while clients come ---- */

enum { CALLERS = 4, STOPS = 50 };

struct caller {
	pthread_t thread;
	int port;
	atomic_bool stop;
	atomic_long calls;
};

/* Whether anybody is there is not the question. */
static void *call_along(void *arg)
{
	static const char request[] = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";
	struct caller *caller = arg;
	char answer[512];
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((in_port_t)caller->port),
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct timeval wait = { .tv_usec = 200000 };
	while (!atomic_load(&caller->stop)) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
		if (!connect(fd, (struct sockaddr *)&address, sizeof(address)) &&
		    send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) > 0 &&
		    recv(fd, answer, sizeof(answer), 0) > 0)
			caller->calls++;
		close(fd);
	}
	return NULL;
}

static void a_stop_ends_well_while_clients_come(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	for (int round = 0; round < STOPS; round++) {
		struct caller callers[CALLERS] = { 0 };
		for (int i = 0; i < CALLERS; i++) {
			callers[i].port = server.port;
			pthread_create(&callers[i].thread, NULL, call_along, &callers[i]);
		}
		for (int i = 0; i < CALLERS; i++)
			AWAIT(callers[i].calls > 0);
		assert_int_equal(server_stop(&server), 0);
		for (int i = 0; i < CALLERS; i++) {
			atomic_store(&callers[i].stop, true);
			pthread_join(callers[i].thread, NULL);
		}
		server_restart(&server, NULL);
	}
	server_end(&server);
}

static void a_draining_server_says_not_ready_and_still_serves(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.drain_seconds=10m", NULL });
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	kill(server.pid, SIGTERM);
	AWAIT(client_status(&server, "/health/ready") == 503);
	struct reply reply;
	client_call(&server, &(struct request){ .method = "GET", .target = "/health/live" },
		    &reply);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
	server_end(&server);
}

static void files_are_for_the_owner_only(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	static const char *const names[] = { "croft.db", "secret", "croft.db-wal" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[128];
		struct stat st;
		snprintf(path, sizeof(path), "%s/%s", server.folder, names[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
	server_end(&server);
}

static void tokens_survive_a_restart_with_the_generated_secret(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	server_sign_in(&server);
	server_stop(&server);
	server_restart(&server, NULL);
	struct reply reply;
	client_call(&server,
		    &(struct request){
			    .method = "GET", .target = "/api/v1/users/me", .token = server.token },
		    &reply);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
	server_end(&server);
}

static const char *const production[] = { "app.environment=production", "database.migrate=always",
					  "auth.secret=0123456789abcdef0123456789abcdef", NULL };

static void production_hides_the_documents_and_the_password_grant(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, production);
	char limits[128];
	snprintf(limits, sizeof(limits), "grep -Eq 'core file size +0 +0' /proc/%d/limits",
		 (int)server.pid);
	assert_int_equal(system(limits), 0);
	static const char *const targets[] = { "/docs", "/redoc", "/openapi.json",
					       "/api/v1/openapi.json" };
	struct reply reply;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		client_call(&server, &(struct request){ .method = "GET", .target = targets[i] },
			    &reply);
		assert_int_equal(reply.status, 404);
		reply_done(&reply);
	}
	client_call(
		&server,
		&(struct request){ .method = "POST",
				   .target = "/api/v1/auth/token",
				   .headers = "Content-Type: application/x-www-form-urlencoded\r\n",
				   .body = "grant_type=password&username=admin&password=x" },
		&reply);
	assert_int_equal(reply.status, 400);
	assert_json_has(reply.body, "'error':'unsupported_grant_type'");
	reply_done(&reply);
	server_end(&server);
}

static void secrets_never_reach_the_log(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "log.level=debug", NULL });
	server_sign_in(&server);
	struct reply reply;
	client_call(&server,
		    &(struct request){ .method = "POST",
				       .target = "/api/v1/users",
				       .token = server.token,
				       .body = "{'username':'x y','email':'e@example.com',"
					       "'password':'canary-7f3a'}" },
		    &reply);
	assert_int_equal(reply.status, 422);
	assert_null(strstr(reply.body, "canary-7f3a"));
	reply_done(&reply);
	char *log = server_log(&server);
	assert_null(strstr(log, "canary-7f3a"));
	assert_null(strstr(log, SERVER_PASSWORD));
	assert_null(strstr(log, server.token));
	free(log);
	server_end(&server);
}

static const struct CMUnitTest rows[] = {
	ROW("nothing acknowledged is lost by kill -9", nothing_acknowledged_is_lost_by_kill_9),
	ROW("a stop finishes what is in flight", a_stop_finishes_what_is_in_flight),
	ROW("a stop ends well while clients come, fifty times over",
	    a_stop_ends_well_while_clients_come),
	ROW("a draining server says not ready and still serves",
	    a_draining_server_says_not_ready_and_still_serves),
	ROW("files are for the owner only", files_are_for_the_owner_only),
	ROW("tokens survive a restart with the generated secret",
	    tokens_survive_a_restart_with_the_generated_secret),
	ROW("production hides the documents and the password grant, and writes no core",
	    production_hides_the_documents_and_the_password_grant),
	ROW("secrets never reach the log", secrets_never_reach_the_log),
};

int main(void)
{
	return rows_run("app/serve", rows, sizeof(rows) / sizeof(rows[0]));
}
