/*
 * One piece of work at a full-text index, in a transaction of its own on the writer's connection,
 * and what the writer looks at to see whether there is any. When that is, fts.c says.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "core/app.h"
#include "core/log.h"
#include "state.h"

struct job {
	struct db_write write; /* first: done() gets its address */
	struct fts_index *index;
	fts_work_fn *work;
	int64_t number;
};

static enum app_err job_run(struct ctx *c, void *arg)
{
	struct job *job = arg;
	return job->work(c, job->index, &job->number);
}

static void job_done(struct db_write *write, enum app_err err)
{
	write->err = err;
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
	job->write.since_us = clock_monotonic_us();
	flushes_set(w, false);
	sqlite_commit(w, &job->write);
	flushes_set(w, true);
	return job->write.err;
}

enum app_err fts_work(struct sqlite_writer *w, struct fts_index *index, fts_work_fn *work,
		      int64_t *number)
{
	AUTO(arena) arena;
	struct ctx c;
	struct job job = { .index = index, .work = work, .number = *number };
	arena_init(&arena, 64 * 1024);
	ctx_init(&c, &w->fts->app, &arena);
	enum app_err err = job_do(w, &c, &job);
	if (err) {
		log_failure(&c, LOG_LEVEL_WARN, "a full-text index could not be worked at", err);
		w->fts->again_us = clock_monotonic_us() + MILLISECONDS_US(FTS_AGAIN_MS);
	}
	*number = job.number;
	return err;
}

/* ---- looking ---- */

/* A look that fails says no, and the next one asks again. */
bool fts_has_todo(struct sqlite_writer *w, const struct fts_index *index, int64_t rows)
{
	sqlite3_stmt *stmt = NULL;
	if (!w->conn || sqlite3_prepare_v2(w->conn->handle, index->any, -1, &stmt, NULL))
		return false;
	sqlite3_bind_int64(stmt, 1, rows - 1);
	bool has = sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return has;
}

/* Reads only, so it needs no transaction of the writer's making. */
struct fts_shape fts_shape_now(struct sqlite_writer *w, const struct fts_index *index)
{
	AUTO(ctx_own) own = { 0 };
	struct fts_shape shape = { 0 };
	if (!w->conn || sqlite_conn_control(w->conn, CONTROL_BEGIN_READ))
		return shape;
	struct db_session session = { .connection = w->conn, .deadline_us = INT64_MAX };
	ctx_own_init(&own, &w->fts->app);
	own.c.db = &session;
	enum app_err err = fts_shape(&own.c, index, &shape);
	own.c.db = NULL;
	sqlite_conn_control(w->conn, CONTROL_COMMIT);
	return err ? (struct fts_shape){ 0 } : shape;
}

int64_t fts_schema_now(struct sqlite_writer *w)
{
	sqlite3_stmt *stmt = NULL;
	int64_t version = -1;
	if (!sqlite3_prepare_v2(w->conn->handle, "PRAGMA schema_version", -1, &stmt, NULL) &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		version = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return version;
}

void fts_indexes_look(struct sqlite_writer *w)
{
	AUTO(ctx_own) own;
	struct fts_index *found = NULL;
	struct db_session session = { .connection = w->conn, .deadline_us = INT64_MAX };
	ctx_own_init(&own, &w->fts->app);
	/* Only to reach the writer's connection: sqlite_conn_of() wants a transaction. */
	if (sqlite_conn_control(w->conn, CONTROL_BEGIN_READ))
		return;
	own.c.db = &session;
	enum app_err err = fts_indexes_find(&own.c, &found);
	int64_t schema = fts_schema_now(w);
	own.c.db = NULL;
	sqlite_conn_control(w->conn, CONTROL_COMMIT);
	if (err)
		return;
	w->fts->schema = schema;
	fts_indexes_free(w->fts->indexes);
	w->fts->indexes = found;
	w->fts->todo = w->fts->due = found != NULL;
	w->conn->writer.schema_changed = false;
}
