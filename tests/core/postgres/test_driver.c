/*
 * What only PostgreSQL has: a pool, deadlines across a connection, connections that die, secrets in
 * a URL.
 */
#include "core/db/store.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <unistd.h>

#include "core/log.h"
#include "dates.h"
#include "lost.h"
#include "testing/postgres.h"
#include "testing/program.h"

/* threaded */

static struct store store;

static void open_with(struct db_options options)
{
	store_is_postgres = true;
	store_open_with(&store, options);
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

static enum app_err query(const char *sql)
{
	AUTO(db_rows) rows = { 0 };
	ctx_recover(&store.scene.c);
	return db_query(&store.scene.c, sql, BIND(), &rows);
}

/* ---- the pool ---- */

static void full_pool_is_told_in_time(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 1, .acquire_ms = 100 });
	struct gate gate;
	struct job holder;
	gate_hold(&store, &gate, &holder);
	assert_int_equal(query("SELECT 1"), APP_UNAVAILABLE);
	assert_int_equal(store.scene.c.failure.retry_after_s, 1);
	assert_int_equal(db_ping(&store.scene.c), APP_UNAVAILABLE);
	gate_release(&gate, &holder, 0);
	store_int_soon(&store, "SELECT 1");
}

/* ---- what is acknowledged is on the disk ---- */

struct flush_case {
	const char *of_role;
	const char *in_url; /* NULL: says nothing */
	const char *is;
};

static enum app_err read_flush(struct ctx *c, void *arg)
{
	AUTO(db_rows) rows = { 0 };
	bool there = false;
	enum app_err err = db_query_first(c, "SELECT current_setting('synchronous_commit')", BIND(),
					  &rows, &there);
	if (!err && there)
		snprintf(arg, 32, "%s", db_column_text(&rows, 0, NULL));
	return err;
}

static void a_write_is_flushed(void **state)
{
	const struct flush_case *k = *state;
	char url[POSTGRES_URL_ROOM], sql[128], whole[POSTGRES_URL_ROOM + 64];
	char in_write[32] = "", in_read[32] = "";
	postgres_database(url);
	snprintf(sql, sizeof(sql), "ALTER ROLE croft SET synchronous_commit = %s", k->of_role);
	postgres_sql(url, sql);
	snprintf(whole, sizeof(whole), "%s%s%s", url,
		 k->in_url ? "?options=-csynchronous_commit%3D" : "", k->in_url ? k->in_url : "");
	open_with((struct db_options){ .url = whole });
	enum app_err err = db_write(&store.scene.c, read_flush, in_write);
	/* it is the session's: no write has to say so */
	enum app_err read_err = read_flush(&store.scene.c, in_read);
	postgres_sql(url, "ALTER ROLE croft RESET synchronous_commit");
	must(err);
	must(read_err);
	assert_string_equal(in_write, k->is);
	assert_string_equal(in_read, k->is);
}

/* In the spelling of core/db, whatever the role would see. */
static void a_date_is_a_date(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM];
	postgres_database(url);
	postgres_sql(url, "ALTER ROLE croft SET DateStyle = 'German'");
	open_with((struct db_options){ .url = url });
	dates_are_ours(&store);
	postgres_sql(url, "ALTER ROLE croft RESET DateStyle");
}

static void open_rows_hold_no_connection(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 1 });
	const char *sql = "SELECT 1 UNION ALL SELECT 2";
	int64_t sum = 0;
	AUTO(db_rows) outer = { 0 };
	must(db_query(&store.scene.c, sql, BIND(), &outer));
	for (bool has; !db_rows_next(&outer, &has) && has;)
		sum += db_column_int(&outer, 0) * store_int(&store, "SELECT 10");
	assert_int_equal(sum, 30);
}

static void writes_run_at_the_same_time(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 4 });
	struct gate one, two;
	struct job first, second;
	gate_hold(&store, &one, &first);
	gate_hold(&store, &two, &second); /* would wait for ever behind the first */
	gate_release(&two, &second, 0);
	gate_release(&one, &first, 0);
}

