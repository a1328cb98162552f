/*
 * One step of work at a full-text index, inside a write: indexing rows of the list, merging segments, beginning anew. Each
 * is short, so that whoever wants to write waits a few milliseconds at most; a step that is lost leaves the list as it was.
 */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "core/text.h"
#include "fts.h"

enum {
	STEP_MS = 5,
	STEP_BYTES = 1024 * 1024, /* of text */
	MERGE_AT_ONCE = 1999,     /* segments of one level that FTS5 merges by itself: never */
};

static const char SQL_OWN[] = "SELECT sql FROM sqlite_schema WHERE name = $1";

/* ---- indexing ---- */

struct row {
	int64_t id;
	const char *text; /* NULL: the row is gone */
	size_t len;
};

static enum app_err rows_take(struct ctx *c, const struct fts_index *index, struct row *ret,
			      size_t *ret_count)
{
	AUTO(db_rows) rows = { 0 };
	size_t count = 0, bytes = 0;
	bool has_row = false;
	enum app_err err = sqlite_query(c, index->take, BIND(FTS_STEP_ROWS), &rows);
	while (!err && bytes < STEP_BYTES && !(err = sqlite_rows_next(&rows, &has_row)) &&
	       has_row) {
		struct row *row = &ret[count++];
		const char *text = sqlite_column_text(&rows, 1, &row->len);
		row->id = sqlite_column_int(&rows, 0);
		row->text = text ? arena_strndup(c->arena, text, row->len) : NULL;
		bytes += text ? row->len : 0;
	}
	*ret_count = count;
	return err;
}

/* So that a beginning can be completed: every word of the index is in <index>_words, at least those that still occur. */
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

static enum app_err row_index(struct ctx *c, struct fts_index *index, const struct row *row)
{
	if (!row->text)
		return sqlite_exec(c, index->drop, BIND(row->id), NULL);
	const char *words = text_words(c->arena, row->text, row->len, NULL);
	enum app_err err = words_learn(c, index, words);
	return err ? err : sqlite_exec(c, index->put, BIND(row->id, words), NULL);
}

static enum app_err rows_index(struct ctx *c, struct fts_index *index, const struct row *rows,
			       size_t count, int64_t *ret_rows)
{
	int64_t until_us = clock_system.monotonic_us(&clock_system) + MILLISECONDS_US(STEP_MS);
	size_t at = 0;
	enum app_err err = APP_OK;
	for (; !err && at < count; at++) {
		if (at && clock_system.monotonic_us(&clock_system) >= until_us)
			break;
		err = row_index(c, index, &rows[at]);
	}
	if (!err && at)
		err = sqlite_exec(c, index->done, BIND(rows[at - 1].id), NULL);
	*ret_rows = (int64_t)at;
	return err;
}

static enum app_err count_read(struct ctx *c, const char *sql, int64_t *ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = sqlite_query(c, sql, BIND(), &rows);
	if (!err)
		err = sqlite_rows_next(&rows, &has_row);
	if (!err && has_row)
		*ret = sqlite_column_int(&rows, 0);
	return err;
}

/* Merging is our business, in pieces: FTS5 would do it in the middle of a write, all at once. */
static enum app_err index_configure(struct ctx *c, struct fts_index *index)
{
	int64_t automerge = -1;
	enum app_err err = APP_OK;
	if (!index->configured)
		err = count_read(c, index->config, &automerge);
	if (!err && !index->configured && automerge)
		err = sqlite_exec(c, index->merge, BIND("automerge", 0), NULL);
	if (!err && !index->configured && automerge)
		err = sqlite_exec(c, index->merge, BIND("crisismerge", MERGE_AT_ONCE), NULL);
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
	index->merges = index->merges || count;
	/* What it learned is undone with the rest. */
	if (err)
		memset(index->known, 0, FTS_KNOWN * sizeof(*index->known));
	return err;
}

/* ---- merging ---- */

