/*
 * Refresh tokens of a running server: asked for many at once, and by a server that is killed
 * meanwhile. Whoever asks again gets the same successor, and nobody is signed out. TEST_KILLS says
 * how often it is killed, tools/check-long more often.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/attr.h"
#include "testing/client.h"
#include "testing/postgres.h"
#include "testing/server.h"

enum { AT_ONCE = 50, SESSIONS = 6, KILLS = 5, TEXT_ROOM = 128 };

/* More time than any restart takes. */
#define LONG_GRACE "auth.refresh_grace_seconds=300"

static void sign_in(const struct server *server, char token[TEXT_ROOM])
{
	struct reply reply;
	client_call(
		server,
		&(struct request){ .method = "POST",
				   .target = "/api/v1/auth/login",
				   .body = "{'login':'admin','password':'" SERVER_PASSWORD "'}" },
		&reply);
	assert_int_equal(reply.status, 200);
	assert_string_not_equal(reply_text(&reply, "refresh_token", token, TEXT_ROOM), "");
	reply_done(&reply);
}

/* On a connection that is open already: nobody waits for what is answered. */
static void refresh_send(int fd, const char *token)
{
	char text[512], body[TEXT_ROOM + 32];
	int len = snprintf(body, sizeof(body), "{\"refresh_token\":\"%s\"}", token);
	len = snprintf(text, sizeof(text),
		       "POST /api/v1/auth/refresh-token HTTP/1.1\r\nHost: a\r\n"
		       "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		       len, body);
	client_send(fd, text, (size_t)len);
}

/* The status, and the token that came; "": none did. Closes the connection. */
static int refresh_read(int fd, char token[TEXT_ROOM])
{
	struct reply reply;
	client_read(fd, false, &reply);
	int status = reply.status;
	*token = '\0';
	if (status == 200)
		reply_text(&reply, "refresh_token", token, TEXT_ROOM);
	reply_done(&reply);
	close(fd);
	return status;
}

static int refresh(const struct server *server, const char *token, char ret[TEXT_ROOM])
{
	int fd = client_open(server);
	refresh_send(fd, token);
	return refresh_read(fd, ret);
}

/* How many the account has that live. */
static int sessions_count(const struct server *server)
{
	struct reply reply = client_ask(server, "GET", "/api/v1/auth/sessions", NULL);
	int count = 0;
	assert_int_equal(reply.status, 200);
	for (const char *at = reply.body; (at = strstr(at, "\"is_current\"")); at++)
		count++;
	reply_done(&reply);
	return count;
}

/* ---- many at once ---- */

static void ask_at_once(const struct server *server, const char *token, char ret[TEXT_ROOM])
{
	int fds[AT_ONCE];
	char other[TEXT_ROOM];
	for (int i = 0; i < AT_ONCE; i++)
		fds[i] = client_open(server);
	for (int i = 0; i < AT_ONCE; i++)
		refresh_send(fds[i], token);
	assert_int_equal(refresh_read(fds[0], ret), 200);
	for (int i = 1; i < AT_ONCE; i++) {
		assert_int_equal(refresh_read(fds[i], other), 200);
		assert_string_equal(other, ret);
	}
}

/* The one that they all got is good, and once it was used the first is nobody's any more. */
static void one_successor(const char *const *sets)
{
	struct server server;
	char first[TEXT_ROOM], second[TEXT_ROOM], third[TEXT_ROOM], none[TEXT_ROOM];
	server_start(&server, sets);
	server_sign_in(&server);
	sign_in(&server, first);
	ask_at_once(&server, first, second);
	assert_string_not_equal(second, first);
	assert_int_equal(sessions_count(&server), 2);
	assert_int_equal(refresh(&server, second, third), 200);
	assert_int_equal(refresh(&server, first, none), 400);
	assert_int_equal(refresh(&server, third, none), 400);
	assert_int_equal(sessions_count(&server), 1);
	server_end(&server);
}

/* ---- killed meanwhile ---- */

struct holder {
	/* What he has, and what he was given before the server was killed; "": nothing. */
	char token[TEXT_ROOM], given[TEXT_ROOM];
	int fd;
};

static void all_ask(const struct server *server, struct holder holders[SESSIONS])
{
	for (int i = 0; i < SESSIONS; i++)
		holders[i].fd = client_open(server);
	for (int i = 0; i < SESSIONS; i++)
		refresh_send(holders[i].fd, holders[i].token);
}

/* One was answered; of the others whatever has come until then. */
static void all_lose_it(struct server *server, struct holder holders[SESSIONS], int answered)
{
	assert_int_equal(refresh_read(holders[answered].fd, holders[answered].given), 200);
	server_kill(server);
	for (int i = 0; i < SESSIONS; i++)
		if (i != answered)
			refresh_read(holders[i].fd, holders[i].given);
}

static void all_get_it_again(const struct server *server, struct holder holders[SESSIONS])
{
	char token[TEXT_ROOM];
	all_ask(server, holders);
	for (int i = 0; i < SESSIONS; i++) {
		assert_int_equal(refresh_read(holders[i].fd, token), 200);
		if (*holders[i].given)
			assert_string_equal(token, holders[i].given);
		memcpy(holders[i].token, token, sizeof(token));
	}
}

static int kills(void)
{
	const char *count = getenv("TEST_KILLS");
	return count && *count ? atoi(count) : KILLS;
}

static void nobody_is_signed_out(const char *const *sets)
{
	struct server server;
	struct holder holders[SESSIONS] = { 0 };
	server_start(&server, sets);
	server_sign_in(&server);
	for (int i = 0; i < SESSIONS; i++)
		sign_in(&server, holders[i].token);
	for (int round = 0; round < kills(); round++) {
		all_ask(&server, holders);
		all_lose_it(&server, holders, round % SESSIONS);
		server_restart(&server, sets);
		all_get_it_again(&server, holders);
	}
	all_ask(&server, holders);
	for (int i = 0; i < SESSIONS; i++)
		assert_int_equal(refresh_read(holders[i].fd, holders[i].token), 200);
	/* by a new sign-in: the token of before may be over */
	server_sign_in(&server);
	assert_int_equal(sessions_count(&server), SESSIONS + 2);
	server_end(&server);
}

/* ---- on both databases ---- */

typedef void on_sets(const char *const *sets);

static void on_sqlite(void **state)
{
	on_sets *const *run = *state;
	(*run)((const char *const[]){ LONG_GRACE, NULL });
}

static void on_postgres(void **state)
{
	on_sets *const *run = *state;
	char url[POSTGRES_URL_ROOM], set[POSTGRES_URL_ROOM + 16];
	postgres_database(url);
	snprintf(set, sizeof(set), "database.url=%s", url);
	(*run)((const char *const[]){ LONG_GRACE, set, NULL });
}

int main(void)
{
	static on_sets *const at_once = one_successor, *const killed = nobody_is_signed_out;
	const struct CMUnitTest rows[] = {
		ROW_OF("S11 fifty at once get one successor", on_sqlite, &at_once),
		ROW_OF("S11 and so they do on PostgreSQL", on_postgres, &at_once),
		ROW_OF("S11 a server that is killed signs nobody out", on_sqlite, &killed),
		ROW_OF("S11 nor does it on PostgreSQL", on_postgres, &killed),
	};
	return rows_run("app/serve_refresh", rows, COUNT_OF(rows));
}
