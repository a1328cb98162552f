/* An open database in a scratch folder, for the tests of core/db and core/model. */
#ifndef CROFT_TESTS_CORE_DB_STORE_H
#define CROFT_TESTS_CORE_DB_STORE_H

#include <fcntl.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "core/db.h"
#include "core/db_signal.h"
#include "core/log.h"
#include "testing/await.h"
#include "testing/json.h"
#include "testing/scene.h"
#include "testing/store.h"

struct store {
	struct scene scene;
	struct db *db;
	int log_fd; /* of store_log() */
};

#define must(call) assert_int_equal((call), APP_OK)

/*
 * A machine that is slow must not meet a limit on time unless the row is about it and sets its own.
 */
static inline struct db_options store_patient(struct db_options options)
{
	int64_t *const limits[] = { &options.busy_ms, &options.acquire_ms, &options.connect_ms };
	for (size_t i = 0; i < COUNT_OF(limits); i++)
		if (!*limits[i])
			*limits[i] = PATIENCE_S * 1000;
	return options;
}

/* On a slow machine it may take longer than a row allows for what comes after it. */
static inline bool store_opens(struct store *s, const struct db_options *options)
{
	ctx_recover(&s->scene.c);
	enum app_err err = db_open(&s->scene.c, options, &s->db);
	if (err != APP_UNAVAILABLE)
		must(err);
	return !err;
}

/*
 * Opens what the options name; without a url, the file t.db of the scratch folder or a new schema
 * on PostgreSQL.
 */
static inline void store_open_with(struct store *s, struct db_options options)
{
	scene_open(&s->scene);
	if (!options.url)
		options.url = store_url(&s->scene, "t.db");
	options = store_patient(options);
	s->db = NULL;
	AWAIT(store_opens(s, &options));
	s->scene.app.db = s->db;
}

static inline void store_open(struct store *s)
{
	store_open_with(s, (struct db_options){ 0 });
}

static inline void store_close(struct store *s)
{
	db_close(s->db);
	if (s->scene.app.log) {
		log_drop(s->scene.app.log);
		close(s->log_fd);
		s->scene.app.log = NULL;
	}
	scene_close(&s->scene);
}

/* Logs into a file of the scratch folder, until store_close(). */
static inline void store_log(struct store *s)
{
	s->log_fd = open(scene_path(&s->scene, "log"), O_RDWR | O_CREAT | O_APPEND, 0600);
	assert_true(s->log_fd >= 0);
	s->scene.app.log = log_new(&(struct log_options){ .level = LOG_LEVEL_DEBUG, .format = 1 },
				   s->log_fd);
	assert_non_null(s->scene.app.log);
}

/* How often the word, with its quotes swapped as in json.h, stands in the log. */
static inline int store_logged(struct store *s, const char *word)
{
	char text[8192];
	log_flush(s->scene.app.log);
	ssize_t len = pread(s->log_fd, text, sizeof(text) - 1, 0);
	assert_true(len >= 0);
	text[len] = '\0';
	return json_count(text, word);
}

static inline enum app_err script_run(struct ctx *c, void *sql)
{
	return db_script(c, sql, strlen(sql), 1);
}

static inline enum app_err store_try(struct store *s, const char *sql)
{
	ctx_recover(&s->scene.c);
	return db_write(&s->scene.c, script_run, (void *)(uintptr_t)sql);
}

static inline void store_do(struct store *s, const char *sql)
{
	if (store_try(s, sql))
		fail_msg("%s: %s", sql,
			 s->scene.c.failure.cause ? s->scene.c.failure.cause
						  : s->scene.c.failure.text);
}

/*
 * Where limits on time are short, or the database was away: the same, again until it is available.
 */
static inline void store_do_soon(struct store *s, const char *sql)
{
	enum app_err err = APP_OK;
	AWAIT((err = store_try(s, sql)) != APP_UNAVAILABLE);
	must(err);
}

static inline enum app_err store_try_int(struct store *s, const char *sql, int64_t *ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	ctx_recover(&s->scene.c);
	enum app_err err = db_query(&s->scene.c, sql, BIND(), &rows);
	if (!err)
		err = db_rows_next(&rows, &has_row);
	if (err)
		return err;
	assert_true(has_row);
	*ret = db_column_int(&rows, 0);
	return APP_OK;
}

/* The first column of the first row as an integer. */
static inline int64_t store_int(struct store *s, const char *sql)
{
	int64_t value = 0;
	must(store_try_int(s, sql, &value));
	return value;
}

