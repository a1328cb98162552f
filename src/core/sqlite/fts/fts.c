/*
 * What the writer does at full-text indexes, in pieces that writer/writer.c calls for: rows of a
 * list are indexed as soon as so many wait that a segment is worth it, all of them and merging
 * once nobody has written for a moment, and a last time before it ends. What is on the list is
 * found by searches meanwhile. The work is committed without a flush: lost in a power cut, it is
 * done again.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/db_signal.h"
#include "state.h"

enum {
	QUIET_MS = 100,    /* without a write, before fewer rows than a step takes are indexed */
	LOOK_MS = 1000,    /* between looks for rows of other programs */
	END_MS = 1000,     /* for what is left when the database is closed */
	LONG_QUIET_S = 60, /* without a write, before what takes long is merged */
};

/* ---- what a piece does ---- */

static enum app_err work_merge(struct ctx *c, struct fts_index *index, int64_t *pages)
{
	return fts_merge(c, index, *pages);
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

static void index_renew(struct sqlite_writer *w, struct fts_index *index)
{
	int64_t unused = 0;
	if (!fts_work(w, index, work_renew, &unused))
		w->fts->todo = w->fts->due = true;
}

static bool is_quiet(const struct sqlite_writer *w)
{
	return clock_monotonic_us() >= w->fts->quiet_us;
}

static bool has_indexes(struct sqlite_writer *w)
{
	if (w->conn && w->conn->writer.schema_changed)
		fts_indexes_look(w);
	return w->conn && w->fts->indexes;
}

static bool is_resting(struct sqlite_writer *w)
{
	return !has_indexes(w) || clock_monotonic_us() < w->fts->again_us;
}

/* ---- the interface ---- */

static void on_signal(void *arg, unsigned signals)
{
	struct sqlite_writer *w = arg;
	if (!(signals & DB_SEARCH))
		return;
	atomic_store(&w->fts->heard, true);
	sqlite_writer_wake(w);
}

void sqlite_fts_open(struct sqlite_writer *w)
{
	w->fts = mem_new(1, sizeof(*w->fts));
	w->fts->app = *w->app;
	w->fts->app.db = w->sqlite->db;
	w->fts->written_us = clock_monotonic_us();
	w->conn->writer.schema_changed = true;
	db_signal_listen(w->sqlite->db, on_signal, w);
}

void sqlite_fts_close(struct sqlite_writer *w)
{
	db_signal_unlisten(w->sqlite->db, on_signal, w);
	fts_indexes_free(w->fts->indexes);
	free(w->fts);
}

/* What the writer did itself is nothing that waits. */
static void changes_pass(struct sqlite_writer *w)
{
	w->fts->seen = w->conn ? sqlite3_total_changes64(w->conn->handle) : 0;
	w->fts->log_pages = w->conn ? w->conn->writer.wal_pages : 0;
}

/* A log that has started over is as long as it is now. */
static void log_growth_note(struct sqlite_writer *w)
{
	struct sqlite_fts *fts = w->fts;
	int pages = w->conn->writer.wal_pages;
	fts->grown += pages < fts->log_pages ? pages : pages - fts->log_pages;
	fts->log_pages = pages;
	if (fts->grown < FTS_OWED_PAGES)
		return;
	fts->grown = 0;
	fts->due = true;
	for (struct fts_index *index = fts->indexes; index; index = index->next)
		index->owed = true;
}

/* Of the index whose texts are the longest. */
static int64_t least_step_rows(const struct sqlite_fts *fts)
{
	int64_t least = FTS_STEP_ROWS;
	for (const struct fts_index *index = fts->indexes; index; index = index->next)
		least = index->step_rows < least ? index->step_rows : least;
	return least;
}

/*
 * How many rows this commit changed, as an upper bound: each row of a list is one, and what brought
 * it there another.
 */
void sqlite_fts_committed(struct sqlite_writer *w)
{
	struct sqlite_fts *fts = w->fts;
	fts->brought = 0;
	if (!w->conn)
		return;
	int64_t now = sqlite3_total_changes64(w->conn->handle);
	if (now < fts->seen) /* the connection was replaced */
		fts->seen = 0;
	fts->brought = (now - fts->seen) / 2;
	fts->changed += now - fts->seen;
	fts->todo = fts->todo || now != fts->seen;
	fts->due = fts->due || fts->changed / 2 >= least_step_rows(fts);
	log_growth_note(w);
	w->sqlite->fts_waits = fts->due && fts->indexes;
	fts->seen = now;
	fts->written_us = clock_monotonic_us();
	fts->quiet_us = fts->written_us + MILLISECONDS_US(QUIET_MS);
}

static int64_t behind_rows(const struct fts_index *index)
{
	int64_t rows = FTS_BEHIND_STEPS * index->step_rows;
	int64_t by_text = FTS_BEHIND_TEXT / index->row_bytes;
	return by_text < 1 ? 1 : by_text < rows ? by_text : rows;
}

int64_t sqlite_fts_behind(struct sqlite_writer *w)
{
	const struct sqlite_fts *fts = w->fts;
	/* a checkpoint and a merge may come with each step */
	int64_t pieces = 3 * fts->brought / least_step_rows(fts);
	if (!fts->due || !pieces || is_resting(w))
		return 0;
	bool is_behind = false;
	for (struct fts_index *index = fts->indexes; index && !is_behind; index = index->next)
		is_behind = fts_has_todo(w, index, behind_rows(index));
	return !is_behind ? 0 : pieces < FTS_BEHIND_PIECES ? pieces : FTS_BEHIND_PIECES;
}

/* ---- the pieces ---- */

bool sqlite_fts_step(struct sqlite_writer *w)
{
	struct sqlite_fts *fts = w->fts;
	bool quiet = is_quiet(w);
	if (is_resting(w) || !(quiet ? fts->todo : fts->due))
		return false;
	for (struct fts_index *index = fts->indexes; index; index = index->next) {
		int64_t rows = 0, enough = quiet || index->owed ? 1 : index->step_rows;
		index->owed = false;
		if (!fts_has_todo(w, index, enough))
			continue;
		bool done = !fts_work(w, index, fts_step, &rows);
		changes_pass(w);
		fts->stepped = true;
		return done && rows;
	}
	fts->changed = 0;
	fts->due = false;
	w->sqlite->fts_waits = false;
	fts->todo = fts->todo && !quiet;
	return false;
}

/*
 * While others write only when there are many segments, and more at a time the more there are; all
 * of it when nobody does.
 */
static bool is_merge_due(struct sqlite_writer *w, const struct fts_shape *shape)
{
	bool small = shape->merge_pages <= FTS_MERGE_SMALL;
	if (is_quiet(w))
		return small ||
		       clock_monotonic_us() - w->fts->written_us >= SECONDS_US(LONG_QUIET_S);
	return shape->segments >= FTS_SEGMENTS_MANY &&
	       (small || shape->segments >= FTS_SEGMENTS_MOST);
}

static bool index_merge(struct sqlite_writer *w, struct fts_index *index)
{
	struct fts_shape shape = fts_shape_now(w, index);
	index->merged = !shape.under_way && shape.merge_segments < FTS_MERGE_LEAST;
	if (index->merged || !is_merge_due(w, &shape))
		return false;
	int64_t pages = FTS_MERGE_PAGES * (1 + shape.segments / FTS_SEGMENTS_MANY);
	bool done = !fts_work(w, index, work_merge, &pages);
	changes_pass(w);
	return done;
}

bool sqlite_fts_merge(struct sqlite_writer *w)
{
	if (is_resting(w) || !(is_quiet(w) || w->fts->stepped))
		return false;
	w->fts->stepped = false;
	for (struct fts_index *index = w->fts->indexes; index; index = index->next)
		if (!index->merged && index_merge(w, index))
			return true;
	return false;
}

/* After an error that only a damaged index makes. */
bool sqlite_fts_mend(struct sqlite_writer *w)
{
	int64_t unused = 0;
	if (!has_indexes(w) || !w->sqlite->fts_damaged)
		return false;
	w->sqlite->fts_damaged = false;
	for (struct fts_index *index = w->fts->indexes; index; index = index->next)
		if (fts_work(w, index, work_check, &unused) == APP_CONFLICT)
			index_renew(w, index);
	w->sqlite->fts_damaged = false;
	w->fts->again_us = 0;
	changes_pass(w);
	return true;
}

bool sqlite_fts_compare(struct sqlite_writer *w)
{
	int64_t unused = 0;
	if (is_resting(w) || !is_quiet(w))
		return false;
	for (struct fts_index *index = w->fts->indexes; index; index = index->next) {
		if (index->compared || fts_has_todo(w, index, 1))
			continue;
		index->compared = true;
		if (fts_work(w, index, work_compare, &unused) == APP_CONFLICT)
			index_renew(w, index);
		changes_pass(w);
		return true;
	}
	return false;
}

int64_t sqlite_fts_wait_us(struct sqlite_writer *w)
{
	struct sqlite_fts *fts = w->fts;
	int64_t now = clock_monotonic_us(), until = now + MILLISECONDS_US(LOOK_MS);
	if (fts->heard || (w->sqlite->fts_damaged && fts->indexes && w->conn))
		return 0;
	if (fts->todo && fts->indexes && w->conn)
		until = fts->quiet_us > fts->again_us ? fts->quiet_us : fts->again_us;
	return until > now ? until - now : 0;
}

void sqlite_fts_look(struct sqlite_writer *w)
{
	w->fts->heard = false;
	w->fts->todo = true;
	if (w->conn && fts_schema_now(w) != w->fts->schema)
		w->conn->writer.schema_changed = true;
}

void sqlite_fts_drain(struct sqlite_writer *w)
{
	int64_t until = clock_monotonic_us() + MILLISECONDS_US(END_MS);
	if (!w->conn || w->conn->suspect)
		return;
	w->fts->quiet_us = 0;
	while (clock_monotonic_us() < until && sqlite_fts_step(w))
		;
	if (w->fts->indexes && w->fts->todo)
		db_signals_tell(w->sqlite->db, DB_SEARCH);
}
