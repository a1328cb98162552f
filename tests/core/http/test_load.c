/* threaded */
/*
 * A server that has no room: what it turns away it has neither read nor asked the database about,
 * what needs no room goes on, and those who are turned away wait before they hear of it. Another
 * program holds the database's lock, so that writes wait for as long as a row wants them to.
 */
#include "testing/rows.h"

#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/server.h"

enum { WAITING = 2, PAUSE_MS = 700 };

struct fixture {
	struct server server;
	sqlite3 *other;
	int fds[WAITING]; /* connections whose writes wait */
};

static void other_does(struct fixture *fixture, const char *sql)
{
	assert_int_equal(sqlite3_exec(fixture->other, sql, NULL, NULL, NULL), SQLITE_OK);
}

static int ask_status(struct fixture *fixture, const struct request *request)
{
	struct reply reply;
	client_call(&fixture->server, request, &reply);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

/* Without a token, which is not looked at once the server is full. */
static bool is_full(struct fixture *fixture)
{
	return ask_status(fixture, &(struct request){ .method = "POST",
						      .target = "/api/v1/posts",
						      .body = "{}" }) == 503;
}

static void send_login(int fd)
{
	char body[] = "{'login':'admin','password':'" SERVER_PASSWORD "'}";
	char text[512];
	int len = snprintf(text, sizeof(text),
			   "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n"
			   "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
			   sizeof(body) - 1, json_swap(body));
	client_send(fd, text, (size_t)len);
}

static void send_post(struct fixture *fixture, int fd)
{
	char text[1024];
	int len = snprintf(text, sizeof(text),
			   "POST /api/v1/posts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
			   "Content-Type: application/json\r\nContent-Length: 13\r\n\r\n"
			   "{'title':'a'}",
			   fixture->server.token);
	client_send(fd, json_swap(text), (size_t)len);
}

/* A server with this room, and another program that lets it write nothing. */
static void fixture_lock(struct fixture *fixture, const char *room, const char *pause)
{
	char path[128];
	*fixture = (struct fixture){ 0 };
	server_start(&fixture->server,
		     (const char *const[]){ "server.loop_budget_us=1000000",
					    "database.busy_ms=600000", "database.write_ms=600000",
					    "server.total_seconds=3600", room, pause, NULL });
	server_sign_in(&fixture->server);
	snprintf(path, sizeof(path), "%s/croft.db", fixture->server.folder);
	assert_int_equal(sqlite3_open(path, &fixture->other), SQLITE_OK);
	other_does(fixture, "PRAGMA busy_timeout = 120000");
	other_does(fixture, "BEGIN IMMEDIATE");
}

/* A server for two requests that wait, and two that do. */
static void fixture_open(struct fixture *fixture, const char *pause)
{
	fixture_lock(fixture, "server.max_waiting=2", pause);
	for (int i = 0; i < WAITING; i++) {
		fixture->fds[i] = client_open(&fixture->server);
		send_post(fixture, fixture->fds[i]);
	}
	AWAIT(is_full(fixture));
}

/* What waited is done, and there is room again. */
static void fixture_go_on(struct fixture *fixture)
{
	other_does(fixture, "ROLLBACK");
	for (int i = 0; i < WAITING; i++) {
		struct reply reply;
		client_read(fixture->fds[i], false, &reply);
		assert_int_equal(reply.status, 201);
		reply_done(&reply);
		close(fixture->fds[i]);
	}
	assert_false(is_full(fixture));
}

static void fixture_close(struct fixture *fixture)
{
	sqlite3_close(fixture->other);
	server_end(&fixture->server);
}

static void expect(struct fixture *fixture, const char *method, const char *target,
		   const char *token, const char *body, int status)
{
	int got = ask_status(fixture, &(struct request){ .method = method,
							 .target = target,
							 .token = token,
							 .body = body });
	assert_int_equal(got, status);
}

static void refused_before_token_and_body(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture, "server.refused_pause_ms=0");
	const char *token = fixture.server.token;
	expect(&fixture, "POST", "/api/v1/posts", token, "{'title':'b'}", 503);
	/* these would be 401 and 422 */
	expect(&fixture, "POST", "/api/v1/posts", "no token of ours", "{'title':'b'}", 503);
	expect(&fixture, "POST", "/api/v1/posts", token, "{'title':", 503);
	expect(&fixture, "POST", "/api/v1/users", NULL, "{}", 503);
	expect(&fixture, "DELETE", "/api/v1/posts/1", NULL, NULL, 503);
	fixture_go_on(&fixture);
	/* nothing of them was done */
	struct reply reply = client_ask(&fixture.server, "GET", "/api/v1/posts", NULL);
	assert_int_equal(reply_int(&reply, "total"), WAITING);
	reply_done(&reply);
	expect(&fixture, "POST", "/api/v1/posts", token, "{'title':'b'}", 201);
	expect(&fixture, "POST", "/api/v1/posts", NULL, "{}", 401);
	fixture_close(&fixture);
}

