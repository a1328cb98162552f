/*
 * What an index is like inside: its segments, which are merged, and whether it holds together and
 * has the rows of its table. Inside a write.
 */
#include "base/arena.h"
#include "core/sqlite/rows.h"
#include "state.h"

enum app_err fts_merge(struct ctx *c, struct fts_index *index, int64_t pages)
{
	return sqlite_exec(c, index->merge, BIND("merge", pages), NULL);
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

/* A record of FTS5, in the arena; *ret_end is where it begins when there is none. */
static enum app_err record_read(struct ctx *c, const char *sql, const unsigned char **ret_at,
				const unsigned char **ret_end)
{
	SQLITE_ROWS rows = { 0 };
	bool has_row = false;
	size_t len = 0;
	enum app_err err = sqlite_query(c, sql, BIND(), &rows);
	if (!err)
		err = sqlite_rows_next(&rows, &has_row);
	if (err)
		return err;
	const char *bytes = has_row ? sqlite_column_text(&rows, 0, &len) : NULL;
	*ret_at = (const unsigned char *)arena_strndup(c->arena, bytes ? bytes : "", len);
	*ret_end = *ret_at + len;
	return APP_OK;
}

/*
 * One level: how many of its segments are being merged, how many it has, then number, first and
 * last page of each.
 */
static struct fts_shape level_read(const unsigned char **at, const unsigned char *end)
{
	struct fts_shape level = { .merge_segments = varint(at, end) };
	level.under_way = level.merge_segments > 0;
	level.segments = varint(at, end);
	for (int64_t i = 0; i < level.segments && *at < end; i++) {
		varint(at, end);
		int64_t first = varint(at, end), last = varint(at, end);
		level.merge_pages += last - first + 1;
	}
	if (!level.under_way)
		level.merge_segments = level.segments;
	return level;
}

/*
 * The structure record: a cookie of four bytes, the number of levels, that of segments, a counter,
 * the levels. FTS5 takes the level with the most segments; it looks no further than one that is
 * being merged.
 */
enum app_err fts_shape(struct ctx *c, const struct fts_index *index, struct fts_shape *ret)
{
	enum { COOKIE = 4 };
	const unsigned char *at, *end;
	struct fts_shape shape = { 0 };
	enum app_err err = record_read(c, index->structure, &at, &end);
	if (!err && end - at > COOKIE) {
		at += COOKIE;
		int64_t levels = varint(&at, end);
		shape.segments = varint(&at, end);
		varint(&at, end);
		bool under_way = false;
		for (int64_t i = 0; i < levels && at < end && !under_way; i++) {
			struct fts_shape level = level_read(&at, end);
			under_way = level.under_way;
			level.segments = shape.segments;
			if (level.merge_segments > shape.merge_segments)
				shape = level;
		}
	}
	*ret = shape;
	return err;
}

/* ---- whether it is true, and beginning anew ---- */

enum app_err fts_check(struct ctx *c, const struct fts_index *index)
{
	enum app_err err = sqlite_exec(c, index->merge, BIND("integrity-check", 0), NULL);
	if (!err)
		return APP_OK;
	ctx_recover(c);
	return ctx_fail(c, APP_CONFLICT, "the full-text index %s is damaged", index->name);
}

/* The record of averages begins with the number of rows. */
enum app_err fts_compare(struct ctx *c, const struct fts_index *index)
{
	const unsigned char *at, *end;
	int64_t rows = 0;
	enum app_err err = record_read(c, index->rows, &at, &end);
	if (!err)
		err = fts_count(c, index->source_rows, &rows);
	int64_t indexed = err ? 0 : varint(&at, end);
	if (err || rows == indexed)
		return err;
	return ctx_fail(c, APP_CONFLICT, "the full-text index %s has %lld rows and its table %lld",
			index->name, (long long)indexed, (long long)rows);
}
