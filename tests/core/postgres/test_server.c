/* A server that crashes under load and comes back: what was acknowledged is there, and nobody waits for ever. */
#include "core/db/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "core/log.h"
#include "support/program.h"

/* threaded */

enum { CLIENTS = 6, ACKED_MOST = 100000, ACQUIRE_MS = 300, PATIENCE_S = 60 };

static struct store store;

struct load {
	atomic_bool stop;
	_Atomic int64_t acked, refused, unknown, reads, longest_us;
	_Atomic int64_t next;
	_Atomic unsigned char kept[ACKED_MOST]; /* by id */
};

static struct load load;

static enum app_err run_insert(struct ctx *c, void *id)
{
	return db_exec(c, "INSERT INTO notes (id) VALUES ($1)", BIND(*(int64_t *)id), NULL);
}

static void write_one(struct ctx *c)
{
	int64_t id = load.next++;
	if (id >= ACKED_MOST)
		return;
	int64_t began_us = c->clock->monotonic_us(c->clock);
	enum app_err err = db_write(c, run_insert, &id);
	int64_t took_us = c->clock->monotonic_us(c->clock) - began_us;
	if (took_us > load.longest_us)
		load.longest_us = took_us;
	if (!err) {
		load.kept[id] = 1;
		load.acked++;
		return;
	}
	assert_int_equal(err, APP_UNAVAILABLE);
	if (c->failure.code)
		load.unknown++;
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

static void *client_main(void *arg)
{
	(void)arg;
	AUTO(arena) arena;
	arena_init(&arena, 0);
	while (!load.stop) {
		struct ctx c;
		ctx_init(&c, &store.scene.app, &arena);
		write_one(&c);
		app_recover(&c);
		read_one(&c);
		arena_reset(&arena);
	}
	return NULL;
}

static void wait_for(_Atomic int64_t *counter, int64_t value)
{
	int64_t until_us = clock_system.monotonic_us(&clock_system) + SECONDS_US(PATIENCE_S);
	while (*counter < value && clock_system.monotonic_us(&clock_system) < until_us)
		nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
	assert_true(*counter >= value);
}

static void crash_and_return(void)
{
	wait_for(&load.acked, load.acked + 100);
	int64_t refused = load.refused;
	postgres_stop_immediately();
	wait_for(&load.refused, refused + CLIENTS + 1);
	postgres_start();
	wait_for(&load.acked, load.acked + 100);
	wait_for(&load.reads, load.reads + 10);
}

static void no_acknowledged_write_is_missing(void)
{
	AUTO(db_rows) rows = { 0 };
	int64_t found = 0;
	must(db_query(&store.scene.c, "SELECT id FROM notes", BIND(), &rows));
	for (bool has; !db_rows_next(&rows, &has) && has;)
		found += load.kept[db_column_int(&rows, 0)];
	assert_int_equal(found, load.acked);
	/* What is there without an acknowledgement was in doubt, and said so. */
	assert_true(store_int(&store, "SELECT count(*) FROM notes") <= load.acked + load.unknown);
}

static void crash_loses_nothing(void **state)
{
	(void)state;
	pthread_t clients[CLIENTS];
	store_is_postgres = true;
	store_open_with(&store, (struct db_options){ .acquire_ms = ACQUIRE_MS });
	store_do(&store, "CREATE TABLE notes (id bigint PRIMARY KEY)");
	for (int i = 0; i < CLIENTS; i++)
		pthread_create(&clients[i], NULL, client_main, NULL);
	crash_and_return();
	crash_and_return();
	load.stop = true;
	for (int i = 0; i < CLIENTS; i++)
		pthread_join(clients[i], NULL);
	no_acknowledged_write_is_missing();
	assert_true(load.longest_us < SECONDS_US(20));
	store_close(&store);
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
	must(db_open(&store.scene.c,
		     &(struct db_options){ .url = secret, .acquire_ms = ACQUIRE_MS }, &store.db));
	store.scene.app.db = store.db;
	postgres_stop_immediately();
	for (int i = 0; i < 3; i++) {
		assert_int_equal(db_ping(&store.scene.c), APP_UNAVAILABLE);
		text_assert_lacks(app_failure_text(&store.scene.c, APP_UNAVAILABLE), "hunter2");
		app_recover(&store.scene.c);
	}
	postgres_start();
	while (db_ping(&store.scene.c))
		app_recover(&store.scene.c);
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
