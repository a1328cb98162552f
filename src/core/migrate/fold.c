/*
 * What the step that fold_line.c reads does: fills a column with the folded form of another, which
 * no SQL can work out, and names the rows that would get the same key.
 */
#include <inttypes.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/db.h"
#include "core/text.h"
#include "internal.h"

enum {
	ROWS_MOST = 128,      /* of one statement */
	COLLISIONS_TOLD = 10, /* keys that are named */
	ROWS_TOLD = 4,        /* of each key */
};

struct filler {
	struct ctx *c;
	const struct migration_fold *fold;
	struct arena arena; /* of one batch */
	const char *read, *write;
	struct db_value binds[2 * ROWS_MOST]; /* id and key in turns */
	size_t rows;                          /* that get a key */
	size_t seen;                          /* that were read */
	int64_t last;                         /* id that was read */
};

static const char *read_sql(struct ctx *c, const struct migration_fold *f)
{
	return arena_printf(c->arena,
			    "SELECT id, %s FROM %s WHERE id > $1 AND %s IS NOT NULL ORDER BY id "
			    "LIMIT %d",
			    f->column, f->table, f->column, ROWS_MOST);
}

/* Both databases call the columns of VALUES column1 and column2. */
static const char *write_sql(struct ctx *c, const struct migration_fold *f, size_t rows)
{
	struct buf sql;
	buf_init(&sql, c->arena);
	buf_printf(&sql, "UPDATE %s SET %s = made.column2 FROM (VALUES ", f->table, f->key);
	for (size_t i = 0; i < rows; i++)
		buf_printf(&sql, "%s($%zu, $%zu)", i ? ", " : "", 2 * i + 1, 2 * i + 2);
	buf_printf(&sql, ") AS made WHERE %s.id = made.column1", f->table);
	return buf_text(&sql);
}

static void row_take(struct filler *f, const struct db_rows *rows)
{
	size_t len, key_len;
	const char *text = db_column_text(rows, 1, &len);
	f->last = db_column_int(rows, 0);
	f->seen++;
	if (f->fold->beyond_ascii && text_is_ascii(text, len))
		return;
	const char *key = text_fold(&f->arena, text, len, &key_len);
	f->binds[2 * f->rows] = db_bind_int(f->last);
	f->binds[2 * f->rows + 1] = (struct db_value){ .type = DB_TEXT,
						       .bytes = key,
						       .len = key_len };
	f->rows++;
}

static enum app_err batch_read(struct filler *f)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = db_query(f->c, f->read, BIND(f->last), &rows);
	f->rows = f->seen = 0;
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row)
		row_take(f, &rows);
	return err;
}

static enum app_err batch_write(struct filler *f)
{
	bool is_whole = f->rows == ROWS_MOST;
	const char *sql = is_whole ? f->write : write_sql(f->c, f->fold, f->rows);
	return db_exec(f->c, sql, (struct db_binds){ f->binds, 2 * f->rows }, NULL);
}

/* The texts of a failure live longer than the batch's arena. */
static void failure_keep(struct ctx *c)
{
	struct failure *failure = &c->failure;
	if (failure->text)
		failure->text = arena_strdup(c->arena, failure->text);
	if (failure->cause)
		failure->cause = arena_strdup(c->arena, failure->cause);
}

/* Tables may have any number of rows: what a batch takes is given back with it. */
static enum app_err batch_run(struct filler *f)
{
	struct arena *arena = f->c->arena;
	f->c->arena = &f->arena;
	enum app_err err = batch_read(f);
	if (!err && f->rows)
		err = batch_write(f);
	f->c->arena = arena;
	if (err)
		failure_keep(f->c);
	arena_reset(&f->arena);
	return err;
}

static enum app_err fold_fill(struct ctx *c, const struct migration_fold *fold)
{
	struct filler f = { .c = c, .fold = fold, .last = INT64_MIN };
	f.read = read_sql(c, fold);
	f.write = write_sql(c, fold, ROWS_MOST);
	arena_init(&f.arena, 0);
	enum app_err err = APP_OK;
	do
		err = batch_run(&f);
	while (!err && f.seen == ROWS_MOST);
	arena_done(&f.arena);
	return err;
}

/* ---- rows that would get the same key ---- */

struct collisions {
	const char *keys[COLLISIONS_TOLD + 1];
	size_t count;
};

