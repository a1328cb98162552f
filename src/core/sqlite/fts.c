/*
 * When the writer works at full-text indexes: as soon as so many rows wait that a segment is worth it, between two commits;
 * all of them, and merging, once nobody has written for a moment; and a last time before it ends. What is on the
 * list is found by searches meanwhile. The work is committed without a flush: lost in a power cut, it is done again.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "core/app.h"
#include "core/log.h"
#include "fts.h"

enum {
	QUIET_MS = 100, /* without a write, before fewer rows than a step takes are indexed */
	AGAIN_MS =
		5000,  /* after a step that failed, and between looks for rows of other programs */
	END_MS = 1000, /* for what is left when the database is closed */
	LONG_QUIET_S = 60, /* without a write, before what takes long is merged */
	STEPS_MOST = 400,  /* after one commit: a hundred thousand rows */
};

struct sqlite_fts {
	struct app app; /* a copy that has the database already while it is being opened */
	struct fts_index *indexes;
	int64_t seen;    /* sqlite3_total_changes64() at the last look */
	int64_t changed; /* rows since the last step, lists included */
	int64_t written_us, quiet_us, again_us;
	bool todo; /* there may be rows on a list */
};

/* ---- one piece of work, in a transaction of its own ---- */

typedef enum app_err fts_work(struct ctx *c, struct fts_index *index, int64_t *ret_rows);

struct job {
	struct db_write write; /* first: done() gets its address */
	struct fts_index *index;
	fts_work *work;
	int64_t rows;
};

static enum app_err job_run(struct ctx *c, void *arg)
{
	struct job *job = arg;
	return job->work(c, job->index, &job->rows);
}

static void job_done(struct db_write *write, enum app_err err)
{
	write->err = err;
}

static int64_t now_us(void)
{
	return clock_system.monotonic_us(&clock_system);
}

static void flushes_set(struct sqlite_writer *w, bool flushes)
{
	if (!w->conn)
		return;
	sqlite3_exec(w->conn->handle,
		     flushes ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL", NULL, NULL,
		     NULL);
}

static enum app_err job_do(struct sqlite_writer *w, struct ctx *c, struct job *job)
{
	job->write.c = c;
	job->write.run = job_run;
	job->write.arg = job;
	job->write.done = job_done;
	job->write.slow = true;
	job->write.since_us = now_us();
	flushes_set(w, false);
	sqlite_commit(w, &job->write);
	flushes_set(w, true);
	return job->write.err;
}

static enum app_err index_work(struct sqlite_writer *w, struct fts_index *index, fts_work *work,
			       int64_t *ret_rows)
{
	AUTO(arena) arena;
	struct ctx c;
	struct job job = { .index = index, .work = work };
	arena_init(&arena, 64 * 1024);
	ctx_init(&c, &w->fts->app, &arena);
	enum app_err err = job_do(w, &c, &job);
	if (err) {
		log_failure(&c, LOG_LEVEL_WARN, "a full-text index could not be worked at", err);
		w->fts->again_us = now_us() + MILLISECONDS_US(AGAIN_MS);
	}
	*ret_rows = job.rows;
	return err;
}

static enum app_err work_merge(struct ctx *c, struct fts_index *index, int64_t *ret_rows)
{
	(void)ret_rows;
	return fts_merge(c, index);
}

static enum app_err work_check(struct ctx *c, struct fts_index *index, int64_t *ret_rows)
{
	(void)ret_rows;
	return fts_check(c, index);
}

static enum app_err work_compare(struct ctx *c, struct fts_index *index, int64_t *ret_rows)
{
	(void)ret_rows;
	return fts_compare(c, index);
}

static enum app_err work_renew(struct ctx *c, struct fts_index *index, int64_t *ret_rows)
{
	(void)ret_rows;
	return fts_renew(c, index);
}

/* ---- what is to be done ---- */

/* Whether the list has a row; a look that fails says no, and the next one asks again. */
static bool has_todo(struct sqlite_writer *w, const struct fts_index *index)
{
	sqlite3_stmt *stmt = NULL;
	if (!w->conn || sqlite3_prepare_v2(w->conn->handle, index->any, -1, &stmt, NULL))
		return false;
	bool has = sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return has;
}