static void min_above_max_is_refused(void **state)
{
	(void)state;
	struct scene scene;
	struct db *db = NULL;
	scene_open(&scene);
	const struct db_options options = { .url = "postgresql://x@127.0.0.1:1/x",
					    .pool_min = 3,
					    .pool_max = 2 };
	assert_int_equal(db_open(&scene.c, &options, &db), APP_INVALID);
	scene_close(&scene);
}

static void statements_are_bounded(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 1 });
	char sql[64];
	for (int i = 0; i < 300; i++) {
		snprintf(sql, sizeof(sql), "SELECT %d", i);
		assert_int_equal(store_int(&store, sql), i);
	}
	assert_true(store_int(&store, "SELECT count(*) FROM pg_prepared_statements") <= 128);
	int64_t before = store_int(&store, "SELECT count(*) FROM pg_prepared_statements");
	store_int(&store, "SELECT 299");
	assert_int_equal(store_int(&store, "SELECT count(*) FROM pg_prepared_statements"), before);
}

/* ---- values ---- */

/* It would end there for the server. */
static void json_with_a_nul_is_refused(void **state)
{
	(void)state;
	static const char json[] = "[1]\0[2]";
	const struct db_value value = { .type = DB_JSON, .bytes = json, .len = sizeof(json) - 1 };
	AUTO(db_rows) rows = { 0 };
	open_with((struct db_options){ .pool_max = 1 });
	assert_int_equal(db_query(&store.scene.c, "SELECT $1", BIND(value), &rows), APP_INTERNAL);
	store_says_cause(&store, "a NUL");
}

/* ---- deadlines ---- */

static void slow_query_is_stopped(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 1, .query_ms = 50 });
	assert_int_equal(query("SELECT pg_sleep(600)"), APP_UNAVAILABLE);
	store_says_text(&store, APP_UNAVAILABLE, "took too long");
	assert_int_equal(store_int_soon(&store, "SELECT 7"), 7);
}

static void slow_write_is_stopped(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 1, .write_ms = 50 });
	assert_int_equal(store_try(&store, "SELECT pg_sleep(600)"), APP_UNAVAILABLE);
	store_says_text(&store, APP_UNAVAILABLE, "took too long");
	store_do_soon(&store, "SELECT 1");
}

static void request_deadline_cancels(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 1 });
	struct ctx *c = &store.scene.c;
	c->deadline_us = c->clock->monotonic_us(c->clock) + 200000;
	assert_int_equal(query("SELECT pg_sleep(600)"), APP_UNAVAILABLE);
	c->deadline_us = 0;
	assert_int_equal(store_int(&store, "SELECT 7"), 7);
	AWAIT(!store_int(&store, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
				 " AND query LIKE '%pg_sleep(600)' AND datname = current_database()"
				 " AND pid <> pg_backend_pid()"));
}

/* The five who may write would all wait behind it for as long as a write may take. */
static void row_that_an_outsider_holds_is_told_soon(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM];
	postgres_database(url);
	open_with((struct db_options){ .url = url, .write_ms = 3600000, .lock_ms = 50 });
	store_do(&store, "CREATE TABLE a (b integer); INSERT INTO a VALUES (1), (2)");
	PGconn *outsider = PQconnectdb(url);
	PQclear(PQexec(outsider, "BEGIN"));
	PQclear(PQexec(outsider, "UPDATE a SET b = 1 WHERE b = 1"));
	assert_int_equal(store_try(&store, "UPDATE a SET b = 3 WHERE b = 1"), APP_UNAVAILABLE);
	store_says_text(&store, APP_UNAVAILABLE, "the database is busy");
	assert_int_equal(store.scene.c.failure.retry_after_s, 1);
	must(store_try(&store, "UPDATE a SET b = 4 WHERE b = 2"));
	PQfinish(outsider);
	store_do_soon(&store, "UPDATE a SET b = 3 WHERE b = 1");
}

/* ---- connections that die ---- */

