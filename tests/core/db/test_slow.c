/*
 * The log of slow statements, that of all, and the trace: what they say, and that none says a
 * value.
 */
#include "store.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "core/log.h"
#include "core/trace.h"

/* Each look at this clock takes a quarter of a second, so that no test has to wait. */
static int64_t clock_us;

static int64_t slow_monotonic(const struct clock *clock)
{
	(void)clock;
	return clock_us += MILLISECONDS_US(250);
}

static struct instant slow_now(const struct clock *clock)
{
	(void)clock;
	return (struct instant){ SECONDS_US(1800000000) };
}

static const struct clock slow_clock = { .now = slow_now, .monotonic_us = slow_monotonic };

static char *log_text(struct store *s)
{
	static char text[65536];
	log_flush(s->scene.app.log);
	int fd = open(scene_path(&s->scene, "log"), O_RDONLY | O_CLOEXEC);
	ssize_t got = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[got > 0 ? got : 0] = '\0';
	return text;
}

static void logged_open_with(struct store *s, struct db_options options)
{
	store_open_with(s, options);
	int fd = open(scene_path(&s->scene, "log"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	s->scene.app.log = log_new(&(struct log_options){ .level = LOG_LEVEL_DEBUG, .format = 1 },
				   fd);
	assert_non_null(s->scene.app.log);
	store_do(s, "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT) STRICT");
	s->scene.c.clock = &slow_clock;
}

static void logged_open(struct store *s, int64_t slow_query_ms)
{
	logged_open_with(s, (struct db_options){ .slow_query_ms = slow_query_ms });
}

static void logged_close(struct store *s)
{
	struct log *log = s->scene.app.log;
	db_close(s->db);
	log_drop(log);
	scene_close(&s->scene);
}

static enum app_err canary_write(struct ctx *c, void *arg)
{
	(void)arg;
	return db_exec(c, "INSERT INTO notes (text) VALUES ($1), ($1)", BIND("canary"), NULL);
}

static void canary_read(struct store *s)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = true;
	must(db_query(&s->scene.c, "SELECT id FROM notes WHERE text = $1", BIND("canary"), &rows));
	while (has_row)
		must(db_rows_next(&rows, &has_row));
}

static void a_slow_statement_is_logged_without_its_values(void **state)
{
	(void)state;
	struct store s;
	logged_open(&s, 200);
	must(db_write(&s.scene.c, canary_write, NULL));
	canary_read(&s);
	const char *log = log_text(&s);
	assert_json_has(log, "'level':'warn','event':'slow statement'");
	assert_non_null(strstr(log, "INSERT INTO notes (text) VALUES ($1), ($1)"));
	assert_non_null(strstr(log, "SELECT id FROM notes WHERE text = $1"));
	assert_json_has(log, "'ms':250");
	assert_json_has(log, "'rows':2");
	assert_null(strstr(log, "canary"));
	logged_close(&s);
}

static void nothing_is_logged(void **state)
{
	struct store s;
	logged_open(&s, *(const int64_t *)*state);
	must(db_write(&s.scene.c, canary_write, NULL));
	canary_read(&s);
	assert_string_equal(log_text(&s), "");
	logged_close(&s);
}

/* ---- all of them ---- */

static enum app_err undone_write(struct ctx *c, void *arg)
{
	(void)canary_write(c, arg);
	return ctx_fail(c, APP_CONFLICT, "no");
}

static void each_statement_is_logged_without_its_values(void **state)
{
	(void)state;
	struct store s;
	logged_open_with(&s, (struct db_options){ .echo = true });
	must(db_write(&s.scene.c, canary_write, NULL));
	canary_read(&s);
	const char *log = log_text(&s);
	assert_json_has(log, "'level':'info','event':'statement','sql':"
			     "'INSERT INTO notes (text) VALUES ($1), ($1)'");
	assert_json_has(log, "'sql':'SELECT id FROM notes WHERE text = $1'");
	assert_null(strstr(log, "canary"));
	logged_close(&s);
}

static void one_that_is_undone_is_logged_too(void **state)
{
	(void)state;
	struct store s;
	logged_open_with(&s, (struct db_options){ .echo = true });
	assert_int_equal(db_write(&s.scene.c, undone_write, NULL), APP_CONFLICT);
	ctx_recover(&s.scene.c);
	assert_json_has(log_text(&s), "'sql':'INSERT INTO notes (text) VALUES ($1), ($1)'");
	logged_close(&s);
}

static void a_trace_goes_with_it(void **state)
{
	(void)state;
	struct store s;
	logged_open_with(&s, (struct db_options){ .echo = true });
	struct trace *trace = trace_begin(&s.scene.c);
	canary_read(&s);
	trace_end(trace);
	assert_string_equal(trace_statements(trace)->sql, "SELECT id FROM notes WHERE text = $1");
	assert_json_has(log_text(&s), "'sql':'SELECT id FROM notes WHERE text = $1'");
	logged_close(&s);
}

/* ---- the trace ---- */

static void a_trace_has_each_statement_with_its_plan(void **state)
{
	(void)state;
	struct store s;
	store_open(&s);
	store_do(&s, "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT) STRICT");
	struct trace *trace = trace_begin(&s.scene.c);
	must(db_write(&s.scene.c, canary_write, NULL));
	canary_read(&s);
	canary_read(&s);
	trace_end(trace);
	canary_read(&s);
	const struct trace_statement *at = trace_statements(trace);
	assert_non_null(at);
	assert_string_equal(at->sql, "INSERT INTO notes (text) VALUES ($1), ($1)");
	assert_int_equal(at->runs, 1);
	at = at->next;
	assert_non_null(at);
	assert_string_equal(at->sql, "SELECT id FROM notes WHERE text = $1");
	assert_string_equal(at->plan, "SCAN notes\n");
	assert_int_equal(at->runs, 2);
	assert_null(at->next);
	store_close(&s);
}

static void a_plan_is_indented_as_its_tree_is(void **state)
{
	(void)state;
	struct store s;
	store_open(&s);
	store_do(&s, "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT) STRICT");
	struct trace *trace = trace_begin(&s.scene.c);
	store_int(&s, "SELECT count(*) FROM (SELECT DISTINCT text FROM notes LIMIT 5)");
	trace_end(trace);
	const char *plan = trace_statements(trace)->plan;
	assert_non_null(strstr(plan, "\n  SCAN notes\n"));
	store_close(&s);
}

int main(void)
{
	static const int64_t off = 0, patient = 300;
	const struct CMUnitTest rows[] = {
		ROW("a slow statement is logged with SQL, time and rows, without its values",
		    a_slow_statement_is_logged_without_its_values),
		ROW_OF("a statement that is fast enough is not logged", nothing_is_logged,
		       &patient),
		ROW_OF("with slow_query_ms 0 none is", nothing_is_logged, &off),
		ROW("with echo each statement is logged, without its values",
		    each_statement_is_logged_without_its_values),
		ROW("one that is undone, too", one_that_is_undone_is_logged_too),
		ROW("a trace goes with it", a_trace_goes_with_it),
		ROW("a trace has each statement once, with its plan and how often it ran",
		    a_trace_has_each_statement_with_its_plan),
		ROW("a plan is indented as its tree is", a_plan_is_indented_as_its_tree_is),
	};
	return rows_run("core/db slow", rows, COUNT_OF(rows));
}
