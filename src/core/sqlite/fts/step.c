/*
 * One step of work at a full-text index, inside a write: indexing rows of the list, beginning
 * anew. Each is short, so that whoever wants to write waits a few milliseconds
 * at most; a step that is lost leaves the list as it was.
 */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "core/sqlite/rows.h"
#include "core/text.h"
#include "state.h"

enum {
	STEP_MS = 5,
	MERGE_AT_ONCE = 1999, /* segments of one level that FTS5 merges by itself: never */
};

static const char SQL_OWN[] = "SELECT sql FROM sqlite_schema WHERE name = $1";

enum app_err fts_count(struct ctx *c, const char *sql, int64_t *ret)
{
	SQLITE_ROWS rows = { 0 };
	bool has_row = false;
	enum app_err err = sqlite_query(c, sql, BIND(), &rows);
	if (!err)
		err = sqlite_rows_next(&rows, &has_row);
	if (!err && has_row)
		*ret = sqlite_column_int(&rows, 0);
	return err;
}

/* ---- indexing ---- */

struct row {
	int64_t id;
	const char *text; /* NULL: the row is gone */
	size_t len;
};

static enum app_err rows_take(struct ctx *c, const struct fts_index *index, struct row *ret,
			      size_t *ret_count)
{
	SQLITE_ROWS rows = { 0 };
	size_t count = 0, bytes = 0;
	bool has_row = false;
	enum app_err err = sqlite_query(c, index->take, BIND(FTS_STEP_ROWS), &rows);
	while (!err && bytes < FTS_STEP_TEXT && !(err = sqlite_rows_next(&rows, &has_row)) &&
	       has_row) {
		struct row *row = &ret[count++];
		const char *text = sqlite_column_text(&rows, 1, &row->len);
		row->id = sqlite_column_int(&rows, 0);
		row->len = text ? row->len : 0;
		row->text = text ? arena_strndup(c->arena, text, row->len) : NULL;
		bytes += row->len;
	}
	*ret_count = count;
	return err;
}

/*
 * So that a beginning can be completed: every word of the index is in <index>_words, at least those
 * that still occur.
 */
static enum app_err words_learn(struct ctx *c, struct fts_index *index, const char *words)
{
	enum app_err err = APP_OK;
	while (!err && *words) {
		size_t len = strcspn(words, " ");
		uint64_t hash = map_hash(words, len) | 1;
		uint64_t *known = &index->known[hash % FTS_KNOWN];
		if (*known != hash)
			err = sqlite_exec(c, index->word, BIND(arena_strndup(c->arena, words, len)),
					  NULL);
		*known = hash;
		words += len + (words[len] == ' ');
	}
	return err;
}

/* Rows past `last`, the highest that is indexed, have nothing to be taken out first. */
static enum app_err row_index(struct ctx *c, struct fts_index *index, const struct row *row,
			      int64_t last)
{
	if (!row->text)
		return sqlite_exec(c, index->drop, BIND(row->id), NULL);
	const char *words = text_words(c->arena, row->text, row->len, NULL);
	enum app_err err = words_learn(c, index, words);
	if (err)
		return err;
	return sqlite_exec(c, row->id > last ? index->add : index->put, BIND(row->id, words), NULL);
}

/* So that long texts are done in more steps, and do not wait for a hundred of their like. */
static void lengths_learn(struct fts_index *index, const struct row *rows, size_t count)
{
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += rows[i].len;
	index->row_bytes = 1 + (int64_t)(bytes / count);
	int64_t fit = FTS_PIECE_TEXT / index->row_bytes;
	index->step_rows = fit < 1 ? 1 : fit > FTS_STEP_ROWS ? FTS_STEP_ROWS : fit;
}

static enum app_err rows_index(struct ctx *c, struct fts_index *index, const struct row *rows,
			       size_t count, int64_t *ret_rows)
{
	int64_t until_us = clock_monotonic_us() + MILLISECONDS_US(STEP_MS);
	int64_t last = 0;
	size_t at = 0;
	enum app_err err = fts_count(c, index->last, &last);
	for (; !err && at < count; at++) {
		if (at && clock_monotonic_us() >= until_us)
			break;
		err = row_index(c, index, &rows[at], last);
	}
	if (!err && at)
		err = sqlite_exec(c, index->done, BIND(rows[at - 1].id), NULL);
	if (at)
		lengths_learn(index, rows, at);
	*ret_rows = (int64_t)at;
	return err;
}