#define SQL_KILL_OTHERS \
	"SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity" \
	" WHERE datname = current_database() AND pid <> pg_backend_pid()"

static void killed_idle_connection_is_replaced(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 2 });
	assert_int_equal(store_int(&store, "SELECT 1"), 1);
	char url[POSTGRES_URL_ROOM];
	const char *name = store_text(&store, "SELECT current_database()");
	snprintf(url, sizeof(url), "postgresql://croft@127.0.0.1:%d/%s",
		 (int)store_int(&store, "SELECT inet_server_port()"), name);
	postgres_sql(url, SQL_KILL_OTHERS);
	assert_int_equal(store_int(&store, "SELECT 2"), 2);
	postgres_sql(url, SQL_KILL_OTHERS);
	store_do(&store, "CREATE TABLE a (b integer)");
	assert_true(db_stats(store.db).reopened >= 2);
}

static enum app_err run_insert_and_die(struct ctx *c, void *arg)
{
	(void)arg;
	enum app_err err = db_exec(c, "INSERT INTO a VALUES (1)", BIND(), NULL);
	return err ? err
		   : db_exec(c, "SELECT pg_terminate_backend(pg_backend_pid())", BIND(), NULL);
}

static void lost_in_the_middle_changes_nothing(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 2 });
	store_do(&store, "CREATE TABLE a (b integer)");
	assert_int_equal(db_write(&store.scene.c, run_insert_and_die, NULL), APP_UNAVAILABLE);
	store_says_text(&store, APP_UNAVAILABLE, "nothing was changed");
	assert_int_equal(store_int(&store, "SELECT count(*) FROM a"), 0);
}

static void lost_commit_is_unknown(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 2 });
	commit_lose(&store);
	store_says_text(&store, APP_UNAVAILABLE, "the outcome is unknown");
	assert_int_equal(store.scene.c.failure.retry_after_s, RETRY_NEVER);
	must(query("SELECT 1"));
}

static enum app_err run_ignores_failure(struct ctx *c, void *arg)
{
	(void)arg;
	enum app_err err = db_exec(c, "INSERT INTO nosuchtable VALUES (1)", BIND(), NULL);
	assert_int_equal(err, APP_INTERNAL);
	ctx_recover(c);
	return APP_OK;
}

static void ignored_failure_does_not_pass_for_success(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 2 });
	assert_int_equal(db_write(&store.scene.c, run_ignores_failure, NULL), APP_INTERNAL);
	store_says_cause(&store, "db_tx of its own");
}

struct state_case {
	const char *state;
	enum app_err err;
};

static void state_means(void **state)
{
	const struct state_case *k = *state;
	open_with((struct db_options){ .pool_max = 2 });
	const char *sql = arena_printf(&store.scene.arena,
				       "DO $$ BEGIN RAISE 'hunter2' USING ERRCODE = '%s'; END $$",
				       k->state);
	assert_int_equal(store_try(&store, sql), k->err);
	text_assert_lacks(ctx_failure_text(&store.scene.c, k->err), "hunter2");
	must(query("SELECT 1"));
}

#define STATE(sentence, ...) \
	{ \
		sentence, state_means, NULL, teardown, (&(struct state_case){ __VA_ARGS__ }) \
	}

/* ---- values ---- */

static enum app_err run_flags(struct ctx *c, void *arg)
{
	(void)arg;
	bool yes = true, no = false;
	return db_exec(c, "INSERT INTO a VALUES ($1, $2, $3)", BIND(yes, no, 7), NULL);
}

static void bools_fit_boolean_columns(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 2 });
	store_do(&store, "CREATE TABLE a (yes boolean, no boolean, small integer)");
	must(db_write(&store.scene.c, run_flags, NULL));
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	must(db_query(&store.scene.c, "SELECT yes, no, small, sum(small) FROM a GROUP BY 1, 2, 3",
		      BIND(), &rows));
	must(db_rows_next(&rows, &has_row));
	for (int i = 0; i < 4; i++)
		assert_int_equal(db_column_type(&rows, i), DB_INT);
	assert_int_equal(db_column_int(&rows, 0), 1);
	assert_int_equal(db_column_int(&rows, 1), 0);
	assert_string_equal(db_column_text(&rows, 1, NULL), "0");
	assert_int_equal(db_column_int(&rows, 3), 7);
}

