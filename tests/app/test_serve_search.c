/*
 * kill -9 of a server whose posts are searched: whatever was acknowledged is found by its words, at
 * once and after the next start, whether the full-text index had it or not. The kills come after
 * few posts, after about as many as one step of indexing takes, and after several steps.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "testing/client.h"
#include "testing/server.h"

static void post(const struct server *server, size_t round, int number)
{
	char body[160];
	snprintf(body, sizeof(body), "{'title':'Round%zu','content':'number%zux%d and words'}",
		 round, round, number);
	struct reply reply = client_ask(server, "POST", "/api/v1/posts", body);
	assert_int_equal(reply.status, 201);
	reply_done(&reply);
}

static long found(const struct server *server, const char *q)
{
	char target[96];
	snprintf(target, sizeof(target), "/api/v1/posts?per_page=1&q=%s", q);
	struct reply reply = client_ask(server, "GET", target, NULL);
	assert_int_equal(reply.status, 200);
	long total = reply_int(&reply, "total");
	reply_done(&reply);
	return total;
}

static void is_found(const struct server *server, size_t round, int posts)
{
	char q[48];
	snprintf(q, sizeof(q), "round%zu%%20wor", round);
	assert_int_equal(found(server, q), posts);
	for (int i = 0; i < posts; i += 1 + i / 20) {
		snprintf(q, sizeof(q), "number%zux%d%%20and", round, i);
		assert_true(found(server, q) >= 1);
	}
}

static void what_was_acknowledged_is_found(void **state)
{
	(void)state;
	static const int posts[] = { 1, 3, 99, 101, 350, 7 };
	struct server server;
	server_start(&server, NULL);
	server_sign_in(&server);
	for (size_t round = 0; round < COUNT_OF(posts); round++) {
		for (int i = 0; i < posts[round]; i++)
			post(&server, round, i);
		is_found(&server, round, posts[round]);
		server_kill(&server);
		server_restart(&server, NULL);
		server_sign_in(&server);
		for (size_t before = 0; before <= round; before++)
			is_found(&server, before, posts[before]);
	}
	assert_int_equal(server_stop(&server), 0);
	server_end(&server);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("posts that were acknowledged are found, however often the server is killed",
		    what_was_acknowledged_is_found),
	};
	return rows_run("app serve_search", rows, COUNT_OF(rows));
}