/* The answer comes although no byte of the body ever does. */
static void a_body_is_not_waited_for(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture, "server.refused_pause_ms=0");
	static const char *const heads[] = {
		"POST /api/v1/posts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
		"Content-Length: 1000000\r\n\r\n",
		"POST /api/v1/posts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
		"Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n",
	};
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct reply reply;
		client_raw(&fixture.server, heads[i], strlen(heads[i]), &reply);
		assert_int_equal(reply.status, 503);
		reply_done(&reply);
	}
	fixture_go_on(&fixture);
	fixture_close(&fixture);
}

static void the_answer_says_when_to_come_again(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture, "server.refused_pause_ms=0");
	struct reply reply = client_ask(&fixture.server, "POST", "/api/v1/posts", "{}");
	assert_int_equal(reply.status, 503);
	assert_string_equal(reply_header(&reply, "Retry-After"), "1");
	assert_string_equal(reply_header(&reply, "Content-Type"), "application/json");
	assert_non_null(reply_header(&reply, "X-Request-ID"));
	assert_null(reply_header(&reply, "Connection"));
	assert_json_has(reply.body, "'code':'unavailable'");
	assert_non_null(strstr(reply.body, "The server is busy; try again in a moment"));
	reply_done(&reply);
	fixture_go_on(&fixture);
	fixture_close(&fixture);
}

/* What is wrong whatever the load is said as ever. */
static void faults_of_the_head_come_first(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture, "server.refused_pause_ms=0");
	expect(&fixture, "POST", "/api/v1/nothing", NULL, "{}", 404);
	expect(&fixture, "PUT", "/api/v1/posts", NULL, "{}", 405);
	struct reply reply;
	static const char large[] = "POST /api/v1/posts HTTP/1.1\r\nHost: a\r\n"
				    "Content-Type: application/json\r\n"
				    "Content-Length: 999999999\r\n\r\n";
	client_raw(&fixture.server, large, sizeof(large) - 1, &reply);
	assert_int_equal(reply.status, 413);
	reply_done(&reply);
	fixture_go_on(&fixture);
	fixture_close(&fixture);
}

static void what_needs_no_room_goes_on(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture, "server.refused_pause_ms=0");
	expect(&fixture, "GET", "/health/live", NULL, NULL, 200);
	expect(&fixture, "GET", "/health/ready", NULL, NULL, 200);
	expect(&fixture, "GET", "/version", NULL, NULL, 200);
	expect(&fixture, "GET", "/api/v1/users/me", fixture.server.token, NULL, 200);
	expect(&fixture, "GET", "/api/v1/posts?sort=-created_at", fixture.server.token, NULL, 200);
	assert_true(is_full(&fixture));
	fixture_go_on(&fixture);
	fixture_close(&fixture);
}

