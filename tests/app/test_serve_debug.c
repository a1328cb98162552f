/*
 * A fault of the program, provoked by changing the tables under a running server: in the
 * environment local the answer says the cause, the statement and the place, elsewhere not a byte of
 * it; nowhere what was sent.
 */
#include "testing/rows.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "testing/client.h"
#include "testing/json.h"
#include "testing/program.h"
#include "testing/server.h"

#define SECRET "0123456789abcdef0123456789abcdef"
#define CANARY "canary_bound"
#define SENT_PASSWORD "tall green lantern"
#define NEW_USER \
	"{'username':'" CANARY "'," \
	"'email':'" CANARY "@example.com','password':'" SENT_PASSWORD "'}"
#define BROWSER "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
#define STRICT_CSP "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"

/* What no answer to a fault holds outside local. */
static const char *const told[] = { "'debug'",   "no such table", "SELECT", "INSERT", "src/",
				    "fault<of>", "users.",        ".c:",    "SQLite", "<html" };

static void break_tables(const struct server *server, const char *sql)
{
	char path[128];
	sqlite3 *db;
	snprintf(path, sizeof(path), "%s/croft.db", server->folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 120000);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void start_broken(struct server *server, const char *environment)
{
	char set[64];
	snprintf(set, sizeof(set), "app.environment=%s", environment);
	server_start(server, (const char *const[]){ set, "database.migrate=always",
						    "auth.secret=" SECRET, NULL });
	server_sign_in(server);
	break_tables(server, "CREATE TABLE side (\"fault<of>&'a\" TEXT NOT NULL);"
			     "CREATE TRIGGER broken BEFORE INSERT ON users BEGIN"
			     " INSERT INTO side VALUES (NULL); END;"
			     "DROP TABLE posts");
}

/* A 500 that holds nothing of what was sent with it. */
static struct reply ask(const struct server *server, const char *method, const char *target,
			const char *headers, const char *body)
{
	struct reply reply;
	client_call(server,
		    &(struct request){ .method = method,
				       .target = target,
				       .headers = headers,
				       .body = body,
				       .token = server->token },
		    &reply);
	if (reply.status != 500)
		fail_msg("%d %s", reply.status, reply.body);
	text_assert_lacks(reply.body, CANARY);
	text_assert_lacks(reply.body, SENT_PASSWORD);
	text_assert_lacks(reply.body, "argon2");
	text_assert_lacks(reply.body, server->token);
	text_assert_lacks(reply.body, SECRET);
	return reply;
}

static void local_tells(const struct server *server, const char *headers, const char *type)
{
	struct reply reply = ask(server, "GET", "/api/v1/posts?title=" CANARY "&sort=id", headers,
				 NULL);
	assert_string_equal(reply_header(&reply, "Content-Type"), type);
	text_assert_has(reply.head, STRICT_CSP);
	assert_json_has(reply.body, "'detail':'Internal Server Error'");
	assert_json_has(reply.body, "'request_id':");
	assert_json_has(reply.body, "'debug':{'cause':'SQLite: no such table: ");
	assert_json_has(reply.body, "'statement':'SELECT ");
	assert_json_has(reply.body, "'place':'src/core/sqlite/error.c:");
	assert_json_has(reply.body, "'operation':'posts.list'");
	assert_json_has(reply.body, "'route':'GET /api/v1/posts'");
	reply_done(&reply);
}

static void a_client_is_told(void **state)
{
	struct server server;
	(void)state;
	start_broken(&server, "local");
	local_tells(&server, NULL, "application/json");
	local_tells(&server, "Accept: application/problem+json\r\n", "application/problem+json");
	server_end(&server);
}

static void a_write_is_told_without_its_values(void **state)
{
	struct server server;
	(void)state;
	start_broken(&server, "local");
	struct reply reply = ask(&server, "POST", "/api/v1/users", NULL, NEW_USER);
	text_assert_has(reply.body, "fault<of>&'a");
	assert_json_has(reply.body, "'statement':'INSERT INTO users ");
	text_assert_has(reply.body, "VALUES ($1, $2");
	assert_json_has(reply.body, "'operation':'users.create'");
	reply_done(&reply);
	server_end(&server);
}

static void a_browser_gets_a_page(void **state)
{
	struct server server;
	(void)state;
	start_broken(&server, "local");
	struct reply reply = ask(&server, "POST", "/api/v1/users",
				 BROWSER "Content-Type: application/json\r\n", NEW_USER);
	assert_string_equal(reply_header(&reply, "Content-Type"), "text/html; charset=utf-8");
	text_assert_has(reply.head,
			"Content-Security-Policy: default-src 'none'; style-src 'self'; ");
	text_assert_lacks(reply.head, "unsafe");
	text_assert_has(reply.body, "fault&lt;of&gt;&amp;&#39;a");
	text_assert_lacks(reply.body, "fault<of>");
	text_assert_has(reply.body, "<pre>INSERT INTO users ");
	text_assert_has(reply.body, "<pre>users.create</pre>");
	text_assert_has(reply.body, "<pre>src/core/");
	reply_done(&reply);
	server_end(&server);
}

static void another_fault_is_as_ever(void **state)
{
	struct server server;
	struct reply reply;
	(void)state;
	start_broken(&server, "local");
	client_call(&server,
		    &(struct request){ .method = "GET",
				       .target = "/api/v1/users/99",
				       .headers = BROWSER,
				       .token = server.token },
		    &reply);
	assert_int_equal(reply.status, 404);
	assert_string_equal(reply_header(&reply, "Content-Type"), "application/json");
	text_assert_lacks(reply.body, "debug");
	reply_done(&reply);
	server_end(&server);
}

static void elsewhere_nothing_is_told(void **state)
{
	static const char *const headers[] = { NULL, "Accept: application/problem+json\r\n",
					       BROWSER };
	struct server server;
	start_broken(&server, *state);
	for (size_t i = 0; i < COUNT_OF(headers); i++) {
		char with_type[256];
		snprintf(with_type, sizeof(with_type), "%sContent-Type: application/json\r\n",
			 headers[i] ? headers[i] : "");
		struct reply replies[] = {
			ask(&server, "GET", "/api/v1/posts", headers[i], NULL),
			ask(&server, "POST", "/api/v1/users", with_type, NEW_USER),
		};
		for (size_t j = 0; j < COUNT_OF(replies); j++) {
			for (size_t k = 0; k < COUNT_OF(told); k++)
				assert_json_lacks(replies[j].body, told[k]);
			text_assert_has(replies[j].head, STRICT_CSP);
			assert_json_has(replies[j].body, "'detail':'Internal Server Error'");
			reply_done(&replies[j]);
		}
	}
	server_end(&server);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("in local a 500 tells its cause, statement, place and operation in both forms "
		    "of errors",
		    a_client_is_told),
		ROW("in local a 500 of a write tells the statement without what was bound to it",
		    a_write_is_told_without_its_values),
		ROW("in local a browser gets a page about a 500, with all of it escaped",
		    a_browser_gets_a_page),
		ROW("in local other errors are as everywhere", another_fault_is_as_ever),
		ROW_OF("in staging a 500 tells nothing", elsewhere_nothing_is_told, "staging"),
		ROW_OF("in production a 500 tells nothing", elsewhere_nothing_is_told,
		       "production"),
	};
	return rows_run("app/serve debug", rows, COUNT_OF(rows));
}
