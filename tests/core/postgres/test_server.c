/*
 * A server that crashes under load and comes back: what was acknowledged is there, and nobody waits
 * for ever.
 */
#include "core/db/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "core/log.h"
#include "testing/postgres.h"
#include "testing/program.h"

/* threaded */

enum { WRITERS = 6, ACQUIRE_MS = 300 };

static struct store store;

struct load {
	atomic_bool stop;
	_Atomic int64_t acked, refused, reads;
};

static struct load load;

/*
 * Writes the numbers 0, 1, 2 … with its own name, each until it was acknowledged or its outcome is
 * unknown.
 */
struct writer {
	pthread_t thread;
	int name;
	int64_t next, unknown;
	/* by number; as long as it had to be: nobody knows how much a machine writes */
	unsigned char *acked;
	int64_t room;
};

struct note {
	int64_t writer, number;
};

static enum app_err run_insert(struct ctx *c, void *arg)
{
	const struct note *note = arg;
	return db_exec(c, "INSERT INTO notes (writer, number) VALUES ($1, $2)",
		       BIND(note->writer, note->number), NULL);
}

static void writer_keep(struct writer *writer, bool acked)
{
	if (writer->next == writer->room) {
		writer->room = writer->room ? 2 * writer->room : 1024;
		writer->acked = realloc(writer->acked, (size_t)writer->room);
		assert_non_null(writer->acked);
	}
	writer->acked[writer->next++] = acked;
}

static void write_one(struct ctx *c, struct writer *writer)
{
	struct note note = { writer->name, writer->next };
	enum app_err err = db_write(c, run_insert, &note);
	if (!err) {
		writer_keep(writer, true);
		load.acked++;
		return;
	}
	assert_int_equal(err, APP_UNAVAILABLE);
	if (c->failure.code) {
		writer_keep(writer, false);
		writer->unknown++;
	}
	load.refused++;
}

static void read_one(struct ctx *c)
{
	AUTO(db_rows) rows = { 0 };
	enum app_err err = db_query(c, "SELECT count(*) FROM notes", BIND(), &rows);
	if (!err)
		load.reads++;
	else
		assert_int_equal(err, APP_UNAVAILABLE);
}

static void *writer_main(void *arg)
{
	AUTO(arena) arena;
	arena_init(&arena, 0);
	while (!load.stop) {
		struct ctx c;
		ctx_init(&c, &store.scene.app, &arena);
		write_one(&c, arg);
		ctx_recover(&c);
		read_one(&c);
		arena_reset(&arena);
	}
	return NULL;
}

static void wait_for(_Atomic int64_t *counter, int64_t more)
{
	int64_t wanted = *counter + more;
	AWAIT(*counter >= wanted);
}

static void crash_and_return(void)
{
	wait_for(&load.acked, 100);
	postgres_stop_immediately();
	wait_for(&load.refused, WRITERS + 1);
	postgres_start();
	wait_for(&load.acked, 100);
	wait_for(&load.reads, 10);
}

static void no_acknowledged_write_is_missing(const struct writer writers[WRITERS])
{
	AUTO(db_rows) rows = { 0 };
	int64_t found = 0, there = 0, unknown = 0;
	assert_int_not_equal(store_int_soon(&store, "SELECT count(*) FROM notes"), 0);
	must(db_query(&store.scene.c, "SELECT writer, number FROM notes", BIND(), &rows));
	for (bool has; !db_rows_next(&rows, &has) && has; there++) {
		const struct writer *writer = &writers[db_column_int(&rows, 0)];
		assert_in_range(db_column_int(&rows, 1), 0, writer->next - 1);
		found += writer->acked[db_column_int(&rows, 1)];
	}
	assert_int_equal(found, load.acked);
	/* What is there without an acknowledgement was in doubt, and said so. */
	for (int i = 0; i < WRITERS; i++)
		unknown += writers[i].unknown;
	assert_in_range(there, load.acked, load.acked + unknown);
}

static void crash_loses_nothing(void **state)
{
	(void)state;
	struct writer writers[WRITERS] = { 0 };
	store_is_postgres = true;
	store_open_with(&store, (struct db_options){ .acquire_ms = ACQUIRE_MS });
	store_do_soon(&store,
		      "CREATE TABLE notes (writer bigint, number bigint, PRIMARY KEY (writer, "
		      "number))");
	for (int i = 0; i < WRITERS; i++) {
		writers[i].name = i;
		pthread_create(&writers[i].thread, NULL, writer_main, &writers[i]);
	}
	crash_and_return();
	crash_and_return();
	load.stop = true;
	for (int i = 0; i < WRITERS; i++)
		pthread_join(writers[i].thread, NULL);
	no_acknowledged_write_is_missing(writers);
	for (int i = 0; i < WRITERS; i++)
		free(writers[i].acked);
	store_close(&store);
}

static bool opens(const struct db_options *options)
{
	ctx_recover(&store.scene.c);
	return !db_open(&store.scene.c, options, &store.db);
}

static void outage_is_logged_once_without_password(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM], secret[POSTGRES_URL_ROOM + 16];
	postgres_database(url);
	snprintf(secret, sizeof(secret), "postgresql://croft:hunter2@%s", strchr(url, '@') + 1);
	scene_open(&store.scene);
	FILE *file = tmpfile();
	const struct log_options options = { .level = LOG_LEVEL_DEBUG, .format = 1 };
	store.scene.app.log = log_new(&options, fileno(file));
	const struct db_options known = { .url = secret, .acquire_ms = ACQUIRE_MS };
	AWAIT(opens(&known));
	store.scene.app.db = store.db;
	postgres_stop_immediately();
	for (int i = 0; i < 3; i++) {
		assert_int_equal(db_ping(&store.scene.c), APP_UNAVAILABLE);
		text_assert_lacks(ctx_failure_text(&store.scene.c, APP_UNAVAILABLE), "hunter2");
		ctx_recover(&store.scene.c);
	}
	postgres_start();
	while (db_ping(&store.scene.c))
		ctx_recover(&store.scene.c);
	db_close(store.db);
	log_drop(store.scene.app.log);
	char text[8192] = "";
	rewind(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	text_assert_has(text, "cannot be reached");
	text_assert_has(text, "answers again");
	text_assert_lacks(text, "hunter2");
	assert_null(strstr(strstr(text, "cannot be reached") + 1, "cannot be reached"));
	scene_close(&store.scene);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a server that crashes under load and returns: no acknowledged write is "
		    "missing, service resumes by itself",
		    crash_loses_nothing),
		ROW("an outage is logged once, and never with the password",
		    outage_is_logged_once_without_password),
	};
	return rows_run("core/postgres server", rows, COUNT_OF(rows));
}