static void index_renew(struct sqlite_writer *w, struct fts_index *index)
{
	int64_t unused = 0;
	if (!index_work(w, index, work_renew, &unused))
		w->fts->todo = true;
}

/* After an error that only a damaged index makes. */
static void damage_mend(struct sqlite_writer *w)
{
	int64_t unused = 0;
	w->sqlite->fts_damaged = false;
	for (struct fts_index *index = w->fts->indexes; index; index = index->next)
		if (index_work(w, index, work_check, &unused) == APP_CONFLICT)
			index_renew(w, index);
	w->sqlite->fts_damaged = false;
}

/* The first time that all is done: an index that was moved here without its table, or the other way round, is noticed. */
static void index_compare(struct sqlite_writer *w, struct fts_index *index)
{
	int64_t unused = 0;
	if (index->compared || has_todo(w, index))
		return;
	index->compared = true;
	if (index_work(w, index, work_compare, &unused) == APP_CONFLICT)
		index_renew(w, index);
}

/* Reads only, so it needs no transaction of the writer's making; all zero when it fails, and then nothing is merged. */
static struct fts_shape shape_of(struct sqlite_writer *w, const struct fts_index *index)
{
	AUTO(arena) arena;
	struct ctx c;
	struct fts_shape shape = { 0 };
	arena_init(&arena, 0);
	if (!w->conn || sqlite_conn_control(w->conn, CONTROL_BEGIN_READ))
		return shape;
	struct db_session session = { .connection = w->conn, .deadline_us = INT64_MAX };
	ctx_init(&c, &w->fts->app, &arena);
	c.db = &session;
	enum app_err err = fts_shape(&c, index, &shape);
	c.db = NULL;
	sqlite_conn_control(w->conn, CONTROL_COMMIT);
	return err ? (struct fts_shape){ 0 } : shape;
}

static bool has_merge(const struct fts_shape *shape)
{
	return shape->under_way || shape->merge_segments >= FTS_MERGE_LEAST;
}

/* While others write: when there are many segments. */
static void index_relieve(struct sqlite_writer *w, struct fts_index *index)
{
	int64_t unused = 0;
	struct fts_shape shape = shape_of(w, index);
	if (shape.segments < FTS_SEGMENTS_MANY || !has_merge(&shape) ||
	    (shape.merge_pages > FTS_MERGE_SMALL && shape.segments < FTS_SEGMENTS_MOST))
		return;
	while (!index_work(w, index, work_merge, &unused) && shape.segments > FTS_SEGMENTS_MOST)
		shape = shape_of(w, index);
}

/* While nobody does; false when there is nothing to merge, or nothing yet. */
static bool index_merge(struct sqlite_writer *w, struct fts_index *index)
{
	int64_t unused = 0;
	struct fts_shape shape = shape_of(w, index);
	index->merged = !has_merge(&shape);
	bool long_quiet = now_us() - w->fts->written_us >= SECONDS_US(LONG_QUIET_S);
	if (index->merged || (shape.merge_pages > FTS_MERGE_SMALL && !long_quiet))
		return false;
	return !index_work(w, index, work_merge, &unused);
}

/* One step at each index; false when there was nothing to do, or it failed. */
static bool indexes_step(struct sqlite_writer *w)
{
	bool any = false;
	w->fts->todo = false;
	for (struct fts_index *index = w->fts->indexes; index; index = index->next) {
		int64_t rows = 0;
		if (!has_todo(w, index))
			continue;
		if (index_work(w, index, fts_step, &rows))
			continue;
		any = any || rows;
		index_relieve(w, index);
	}
	w->fts->todo = any;
	return any;
}

static bool is_resting(const struct sqlite_writer *w)
{
	return !w->fts->indexes || (now_us() < w->fts->again_us && !w->sqlite->fts_damaged);
}

/* ---- which indexes there are ---- */