static enum app_err collisions_find(struct ctx *c, const struct migration_fold *f,
				    struct collisions *ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	const char *sql = arena_printf(c->arena,
				       "SELECT %s FROM %s WHERE %s <> ''%s%s%s GROUP BY %s "
				       "HAVING count(*) > 1 ORDER BY min(id) LIMIT %d",
				       f->key, f->table, f->key, f->condition ? " AND (" : "",
				       f->condition ? f->condition : "", f->condition ? ")" : "",
				       f->key, COLLISIONS_TOLD + 1);
	enum app_err err = db_query(c, sql, BIND(), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row)
		ret->keys[ret->count++] = arena_strdup(c->arena, db_column_text(&rows, 0, NULL));
	return err;
}

/* "3 'Casey' and 7 'casey'" */
static enum app_err collision_tell(struct ctx *c, const struct migration_fold *f, const char *key,
				   struct buf *out)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	size_t told = 0;
	const char *sql = arena_printf(c->arena,
				       "SELECT id, %s FROM %s WHERE %s = $1%s%s%s ORDER BY id "
				       "LIMIT %d",
				       f->column, f->table, f->key, f->condition ? " AND (" : "",
				       f->condition ? f->condition : "", f->condition ? ")" : "",
				       ROWS_TOLD + 1);
	enum app_err err = db_query(c, sql, BIND(key), &rows);
	for (; !err && !(err = db_rows_next(&rows, &has_row)) && has_row; told++) {
		size_t len;
		const char *text = db_column_text(&rows, 1, &len);
		buf_add_text(out, told ? " and " : "");
		if (told == ROWS_TOLD) {
			buf_add_lit(out, "others");
			continue;
		}
		buf_printf(out, "%" PRId64 " '", db_column_int(&rows, 0));
		str_add_printable(out, text, len);
		buf_add_lit(out, "'");
	}
	return err;
}

static enum app_err fail_collisions(struct ctx *c, const struct migration *m,
				    const struct migration_fold *f,
				    const struct collisions *collisions)
{
	struct buf rows;
	buf_init(&rows, c->arena);
	for (size_t i = 0; i < collisions->count && i < COLLISIONS_TOLD; i++) {
		buf_add_text(&rows, i ? "; " : "");
		enum app_err err = collision_tell(c, f, collisions->keys[i], &rows);
		if (err)
			return err;
	}
	if (collisions->count > COLLISIONS_TOLD)
		buf_add_lit(&rows, "; and more");
	return ctx_fail(
		c, APP_CONFLICT,
		"%s: these rows of %s have the same %s, if one looks neither at case nor at how "
		"letters are encoded: %s. Nothing was changed. Give all but one of each another %s "
		"(UPDATE %s SET %s = '…' WHERE id = …, in psql, or in sqlite3 while no server "
		"runs), then try again",
		migration_file(c, m->number, m->name), f->table, f->column, buf_text(&rows),
		f->column, f->table, f->column);
}

/* "12, 15", or nothing: the rows whose text is there and has an empty key. */
static enum app_err invisible_find(struct ctx *c, const struct migration_fold *f, struct buf *out)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	const char *sql = arena_printf(c->arena,
				       "SELECT id FROM %s WHERE %s = '' AND %s <> '' ORDER BY id "
				       "LIMIT %d",
				       f->table, f->key, f->column, COLLISIONS_TOLD);
	enum app_err err = db_query(c, sql, BIND(), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row)
		buf_printf(out, "%s%" PRId64, out->len ? ", " : "", db_column_int(&rows, 0));
	return err;
}

static enum app_err fail_invisible(struct ctx *c, const struct migration *m,
				   const struct migration_fold *f, struct buf *rows)
{
	return ctx_fail(c, APP_CONFLICT,
			"%s: in the %s of these rows of %s nothing can be seen: %s. Nothing was "
			"changed. Give each another %s (UPDATE %s SET %s = '…' WHERE id = …, in "
			"psql, or in sqlite3 while no server runs), then try again",
			migration_file(c, m->number, m->name), f->column, f->table, buf_text(rows),
			f->column, f->table, f->column);
}

static enum app_err names_check(struct ctx *c, const struct migration *m,
				const struct migration_fold *fold)
{
	struct collisions collisions = { .count = 0 };
	struct buf invisible;
	buf_init(&invisible, c->arena);
	enum app_err err = collisions_find(c, fold, &collisions);
	if (!err)
		err = invisible_find(c, fold, &invisible);
	if (err)
		return err;
	if (collisions.count)
		return fail_collisions(c, m, fold, &collisions);
	return invisible.len ? fail_invisible(c, m, fold, &invisible) : APP_OK;
}

enum app_err migration_fold_run(struct ctx *c, const struct migration *m,
				const struct migration_fold *fold)
{
	enum app_err err = fold_fill(c, fold);
	return err || !fold->unique ? err : names_check(c, m, fold);
}