/* Some of those that are sent at once: a small body, and an input that is many times as large. */
static void what_bodies_become_is_bounded(void **state)
{
	(void)state;
	enum { BATCHES = 32, ROWS = 250 };
	struct fixture fixture;
	struct pollfd fds[BATCHES];
	char body[16 * 1024], head[1024];
	int len = snprintf(body, sizeof(body), "{'items':[");
	for (int i = 0; i < ROWS; i++)
		len += snprintf(body + len, sizeof(body) - (size_t)len, "%s{'title':'a'}",
				i ? "," : "");
	len += snprintf(body + len, sizeof(body) - (size_t)len, "]}");
	json_swap(body);
	fixture_lock(&fixture, "server.body_memory=2MiB", "server.refused_pause_ms=0");
	int head_len = snprintf(head, sizeof(head),
				"POST /api/v1/posts/batch HTTP/1.1\r\nHost: a\r\nAuthorization: "
				"Bearer %s\r\nContent-Type: application/json\r\n"
				"Content-Length: %d\r\n\r\n",
				fixture.server.token, len);
	for (int i = 0; i < BATCHES; i++) {
		fds[i] = (struct pollfd){ .fd = client_open(&fixture.server), .events = POLLIN };
		client_send(fds[i].fd, head, (size_t)head_len);
		client_send(fds[i].fd, body, (size_t)len);
	}
	/* while none can be written */
	assert_true(poll(fds, BATCHES, CLIENT_WAIT_S * 1000) > 0);
	other_does(&fixture, "ROLLBACK");
	int written = 0;
	for (int i = 0; i < BATCHES; i++) {
		struct reply reply;
		client_read(fds[i].fd, false, &reply);
		written += reply.status == 201;
		if (reply.status != 201)
			assert_non_null(strstr(reply.body, "You have too many unfinished"));
		reply_done(&reply);
		close(fds[i].fd);
	}
	assert_true(written > 0 && written < BATCHES);
	fixture_close(&fixture);
}

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void a_refusal_waits(void **state)
{
	(void)state;
	struct fixture fixture;
	char pause[64];
	snprintf(pause, sizeof(pause), "server.refused_pause_ms=%dms", PAUSE_MS);
	fixture_open(&fixture, pause);
	int fd = client_open(&fixture.server);
	struct reply reply;
	/* on one connection, which is kept */
	for (int i = 0; i < 2; i++) {
		int64_t began = now_ms();
		send_post(&fixture, fd);
		client_read(fd, false, &reply);
		assert_int_equal(reply.status, 503);
		assert_true(now_ms() - began >= PAUSE_MS);
		reply_done(&reply);
	}
	fixture_go_on(&fixture);
	send_post(&fixture, fd);
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, 201);
	reply_done(&reply);
	close(fd);
	fixture_close(&fixture);
}

/* They take no place of those who may wait, and a stop does not wait for them. */
static void refusals_that_wait_hold_up_nothing(void **state)
{
	(void)state;
	struct fixture fixture;
	enum { REFUSED = 40 };
	int fds[REFUSED];
	fixture_open(&fixture, "server.refused_pause_ms=1s");
	for (int i = 0; i < REFUSED; i++) {
		fds[i] = client_open(&fixture.server);
		send_post(&fixture, fds[i]);
	}
	expect(&fixture, "GET", "/health/ready", NULL, NULL, 200);
	fixture_go_on(&fixture);
	expect(&fixture, "POST", "/api/v1/posts", fixture.server.token, "{'title':'b'}", 201);
	assert_int_equal(server_stop(&fixture.server), 0);
	for (int i = 0; i < REFUSED; i++)
		close(fds[i]);
	fixture_close(&fixture);
}

/* one is being written, one queued */
enum { LOGINS = 5, LOGINS_TAKEN = 2 };

/* Reads who can be read: how many, all of them refused, and not before the pause was over. */
static int refused_read(struct pollfd *fds, int64_t began)
{
	int refused = 0;
	assert_true(poll(fds, LOGINS, CLIENT_WAIT_S * 1000) > 0);
	for (int i = 0; i < LOGINS; i++) {
		struct reply reply;
		if (!fds[i].revents)
			continue;
		client_read(fds[i].fd, false, &reply);
		assert_int_equal(reply.status, 503);
		assert_json_has(reply.body, "'code':'unavailable'");
		assert_true(now_ms() - began >= PAUSE_MS);
		reply_done(&reply);
		close(fds[i].fd);
		fds[i] = (struct pollfd){ .fd = -1 };
		refused++;
	}
	return refused;
}

/* Whether there is room in the writer's queue turns out when the password is looked at. */
static void a_late_refusal_waits(void **state)
{
	(void)state;
	struct fixture fixture;
	struct pollfd fds[LOGINS];
	char pause[64];
	snprintf(pause, sizeof(pause), "server.refused_pause_ms=%dms", PAUSE_MS);
	fixture_lock(&fixture, "database.queue=1", pause);
	for (int i = 0; i < LOGINS; i++)
		fds[i] = (struct pollfd){ .fd = client_open(&fixture.server), .events = POLLIN };
	int64_t began = now_ms();
	for (int i = 0; i < LOGINS; i++)
		send_login(fds[i].fd);
	for (int refused = 0; refused < LOGINS - LOGINS_TAKEN;)
		refused += refused_read(fds, began);
	other_does(&fixture, "ROLLBACK");
	for (int i = 0; i < LOGINS; i++) {
		struct reply reply;
		if (fds[i].fd < 0)
			continue;
		client_read(fds[i].fd, false, &reply);
		/* it may have come while the first was still in the queue */
		assert_true(reply.status == 200 || reply.status == 503);
		reply_done(&reply);
		close(fds[i].fd);
	}
	fixture_close(&fixture);
}