static void indexes_look(struct sqlite_writer *w)
{
	AUTO(arena) arena;
	struct ctx c;
	struct fts_index *found = NULL;
	struct db_session session = { .connection = w->conn, .deadline_us = INT64_MAX };
	arena_init(&arena, 0);
	ctx_init(&c, &w->fts->app, &arena);
	/* Only to reach the writer's connection: sqlite_conn_of() wants a transaction. */
	if (sqlite_conn_control(w->conn, CONTROL_BEGIN_READ))
		return;
	c.db = &session;
	enum app_err err = fts_indexes_find(&c, &found);
	c.db = NULL;
	sqlite_conn_control(w->conn, CONTROL_COMMIT);
	if (err)
		return;
	fts_indexes_free(w->fts->indexes);
	w->fts->indexes = found;
	w->fts->todo = found != NULL;
	w->conn->schema_changed = false;
}

/* ---- the interface ---- */

void sqlite_fts_open(struct sqlite_writer *w)
{
	w->fts = mem_new(1, sizeof(*w->fts));
	w->fts->app = *w->app;
	w->fts->app.db = w->sqlite->db;
	w->fts->written_us = now_us();
	w->conn->schema_changed = true;
}

void sqlite_fts_close(struct sqlite_writer *w)
{
	fts_indexes_free(w->fts->indexes);
	free(w->fts);
}

/* How many rows this commit changed, as an upper bound: each row of a list is one, and what brought it there another. */
static void changes_count(struct sqlite_writer *w)
{
	struct sqlite_fts *fts = w->fts;
	int64_t now = sqlite3_total_changes64(w->conn->handle);
	if (now < fts->seen) /* the connection was replaced */
		fts->seen = 0;
	fts->changed += now - fts->seen;
	fts->todo = fts->todo || now != fts->seen;
	fts->seen = now;
	fts->written_us = now_us();
	fts->quiet_us = fts->written_us + MILLISECONDS_US(QUIET_MS);
}

void sqlite_fts_committed(struct sqlite_writer *w)
{
	if (!w->conn)
		return;
	if (w->conn->schema_changed)
		indexes_look(w);
	if (!w->fts->indexes)
		return;
	changes_count(w);
	int64_t steps = w->fts->changed / 2 / FTS_STEP_ROWS;
	if (!steps || is_resting(w))
		return;
	w->fts->changed = 0;
	for (int64_t i = 0; i < steps && i < STEPS_MOST; i++)
		if (!indexes_step(w))
			break;
	w->fts->todo = true;
	w->fts->seen = w->conn ? sqlite3_total_changes64(w->conn->handle) : 0;
}

static bool merge_one(struct sqlite_writer *w)
{
	for (struct fts_index *index = w->fts->indexes; index; index = index->next) {
		if (!index->merged && index_merge(w, index))
			return true;
		index_compare(w, index);
	}
	return false;
}

bool sqlite_fts_idle(struct sqlite_writer *w)
{
	if (!w->conn)
		return false;
	if (w->conn->schema_changed)
		indexes_look(w);
	if (is_resting(w))
		return false;
	if (w->sqlite->fts_damaged) {
		damage_mend(w);
		w->fts->again_us = 0;
	}
	if (w->fts->todo && now_us() < w->fts->quiet_us)
		return false;
	w->fts->changed = 0;
	bool any = (w->fts->todo && indexes_step(w)) || merge_one(w);
	w->fts->seen = w->conn ? sqlite3_total_changes64(w->conn->handle) : 0;
	return any;
}

int64_t sqlite_fts_wait_us(struct sqlite_writer *w)
{
	struct sqlite_fts *fts = w->fts;
	int64_t now = now_us(), until = now + MILLISECONDS_US(AGAIN_MS);
	if (!fts->indexes)
		return -1;
	if (fts->todo)
		until = fts->quiet_us > fts->again_us ? fts->quiet_us : fts->again_us;
	return until > now ? until - now : 0;
}

void sqlite_fts_look(struct sqlite_writer *w)
{
	w->fts->todo = true;
}

void sqlite_fts_drain(struct sqlite_writer *w)
{
	int64_t until = now_us() + MILLISECONDS_US(END_MS);
	if (!w->conn || w->conn->suspect || is_resting(w))
		return;
	while (now_us() < until && indexes_step(w))
		;
}