static void values_stay_out_of_causes(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 2 });
	AUTO(db_rows) rows = { 0 };
	assert_int_equal(
		db_query(&store.scene.c, "SELECT CAST($1 AS bigint)", BIND("hunter2"), &rows),
		APP_INTERNAL);
	text_assert_lacks(store.scene.c.failure.cause, "hunter2");
	store_says_cause(&store, "22P02");
}

static void zero_byte_is_refused(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 2 });
	AUTO(db_rows) rows = { 0 };
	const struct db_value value = { .type = DB_TEXT, .bytes = "a\0b", .len = 3 };
	assert_int_equal(db_query(&store.scene.c, "SELECT $1", BIND(value), &rows), APP_INVALID);
}

/* ---- secrets ---- */

static void password_is_in_no_error(void **state)
{
	const char *url = *state;
	struct scene scene;
	struct db *db = NULL;
	scene_open(&scene);
	const struct db_options options = { .url = url };
	enum app_err err = db_open(&scene.c, &options, &db);
	assert_int_not_equal(err, APP_OK);
	assert_null(scene.c.failure.cause);
	text_assert_lacks(ctx_failure_text(&scene.c, err), "hunter");
	text_assert_lacks(ctx_failure_text(&scene.c, err), "sesame");
	scene_close(&scene);
}

struct url_fault {
	const char *url, *told;
};

/* Each could be used by somebody; what connects is another matter. */
static void url_is_taken(void **state)
{
	struct scene scene;
	const struct db_options options = { .url = *state };
	scene_open(&scene);
	enum app_err err = db_check(&scene.c, &options);
	assert_string_equal(err ? ctx_failure_text(&scene.c, err) : "", "");
	scene_close(&scene);
}

static void limits_contradict(void **state)
{
	(void)state;
	struct scene scene;
	const struct db_options options = { .url = "postgresql://127.0.0.1:1/x",
					    .write_ms = 300,
					    .lock_ms = 500 };
	scene_open(&scene);
	enum app_err err = db_check(&scene.c, &options);
	text_assert_has(ctx_failure_text(&scene.c, err),
			"database.lock_ms is above database.write_ms");
	scene_close(&scene);
}

static void url_fault_is_told(void **state)
{
	const struct url_fault *row = *state;
	struct scene scene;
	scene_open(&scene);
	const struct db_options options = { .url = row->url };
	assert_int_equal(db_check(&scene.c, &options), APP_INVALID);
	text_assert_has(ctx_failure_text(&scene.c, APP_INVALID), row->told);
	scene_close(&scene);
}

struct variable {
	const char *name, *wrong, *right, *says;
};

static void variable_fault_is_told(void **state)
{
	const struct variable *k = *state;
	struct scene scene;
	const struct db_options options = { .url = "postgresql:///x" };
	scene_open(&scene);
	char *before = getenv(k->name) ? strdup(getenv(k->name)) : NULL;
	setenv(k->name, k->wrong, 1);
	enum app_err err = db_check(&scene.c, &options);
	text_assert_has(ctx_failure_text(&scene.c, err), k->says);
	ctx_recover(&scene.c);
	setenv(k->name, k->right, 1);
	assert_int_equal(db_check(&scene.c, &options), APP_OK);
	if (before)
		setenv(k->name, before, 1);
	else
		unsetenv(k->name);
	free(before);
	scene_close(&scene);
}

#define VARIABLE(sentence, ...) \
	ROW_OF(sentence, variable_fault_is_told, (&(struct variable){ __VA_ARGS__ }))

#define URL_FAULT(sentence, ...) \
	ROW_OF(sentence, url_fault_is_told, (&(struct url_fault){ __VA_ARGS__ }))