/* Each request needs all the room that there is. */
static void an_answer_makes_room(void **state)
{
	(void)state;
	struct fixture fixture;
	enum { POSTS = 500 };
	fixture_lock(&fixture, "server.max_waiting=1", "server.refused_pause_ms=0");
	other_does(&fixture, "ROLLBACK");
	int fd = client_open(&fixture.server);
	for (int i = 0; i < POSTS; i++) {
		struct reply reply;
		send_post(&fixture, fd);
		client_read(fd, false, &reply);
		assert_int_equal(reply.status, 201);
		reply_done(&reply);
	}
	close(fd);
	fixture_close(&fixture);
}

/* How often the event is in the log, and the sum of this number in its lines. */
static int told(const char *log, const char *event, const char *name, long *ret_sum)
{
	int lines = 0;
	*ret_sum = 0;
	for (const char *at = log; (at = strstr(at, event)); at++, lines++) {
		const char *number = strstr(at, name);
		assert_true(number && number < strchr(at, '\n'));
		*ret_sum += atol(number + strlen(name));
	}
	return lines;
}

static bool is_told(const struct fixture *fixture, long count, int *ret_lines)
{
	long sum;
	char *log = json_swap(server_log(&fixture->server));
	*ret_lines = told(log, "'turned away because", "'requests':", &sum);
	assert_null(strstr(log, "request failed"));
	free(log);
	return sum >= count;
}

static void refusals_are_told_together(void **state)
{
	(void)state;
	enum { REFUSED = 400 };
	struct fixture fixture;
	int lines;
	fixture_open(&fixture, "server.refused_pause_ms=0");
	for (int i = 0; i < REFUSED; i++)
		expect(&fixture, "POST", "/api/v1/posts", NULL, "{}", 503);
	AWAIT(is_told(&fixture, REFUSED + 1, &lines));
	assert_in_range(lines, 1, REFUSED / 4);
	fixture_go_on(&fixture);
	fixture_close(&fixture);
}

enum { LONG_POSTS = 60, LONG_POST = 20000 };

/* So many posts of so many bytes that a list of them is larger than 1 MiB. */
static void add_long_posts(struct fixture *fixture)
{
	char *body = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&body, &len);
	fputs("{'items':[", out);
	for (int i = 0; i < LONG_POSTS; i++)
		fprintf(out, "%s{'title':'a','content':'%0*d'}", i ? "," : "", LONG_POST, i);
	fputs("]}", out);
	fclose(out);
	expect(fixture, "POST", "/api/v1/posts/batch", fixture->server.token, body, 201);
	free(body);
}

static void answers_that_never_fit_are_told_together(void **state)
{
	(void)state;
	enum { REFUSED = 8 };
	struct fixture fixture = { 0 };
	int lines;
	server_start(&fixture.server,
		     (const char *const[]){ "server.answer_memory=1MiB", "server.max_body=4MiB",
					    "server.body_memory=256MiB", NULL });
	server_sign_in(&fixture.server);
	add_long_posts(&fixture);
	for (int i = 0; i < REFUSED; i++)
		expect(&fixture, "GET", "/api/v1/posts?per_page=100", fixture.server.token, NULL,
		       503);
	AWAIT(is_told(&fixture, REFUSED, &lines));
	server_end(&fixture.server);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("without room a write is refused before its token and its body are looked at",
		    refused_before_token_and_body),
		ROW("the body of what is refused is not waited for", a_body_is_not_waited_for),
		ROW("a busy server says when to come again, and keeps the connection",
		    the_answer_says_when_to_come_again),
		ROW("a busy server still says 404, 405 and 413", faults_of_the_head_come_first),
		ROW("health, readiness and reads go on in a server without room",
		    what_needs_no_room_goes_on),
		ROW("small bodies that become large inputs have the room of bodies and no more",
		    what_bodies_become_is_bounded),
		ROW("who is refused hears of it after a pause", a_refusal_waits),
		ROW("who is refused once the password was looked at hears of it after a pause, too",
		    a_late_refusal_waits),
		ROW("whoever has an answer finds the room that the request took",
		    an_answer_makes_room),
		ROW("who is turned away is counted and told of once a second, without a line each",
		    refusals_are_told_together),
		ROW("who asks for more than the server can hold is counted with them",
		    answers_that_never_fit_are_told_together),
		ROW("refusals that wait hold up neither others nor a stop",
		    refusals_that_wait_hold_up_nothing),
	};
	return rows_run("core/http/load", rows, sizeof(rows) / sizeof(rows[0]));
}
