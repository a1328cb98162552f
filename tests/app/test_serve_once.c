/*
 * A server that is killed while changes with keys are under way: once all were asked for again,
 * each was made once.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/attr.h"
#include "testing/client.h"
#include "testing/postgres.h"
#include "testing/server.h"

enum { ROUNDS = 5, POSTS = 12 };

struct sender {
	struct server *server;
	int fds[POSTS];
};

/* On a connection that is open already: nobody waits for what is answered. */
static void post_send(struct sender *sender, int round, int i)
{
	char text[1024], body[64];
	int len = snprintf(body, sizeof(body), "{\"title\":\"%d %d\"}", round, i);
	len = snprintf(text, sizeof(text),
		       "POST /api/v1/posts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
		       "Content-Type: application/json\r\nIdempotency-Key: \"%d %d\"\r\n"
		       "Content-Length: %d\r\n\r\n%s",
		       sender->server->token, round, i, len, body);
	client_send(sender->fds[i], text, (size_t)len);
}

static void all_send(struct sender *sender, int round)
{
	for (int i = 0; i < POSTS; i++)
		sender->fds[i] = client_open(sender->server);
	for (int i = 0; i < POSTS; i++)
		post_send(sender, round, i);
}

static void all_close(struct sender *sender)
{
	for (int i = 0; i < POSTS; i++)
		close(sender->fds[i]);
}

/* How many were answered before by a server that is dead now. */
static int all_succeed(struct sender *sender)
{
	int replayed = 0;
	for (int i = 0; i < POSTS; i++) {
		struct reply reply;
		client_read(sender->fds[i], false, &reply);
		assert_int_equal(reply.status, 201);
		replayed += reply_header(&reply, "Idempotency-Replayed") != NULL;
		reply_done(&reply);
	}
	return replayed;
}

static void what_was_under_way_is_made_once(struct server *server, const char *const *sets)
{
	struct sender sender = { .server = server };
	struct reply reply;
	int replayed = 0;
	server_start(server, sets);
	server_sign_in(server);
	for (int round = 0; round < ROUNDS; round++) {
		all_send(&sender, round);
		/* some are done, others not */
		client_read(sender.fds[round], false, &reply);
		reply_done(&reply);
		server_kill(server);
		all_close(&sender);
		server_restart(server, sets);
		all_send(&sender, round);
		replayed += all_succeed(&sender);
		all_close(&sender);
	}
	assert_true(replayed >= ROUNDS);
	reply = client_ask(server, "GET", "/api/v1/posts?per_page=1", NULL);
	assert_int_equal(reply_int(&reply, "total"), ROUNDS * POSTS);
	reply_done(&reply);
	server_end(server);
}

static void on_sqlite(void **state)
{
	(void)state;
	struct server server;
	what_was_under_way_is_made_once(&server, NULL);
}

/* Writes of a server that is gone may be at work there a little longer. */
static void on_postgres(void **state)
{
	(void)state;
	struct server server;
	char url[POSTGRES_URL_ROOM], set[POSTGRES_URL_ROOM + 16];
	postgres_database(url);
	snprintf(set, sizeof(set), "database.url=%s", url);
	what_was_under_way_is_made_once(&server, (const char *const[]){ set, NULL });
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("S53 changes with keys under a server that is killed are made once", on_sqlite),
		ROW("S53 and so they are on PostgreSQL", on_postgres),
	};
	return rows_run("app/serve_once", rows, COUNT_OF(rows));
}