static void short_scheme_is_the_same(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM], other[POSTGRES_URL_ROOM];
	postgres_database(url);
	snprintf(other, sizeof(other), "postgres://%s", strstr(url, "://") + 3);
	open_with((struct db_options){ .url = other, .replica_url = other });
	must(db_ping(&store.scene.c));
	assert_string_equal(db_driver(store.scene.c.app->db), "postgres");
}

#define NO_PASSWORD(sentence, url) ROW_OF(sentence, password_is_in_no_error, url)

#define CASE(sentence, fn) \
	{ \
		sentence, fn, NULL, teardown, NULL \
	}

#define FLUSH(sentence, ...) \
	{ \
		sentence, a_write_is_flushed, NULL, teardown, \
			(&(struct flush_case){ __VA_ARGS__ }) \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("no connection in time is a 503 with Retry-After", full_pool_is_told_in_time),
		CASE("rows that are open hold no connection", open_rows_hold_no_connection),
		CASE("writes run at the same time", writes_run_at_the_same_time),
		FLUSH("the session of a role that does not wait for the disk is made to", "off",
		      NULL, "local"),
		FLUSH("a role that waits for more than the disk does", "remote_apply", NULL,
		      "remote_apply"),
		FLUSH("a URL that does not wait for the disk is obeyed", "on", "off", "off"),
		CASE("a date is read as such also where its role spells it otherwise",
		     a_date_is_a_date),
		ROW("pool_min above pool_max is refused", min_above_max_is_refused),
		CASE("prepared statements are reused and bounded", statements_are_bounded),
		CASE("JSON that a NUL cuts short is refused", json_with_a_nul_is_refused),
		CASE("a query beyond query_ms is stopped", slow_query_is_stopped),
		CASE("a write beyond write_ms is stopped", slow_write_is_stopped),
		CASE("a row that an outsider holds is a 503 after lock_ms, and holds up no other",
		     row_that_an_outsider_holds_is_told_soon),
		CASE("the deadline of a request cancels its query", request_deadline_cancels),
		CASE("a connection that died idle is replaced unseen",
		     killed_idle_connection_is_replaced),
		CASE("a connection lost in the middle of a write changes nothing",
		     lost_in_the_middle_changes_nothing),
		CASE("a connection lost during COMMIT leaves the outcome unknown, and says so",
		     lost_commit_is_unknown),
		CASE("a failure that a write ignores does not pass for success",
		     ignored_failure_does_not_pass_for_success),
		STATE("a full disk is a 507", .state = "53100", .err = APP_STORAGE_FULL),
		STATE("a deadlock is a 503", .state = "40P01", .err = APP_UNAVAILABLE),
		STATE("a serialization failure is a 503", .state = "40001", .err = APP_UNAVAILABLE),
		STATE("a cancelled statement is a 503", .state = "57014", .err = APP_UNAVAILABLE),
		STATE("what nobody expects is a 500", .state = "XX000", .err = APP_INTERNAL),
		CASE("bool goes into boolean columns and comes back as 0 and 1",
		     bools_fit_boolean_columns),
		CASE("a bound value is in no cause", values_stay_out_of_causes),
		CASE("a text with a zero byte is the client's mistake", zero_byte_is_refused),
		NO_PASSWORD("nobody there", "postgresql://u:hunter2sesame@127.0.0.1:1/x"),
		NO_PASSWORD("'/' in the password", "postgresql://u:hunter/sesame@127.0.0.1:1/x"),
		NO_PASSWORD("'@' in the password", "postgresql://u:hunter@sesame@127.0.0.1:1/x"),
		NO_PASSWORD("':' in the password", "postgresql://u:hunter:sesame/@127.0.0.1:1/x"),
		NO_PASSWORD("'%' in the password", "postgresql://u:hunter%sesame@127.0.0.1:1/x"),
		NO_PASSWORD("'?' in the password", "postgresql://u:hunter?sesame@127.0.0.1:1/x"),
		NO_PASSWORD("'#' in the password", "postgresql://u:hunter#sesame@127.0.0.1:1/x"),
		NO_PASSWORD("'?' and '=' in the password",
			    "postgresql://u:x?hunter=sesame@127.0.0.1:1/x"),
		NO_PASSWORD("'?' and '=' in the password of postgres://",
			    "postgres://u:x?hunter=sesame@127.0.0.1:1/x"),
		NO_PASSWORD("the value of a parameter", "postgresql://127.0.0.1:1/x?foo=sesame"),
		NO_PASSWORD("a parameter of a torn URL", "postgresql://u:hunter?sesame=1"),
		NO_PASSWORD("no '//'", "postgresql:hunter:sesame"),
		NO_PASSWORD("a password behind '&' for '?'",
			    "postgresql://u@127.0.0.1:1/x&password=sesame"),
		NO_PASSWORD("a password behind ';' for '?'",
			    "postgresql://u@127.0.0.1:1/x;password=sesame"),
		NO_PASSWORD("a password behind '#' for '?'",
			    "postgresql://127.0.0.1:1/x#password=sesame"),
		NO_PASSWORD("a password behind '&' and a host",
			    "postgresql://u@127.0.0.1&password=sesame"),
		NO_PASSWORD("a password behind '&' before other parameters",
			    "postgresql:///x&password=sesame?sslmode=disable"),
		URL_FAULT("'&' for '?' is told", "postgresql://u@127.0.0.1:1/x&sslmode=disable",
			  "database.url has '&', ';' or '#' before any '?'"),
		ROW_OF("'&' in a name is taken as %26", url_is_taken, "postgresql://a/x%26y"),
		ROW_OF("'&' in a password is taken", url_is_taken, "postgresql://u:a&b;c#d@a/x"),
		URL_FAULT("a parameter nobody knows is named",
			  "postgresql://127.0.0.1:1/x?slmode=require",
			  "database.url has the parameter 'slmode', which"),
		URL_FAULT("so it is behind others",
			  "postgres://u:p@127.0.0.1:1/x?sslmode=require&ssl=true&pool=7",
			  "database.url has the parameter 'pool', which"),
		URL_FAULT("a parameter without a value is told",
			  "postgresql://127.0.0.1:1/x?sslmode",
			  "database.url cannot be read behind '?': write NAME=VALUE"),
		URL_FAULT("a mode of TLS that is none names those there are",
			  "postgresql://127.0.0.1:1/x?sslmode=bad",
			  "database.url: the parameter 'sslmode' must be one of disable allow "
			  "prefer require verify-ca verify-full"),
		URL_FAULT("the beginning of a mode is none",
			  "postgresql://127.0.0.1:1/x?sslmode=verify", "'sslmode' must be one of"),
		URL_FAULT("two modes are none", "postgresql://127.0.0.1:1/x?sslmode=allow%20prefer",
			  "'sslmode' must be one of"),
		URL_FAULT("channel_binding is one of three",
			  "postgresql://127.0.0.1:1/x?channel_binding=yes",
			  "'channel_binding' must be one of disable prefer require"),
		URL_FAULT("gssencmode, too", "postgresql://127.0.0.1:1/x?gssencmode=1",
			  "'gssencmode' must be one of"),
		URL_FAULT("the kind of server is one that libpq knows",
			  "postgresql://127.0.0.1:1/x?target_session_attrs=master",
			  "'target_session_attrs' must be one of any read-write"),
		URL_FAULT("a version of TLS that nobody has",
			  "postgresql://127.0.0.1:1/x?ssl_min_protocol_version=TLSv2",
			  "'ssl_min_protocol_version' must be one of"),
		URL_FAULT("versions of TLS that leave none",
			  "postgresql://127.0.0.1:1/x?ssl_min_protocol_version=TLSv1.3&"
			  "ssl_max_protocol_version=tlsv1.2",
			  "'ssl_min_protocol_version' is above ssl_max_protocol_version"),
		URL_FAULT("a binding to TLS without it",
			  "postgresql://127.0.0.1:1/x?channel_binding=require&sslmode=disable",
			  "wants TLS"),
		URL_FAULT("sslsni is 0 or 1", "postgresql://127.0.0.1:1/x?sslsni=on",
			  "'sslsni' must be one of 0 1"),
		URL_FAULT("a time that is no number",
			  "postgresql://127.0.0.1:1/x?connect_timeout=x",
			  "'connect_timeout' must be a whole number from -1 to 2147483647"),
		URL_FAULT("a time with a unit", "postgresql://127.0.0.1:1/x?connect_timeout=5s",
			  "'connect_timeout' must be a whole number"),
		URL_FAULT("more probes than the system sends",
			  "postgresql://127.0.0.1:1/x?keepalives_count=128",
			  "'keepalives_count' must be a whole number from 0 to 127"),
		URL_FAULT("a port that is none", "postgresql://127.0.0.1:65536/x",
			  "a port must be from 1 to 65535"),
		URL_FAULT("port 0", "postgresql://a:1,b:0/x", "a port must be from 1 to 65535"),
		URL_FAULT("a name for an address", "postgresql:///x?host=a&hostaddr=localhost",
			  "'hostaddr' must be a number such as"),
		URL_FAULT("more addresses than hosts",
			  "postgresql:///x?host=a&hostaddr=127.0.0.1,::1",
			  "database.url: the parameter 'hostaddr' has 2 values for 1 host"),
		URL_FAULT("a session that takes no SQL",
			  "postgresql://127.0.0.1:1/x?replication=true",
			  "'replication' must be one of"),
		URL_FAULT("a server for reading to write to",
			  "postgresql://127.0.0.1:1/x?target_session_attrs=standby",
			  "are for database.replica_url"),
		URL_FAULT(
			"certificates that are missing",
			"postgresql://127.0.0.1:1/x?sslmode=verify-full&sslrootcert=/none/root.crt",
			"does not exist: name their file with sslrootcert"),
		URL_FAULT("a key that is missing",
			  "postgresql://127.0.0.1:1/x?sslcert=/etc/passwd&sslkey=/none/key",
			  "the parameter 'sslkey': \"/none/key\" does not exist"),
		URL_FAULT("more ports than hosts", "postgresql:///x?host=a&port=1,2",
			  "database.url: the parameter 'port' has 2 values for 1 host"),
		ROW_OF("hosts with a port for all", url_is_taken,
		       "postgresql:///x?host=a,b&port=1"),
		ROW_OF("hosts with an empty port", url_is_taken, "postgresql://a:1,b/x"),
		ROW_OF("hosts with addresses", url_is_taken,
		       "postgresql:///x?host=a,b&hostaddr=127.0.0.1,::1"),
		ROW_OF("versions of TLS in any case", url_is_taken,
		       "postgresql://a/x?ssl_min_protocol_version=tlsv1.2&"
		       "ssl_max_protocol_version=TLSv1.3"),
		ROW_OF("a socket, which wants no certificates", url_is_taken,
		       "postgresql:///x?host=/run&sslmode=verify-full&sslrootcert=/none"),
		ROW_OF("no bound for connecting", url_is_taken,
		       "postgres://a/x?connect_timeout=0&keepalives=0"),
		{ "a lock is waited for longer than a write may take", limits_contradict, NULL,
		  NULL, NULL },
		VARIABLE("a variable of libpq's is looked at, too", "PGSSLMODE", "bad", "require",
			 "the environment variable PGSSLMODE must be one of"),
		VARIABLE("so is one for the port", "PGPORT", "http", "5433",
			 "the environment variable PGPORT: a port must be"),
		VARIABLE("so is one for the address", "PGHOSTADDR", "localhost", "127.0.0.1,::1",
			 "the environment variable PGHOSTADDR must be a number"),
		URL_FAULT("a password with a slash and a question mark is told of percent signs",
			  "postgres://u:a/b?c@127.0.0.1:1/x",
			  "write postgresql://USER:PASSWORD@HOST:PORT/NAME, with %40"),
		CASE("postgres:// is postgresql://", short_scheme_is_the_same),
	};
	return rows_run("core/postgres driver", rows, COUNT_OF(rows));
}