enum app_err fts_merge(struct ctx *c, struct fts_index *index)
{
	struct sqlite_conn *conn = c->db->connection;
	int64_t before = sqlite3_total_changes64(conn->handle);
	enum app_err err = sqlite_exec(c, index->merge, BIND("merge", FTS_MERGE_PAGES), NULL);
	/* As the manual of FTS5 says: a merge that found nothing to do changes one row at most. */
	index->merges = !err && sqlite3_total_changes64(conn->handle) - before >= 2;
	return err;
}

/* A variable-length integer of SQLite; reads none past the end. */
static int64_t varint(const unsigned char **at, const unsigned char *end)
{
	uint64_t value = 0;
	for (int i = 0; i < 9 && *at < end; i++) {
		unsigned char byte = *(*at)++;
		if (i == 8)
			return (int64_t)(value << 8 | byte);
		value = value << 7 | (byte & 0x7F);
		if (byte < 0x80)
			break;
	}
	return (int64_t)value;
}

/* The number at a place in a record of FTS5: `skip` bytes, then `before` numbers, then this one. 0: there is no record. */
static enum app_err record_number(struct ctx *c, const char *sql, size_t skip, int before,
				  int64_t *ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	size_t len = 0;
	enum app_err err = sqlite_query(c, sql, BIND(), &rows);
	if (!err)
		err = sqlite_rows_next(&rows, &has_row);
	if (err)
		return err;
	const char *bytes = has_row ? sqlite_column_text(&rows, 0, &len) : NULL;
	const unsigned char *at = (const unsigned char *)bytes, *end = at + len;
	*ret = 0;
	if (!bytes || len <= skip)
		return APP_OK;
	at += skip;
	for (int i = 0; i <= before; i++)
		*ret = varint(&at, end);
	return APP_OK;
}

/* The structure record: a cookie of four bytes, the number of levels, that of segments. */
enum app_err fts_segments(struct ctx *c, const struct fts_index *index, int64_t *ret)
{
	return record_number(c, index->structure, 4, 1, ret);
}

/* ---- whether it is true, and beginning anew ---- */

enum app_err fts_check(struct ctx *c, const struct fts_index *index)
{
	enum app_err err = sqlite_exec(c, index->merge, BIND("integrity-check", 0), NULL);
	if (!err)
		return APP_OK;
	app_recover(c);
	return app_fail(c, APP_CONFLICT, "the full-text index %s is damaged", index->name);
}

/* The record of averages begins with the number of rows. */
enum app_err fts_compare(struct ctx *c, const struct fts_index *index)
{
	int64_t indexed = 0, rows = 0;
	enum app_err err = record_number(c, index->rows, 0, 0, &indexed);
	if (!err)
		err = count_read(c, index->source_rows, &rows);
	if (err || rows == indexed)
		return err;
	return app_fail(c, APP_CONFLICT, "the full-text index %s has %lld rows and its table %lld",
			index->name, (long long)indexed, (long long)rows);
}

static enum app_err own_sql(struct ctx *c, const struct fts_index *index, const char **ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = sqlite_query(c, SQL_OWN, BIND(index->name), &rows);
	if (!err)
		err = sqlite_rows_next(&rows, &has_row);
	if (!err)
		*ret = has_row ? arena_strdup(c->arena, sqlite_column_text(&rows, 0, NULL)) : "";
	return err;
}

/* Made again from its own definition: what is damaged cannot be emptied row by row. */
enum app_err fts_renew(struct ctx *c, struct fts_index *index)
{
	const char *sql;
	enum app_err err = own_sql(c, index, &sql);
	if (err)
		return err;
	const char *name = index->name;
	const char *script = arena_printf(
		c->arena,
		"DROP TABLE %s; %s; DELETE FROM %s_words; DELETE FROM %s_todo; "
		"INSERT INTO %s_todo (id) SELECT id FROM %s_source ORDER BY id",
		name, sql, name, name, name, name);
	memset(index->known, 0, FTS_KNOWN * sizeof(*index->known));
	index->configured = false;
	index->compared = true;
	return sqlite_script(c, script, strlen(script), 1);
}