/*
 * Merging is our business, in pieces: FTS5 would do it in the middle of a write, all at once. The
 * page size is set last, and says that the rest is; one that a croft of before has configured has
 * another.
 */
static enum app_err index_configure(struct ctx *c, struct fts_index *index)
{
	static const struct {
		const char *name;
		int64_t value;
	} settings[] = { { "automerge", 0 },
			 { "crisismerge", MERGE_AT_ONCE },
			 { "usermerge", FTS_MERGE_LEAST },
			 { "pgsz", FTS_PAGE_BYTES } };
	int64_t page_bytes = 0;
	if (index->configured)
		return APP_OK;
	enum app_err err = fts_count(c, index->config, &page_bytes);
	for (size_t i = 0; !err && page_bytes != FTS_PAGE_BYTES && i < COUNT_OF(settings); i++)
		err = sqlite_exec(c, index->merge, BIND(settings[i].name, settings[i].value), NULL);
	index->configured = !err;
	return err;
}

enum app_err fts_step(struct ctx *c, struct fts_index *index, int64_t *ret_rows)
{
	struct row *rows = arena_raw(c->arena, FTS_STEP_ROWS * sizeof(*rows));
	size_t count = 0;
	enum app_err err = index_configure(c, index);
	if (!err)
		err = rows_take(c, index, rows, &count);
	if (!err)
		err = rows_index(c, index, rows, count, ret_rows);
	index->merged = index->merged && !count;
	/* What it learned is undone with the rest. */
	if (err)
		memset(index->known, 0, FTS_KNOWN * sizeof(*index->known));
	return err;
}

/* ---- beginning anew ---- */

static enum app_err own_sql(struct ctx *c, const struct fts_index *index, const char **ret)
{
	SQLITE_ROWS rows = { 0 };
	bool has_row = false;
	enum app_err err = sqlite_query(c, SQL_OWN, BIND(index->name), &rows);
	if (!err)
		err = sqlite_rows_next(&rows, &has_row);
	if (!err)
		*ret = has_row ? arena_strdup(c->arena, sqlite_column_text(&rows, 0, NULL)) : "";
	return err;
}

/* Made again from its own definition: what is damaged cannot be emptied row by row. */
const char *fts_renew_script(struct arena *arena, const char *name, const char *sql)
{
	return arena_printf(arena,
			    "DROP TABLE %s; %s; DELETE FROM %s_words; DELETE FROM %s_todo; "
			    "INSERT INTO %s_todo (id) SELECT id FROM %s_source ORDER BY id",
			    name, sql, name, name, name, name);
}

enum app_err fts_renew(struct ctx *c, struct fts_index *index)
{
	const char *sql;
	enum app_err err = own_sql(c, index, &sql);
	if (err)
		return err;
	const char *script = fts_renew_script(c->arena, index->name, sql);
	memset(index->known, 0, FTS_KNOWN * sizeof(*index->known));
	index->configured = false;
	index->compared = true;
	return sqlite_script(c, script, strlen(script), 1);
}

/* ---- asked for by others than the writer ---- */

enum app_err sqlite_search_step(struct ctx *c, int64_t *ret_rows)
{
	struct fts_index *indexes = NULL;
	enum app_err err = fts_indexes_find(c, &indexes);
	*ret_rows = 0;
	for (struct fts_index *index = indexes; !err && index; index = index->next) {
		int64_t rows = 0;
		err = fts_step(c, index, &rows);
		*ret_rows += rows;
	}
	fts_indexes_free(indexes);
	return err;
}

enum app_err sqlite_search_renew(struct ctx *c)
{
	struct fts_index *indexes = NULL;
	enum app_err err = fts_indexes_find(c, &indexes);
	for (struct fts_index *index = indexes; !err && index; index = index->next)
		err = fts_renew(c, index);
	fts_indexes_free(indexes);
	return err;
}