static inline int64_t store_int_soon(struct store *s, const char *sql)
{
	int64_t value = 0;
	enum app_err err = APP_OK;
	AWAIT((err = store_try_int(s, sql, &value)) != APP_UNAVAILABLE);
	must(err);
	return value;
}

/* The same as text, in the arena; "(null)" for null. */
static inline const char *store_text(struct store *s, const char *sql)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	ctx_recover(&s->scene.c);
	must(db_query(&s->scene.c, sql, BIND(), &rows));
	must(db_rows_next(&rows, &has_row));
	assert_true(has_row);
	const char *text = db_column_text(&rows, 0, NULL);
	return arena_strdup(&s->scene.arena, text ? text : "(null)");
}

static inline void store_says_text(struct store *s, enum app_err err, const char *part)
{
	assert_non_null(strstr(ctx_failure_text(&s->scene.c, err), part));
}

static inline void store_says_cause(struct store *s, const char *part)
{
	assert_non_null(s->scene.c.failure.cause);
	assert_non_null(strstr(s->scene.c.failure.cause, part));
}

/* ---- writes that are submitted without waiting, to decide what shares a transaction ---- */

struct job {
	struct db_write write; /* first: done() gets its address */
	struct ctx c;
	struct arena arena;
	const char *sql; /* NULL: the job holds the writer until the gate opens */
	bool fails;      /* once its statement was run; to be set while the gate holds */
	unsigned raises; /* signals; likewise */
	struct gate *gate;
	enum app_err result;
};

struct gate {
	sem_t entered, go, finished;
};

static inline void gate_init(struct gate *gate)
{
	sem_init(&gate->entered, 0, 0);
	sem_init(&gate->go, 0, 0);
	sem_init(&gate->finished, 0, 0);
}

static inline void gate_done(struct gate *gate)
{
	sem_destroy(&gate->entered);
	sem_destroy(&gate->go);
	sem_destroy(&gate->finished);
}

static inline enum app_err job_run(struct ctx *c, void *arg)
{
	struct job *job = arg;
	if (job->sql) {
		enum app_err err = db_exec(c, job->sql, BIND(), NULL);
		if (job->raises)
			db_signal(c, job->raises);
		return !err && job->fails ? ctx_fail(c, APP_FORBIDDEN, "no") : err;
	}
	sem_post(&job->gate->entered);
	sem_wait(&job->gate->go);
	return APP_OK;
}

static inline void job_finish(struct db_write *write, enum app_err err)
{
	struct job *job = (struct job *)write;
	job->result = err;
	sem_post(&job->gate->finished);
}

static inline enum app_err job_submit(struct store *s, struct job *job, struct gate *gate,
				      const char *sql)
{
	memset(job, 0, sizeof(*job));
	arena_init(&job->arena, 0);
	ctx_init(&job->c, &s->scene.app, &job->arena);
	job->sql = sql;
	job->gate = gate;
	job->write = (struct db_write){
		.c = &job->c, .run = job_run, .arg = job, .done = job_finish
	};
	return db_write_submit(s->db, &job->write);
}

/*
 * Submits again what was refused because the database was slower than a limit that the row has set.
 */
static inline bool gate_is_held(struct store *s, struct gate *gate, struct job *holder)
{
	if (!sem_trywait(&gate->entered))
		return true;
	if (!sem_trywait(&gate->finished)) {
		assert_int_equal(holder->result, APP_UNAVAILABLE);
		arena_done(&holder->arena);
		must(job_submit(s, holder, gate, NULL));
	}
	return false;
}

/* Occupies the writer; what is submitted until gate_release() shares the next transaction. */
static inline void gate_hold(struct store *s, struct gate *gate, struct job *holder)
{
	gate_init(gate);
	must(job_submit(s, holder, gate, NULL));
	AWAIT(gate_is_held(s, gate, holder));
}

/* Lets the writer go on and waits for the holder and `count` jobs. */
static inline void gate_release(struct gate *gate, struct job *holder, size_t count)
{
	sem_post(&gate->go);
	for (size_t i = 0; i <= count; i++)
		sem_wait(&gate->finished);
	arena_done(&holder->arena);
	gate_done(gate);
}

/* Has so many statements share a transaction, and each end as it says. */
static inline void store_share_commit(struct store *s, size_t count, const char *const *sql,
				      const enum app_err *results)
{
	struct gate gate;
	struct job holder, jobs[8];
	assert_true(count <= COUNT_OF(jobs));
	gate_hold(s, &gate, &holder);
	for (size_t i = 0; i < count; i++)
		must(job_submit(s, &jobs[i], &gate, sql[i]));
	gate_release(&gate, &holder, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(jobs[i].result, results[i]);
		arena_done(&jobs[i].arena);
	}
}

#endif
