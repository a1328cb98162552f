/* threaded */
/*
 * Starts that are disturbed: PostgreSQL ends the session in the middle of one, or several servers
 * start at once on one database.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "testing/client.h"
#include "testing/postgres.h"
#include "testing/server.h"

enum { STARTS = 4, SET_ROOM = POSTGRES_URL_ROOM + 32 };

struct fixture {
	struct server server;
	char url[POSTGRES_URL_ROOM];
};

static void fixture_open(struct fixture *fixture)
{
	char set[SET_ROOM];
	postgres_database(fixture->url);
	snprintf(set, sizeof(set), "database.url=%s", fixture->url);
	server_start(&fixture->server, (const char *const[]){ set, NULL });
}

/* ---- a session that ends while a server starts ---- */

/* A number that is drawn stays drawn when the session that drew it is gone. */
#define SQL_DIE_IN_MIGRATIONS \
	"CREATE SEQUENCE deaths; CREATE FUNCTION die_twice() RETURNS event_trigger" \
	" LANGUAGE plpgsql AS $$ BEGIN IF nextval('public.deaths') <= 2 THEN" \
	" PERFORM pg_terminate_backend(pg_backend_pid()); END IF; END $$;" \
	" CREATE EVENT TRIGGER die_twice ON ddl_command_end EXECUTE FUNCTION die_twice()"
#define SQL_DIE_AT_FIRST_USER \
	"DELETE FROM users; CREATE SEQUENCE deaths; CREATE FUNCTION die_once() RETURNS trigger" \
	" LANGUAGE plpgsql AS $$ BEGIN IF nextval('public.deaths') <= 1 THEN" \
	" PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NULL; END $$;" \
	" CREATE CONSTRAINT TRIGGER die_once AFTER INSERT ON users%s" \
	" FOR EACH ROW EXECUTE FUNCTION die_once()"

static void log_has(const struct server *server, const char *text)
{
	char *log = server_log(server);
	if (!strstr(log, text))
		fail_msg("no '%s' in the log:\n%s", text, log);
	free(log);
}

static void a_session_that_ends_in_migrations_is_not_the_end(void **state)
{
	(void)state;
	struct server server;
	char url[POSTGRES_URL_ROOM], set[SET_ROOM];
	postgres_database(url);
	postgres_sql(url, SQL_DIE_IN_MIGRATIONS);
	snprintf(set, sizeof(set), "database.url=%s", url);
	server_start(&server, (const char *const[]){ set, NULL });
	log_has(&server, "what the start needs is not ready; trying again");
	server_sign_in(&server);
	server_end(&server);
}

/* state: when the session ends, " DEFERRABLE INITIALLY DEFERRED" in COMMIT */
static void a_session_that_ends_in_a_hook_is_not_the_end(void **state)
{
	struct fixture fixture;
	char sql[512], set[SET_ROOM];
	fixture_open(&fixture);
	assert_int_equal(server_stop(&fixture.server), 0);
	snprintf(sql, sizeof(sql), SQL_DIE_AT_FIRST_USER, (const char *)*state);
	postgres_sql(fixture.url, sql);
	snprintf(set, sizeof(set), "database.url=%s", fixture.url);
	server_restart(&fixture.server, (const char *const[]){ set, NULL });
	log_has(&fixture.server, "what the start needs is not ready; trying again");
	server_sign_in(&fixture.server);
	server_end(&fixture.server);
}

static void a_password_that_may_be_in_use_is_shown(void **state)
{
	(void)state;
	struct fixture fixture;
	char sql[512], set[SET_ROOM];
	fixture_open(&fixture);
	assert_int_equal(server_stop(&fixture.server), 0);
	snprintf(sql, sizeof(sql), SQL_DIE_AT_FIRST_USER, " DEFERRABLE INITIALLY DEFERRED");
	postgres_sql(fixture.url, sql);
	snprintf(set, sizeof(set), "database.url=%s", fixture.url);
	server_restart(&fixture.server,
		       (const char *const[]){ set, "first_superuser.password=", NULL });
	log_has(&fixture.server, "The first superuser may have been created");
	log_has(&fixture.server, "The first superuser was created");
	server_end(&fixture.server);
}

/* ---- servers that start at once ---- */

struct start {
	struct server server;
	char set[SET_ROOM];
};

static int64_t users_total(struct server *server)
{
	struct reply reply;
	client_call(server,
		    &(struct request){
			    .method = "GET", .target = "/api/v1/users", .token = server->token },
		    &reply);
	if (reply.status != 200)
		fail_msg("%d %s", reply.status, reply.body);
	int64_t total = reply_int(&reply, "total");
	reply_done(&reply);
	return total;
}

/* Each has a folder of its own. One that does not start ends the program with its log. */
static void start_at_once(struct start starts[STARTS], const char *url)
{
	for (int i = 0; i < STARTS; i++) {
		snprintf(starts[i].set, sizeof(starts[i].set), "database.url=%s", url);
		server_begin(&starts[i].server, (const char *const[]){ starts[i].set, NULL });
	}
	for (int i = 0; i < STARTS; i++)
		server_await(&starts[i].server);
}

static void one_superuser_is_made(struct start starts[STARTS])
{
	for (int i = 0; i < STARTS; i++) {
		server_sign_in(&starts[i].server);
		assert_int_equal(users_total(&starts[i].server), 1);
	}
	for (int i = 0; i < STARTS; i++)
		server_end(&starts[i].server);
}

static void servers_start_at_once_on_postgresql(void **state)
{
	(void)state;
	struct start starts[STARTS] = { 0 };
	char url[POSTGRES_URL_ROOM];
	postgres_schema(url);
	start_at_once(starts, url);
	one_superuser_is_made(starts);
}

static void servers_start_at_once_on_a_file(void **state)
{
	(void)state;
	struct start starts[STARTS] = { 0 };
	char folder[] = "/tmp/croft-file-XXXXXX", url[64], command[64];
	assert_non_null(mkdtemp(folder));
	snprintf(url, sizeof(url), "sqlite:%s/croft.db", folder);
	start_at_once(starts, url);
	one_superuser_is_made(starts);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
}

static const struct CMUnitTest rows[] = {
	ROW("a session that PostgreSQL ends in migrations is not the end of a start",
	    a_session_that_ends_in_migrations_is_not_the_end),
	ROW_OF("nor is one that it ends while the first superuser is made",
	       a_session_that_ends_in_a_hook_is_not_the_end, ""),
	ROW_OF("nor is one that it ends in the COMMIT of that",
	       a_session_that_ends_in_a_hook_is_not_the_end, " DEFERRABLE INITIALLY DEFERRED"),
	ROW("a password that may be somebody's by now is shown",
	    a_password_that_may_be_in_use_is_shown),
	ROW("servers that start at once on one schema all serve, with one superuser",
	    servers_start_at_once_on_postgresql),
	ROW("servers that start at once on one file all serve, with one superuser",
	    servers_start_at_once_on_a_file),
};

int main(void)
{
	return rows_run("app/serve_starts", rows, sizeof(rows) / sizeof(rows[0]));
}
