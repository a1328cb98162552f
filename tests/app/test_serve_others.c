/*
 * A server whose database file another program uses: what it locks makes writes wait and then be
 * refused with 503, and reads go on. The other program is this test, with SQLite itself.
 */
#include "testing/rows.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "testing/client.h"
#include "testing/server.h"

struct fixture {
	struct server server;
	sqlite3 *other;
};

static void other_does(struct fixture *fixture, const char *sql)
{
	char *why = NULL;
	if (sqlite3_exec(fixture->other, sql, NULL, NULL, &why))
		fail_msg("%s: %s", sql, why);
}

static void fixture_open(struct fixture *fixture)
{
	char path[128];
	server_start(&fixture->server, (const char *const[]){ "database.busy_ms=50", NULL });
	server_sign_in(&fixture->server);
	snprintf(path, sizeof(path), "%s/croft.db", fixture->server.folder);
	assert_int_equal(sqlite3_open(path, &fixture->other), SQLITE_OK);
	other_does(fixture, "PRAGMA busy_timeout = 20000");
}

static void fixture_close(struct fixture *fixture)
{
	sqlite3_close(fixture->other);
	server_end(&fixture->server);
}

static void expect(struct fixture *fixture, const char *method, const char *target,
		   const char *body, int status)
{
	struct reply reply = client_ask(&fixture->server, method, target, body);
	if (reply.status != status)
		fail_msg("%s %s: %d, not %d: %s", method, target, reply.status, status, reply.body);
	reply_done(&reply);
}

#define POST_JSON "{'title':'T','tags':['t']}"

/* state: the statement with which the other program takes the file. */
static void a_foreign_transaction_makes_writes_busy(void **state)
{
	struct fixture fixture;
	fixture_open(&fixture);
	expect(&fixture, "POST", "/api/v1/posts", POST_JSON, 201);
	other_does(&fixture, *state);
	other_does(&fixture, "UPDATE posts SET title = 'taken back'");
	for (int i = 0; i < 3; i++) {
		struct reply reply = client_ask(&fixture.server, "POST", "/api/v1/posts",
						POST_JSON);
		assert_int_equal(reply.status, 503);
		assert_string_equal(reply_header(&reply, "Retry-After"), "1");
		assert_non_null(strstr(reply.body, "the database is busy"));
		reply_done(&reply);
		expect(&fixture, "GET", "/api/v1/posts?include=tags", NULL, 200);
	}
	expect(&fixture, "GET", "/health/ready", NULL, 200);
	other_does(&fixture, "ROLLBACK");
	expect(&fixture, "PATCH", "/api/v1/posts/1", "{'content':'C'}", 200);
	expect(&fixture, "POST", "/api/v1/posts", POST_JSON, 201);
	struct reply reply = client_ask(&fixture.server, "GET", "/api/v1/posts?q=T", NULL);
	assert_int_equal(reply_int(&reply, "total"), 2);
	reply_done(&reply);
	fixture_close(&fixture);
}

static void what_others_commit_is_seen_at_once(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture);
	expect(&fixture, "POST", "/api/v1/posts", POST_JSON, 201);
	expect(&fixture, "GET", "/api/v1/posts", NULL, 200);
	other_does(&fixture, "INSERT INTO posts (author_id, title, created_at, updated_at)"
			     " SELECT author_id, 'by another program', 1, 1 FROM posts");
	struct reply reply = client_ask(&fixture.server, "GET", "/api/v1/posts", NULL);
	assert_non_null(strstr(reply.body, "by another program"));
	reply_done(&reply);
	fixture_close(&fixture);
}

static const struct CMUnitTest rows[] = {
	ROW_OF("another program's BEGIN IMMEDIATE makes writes 503 with Retry-After, and reads go "
	       "on",
	       a_foreign_transaction_makes_writes_busy, "BEGIN IMMEDIATE"),
	ROW_OF("another program's BEGIN EXCLUSIVE makes writes 503 with Retry-After, and reads go "
	       "on",
	       a_foreign_transaction_makes_writes_busy, "BEGIN EXCLUSIVE"),
	ROW("what another program commits is seen at once", what_others_commit_is_seen_at_once),
};

int main(void)
{
	return rows_run("app/serve_others", rows, sizeof(rows) / sizeof(rows[0]));
}
