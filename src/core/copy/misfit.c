/*
 * Which row it was that did not fit: the rows of a piece are tried one by one, only to name the
 * first that is refused; nothing stays.
 */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "core/inserter.h"
#include "core/json.h"
#include "internal.h"

/* bytes of a text */
enum { VALUE_SHOWN_MOST = 100 };

struct misfit {
	const struct copy_reader *reader;
	struct inserter *inserter;
	const struct db_value *row; /* NULL: each by itself is in order */
	const char *text;
};

static enum app_err row_try(struct misfit *m, const struct db_value *row)
{
	AUTO(db_tx) tx = { 0 };
	struct ctx *c = m->inserter->c;
	enum app_err err = db_tx_begin(c, &tx);
	if (!err)
		err = inserter_add(m->inserter, row);
	if (!err)
		err = inserter_flush(m->inserter);
	if (!err)
		return db_tx_commit(&tx);
	m->row = row;
	m->text = ctx_failure_text(c, err);
	return err;
}

/* Always fails, so that the rows that are in order do not stay either. */
static enum app_err rows_try(struct ctx *c, void *arg)
{
	struct misfit *m = arg;
	enum app_err err = APP_OK;
	m->inserter->rows = 0;
	for (size_t i = 0; !err && i < m->reader->rows; i++)
		err = row_try(m, copy_reader_row(m->reader, i));
	return err ? err : ctx_fail(c, APP_CONFLICT, "%s", m->text);
}

static void add_value(struct buf *out, const struct db_value *value)
{
	char date[DATE_TEXT_ROOM];
	if (value->type == DB_INT)
		buf_add_int(out, value->integer);
	if (value->type == DB_DATE)
		buf_add(out, date, date_text((struct date){ value->integer }, date));
	if (value->type != DB_TEXT && value->type != DB_JSON)
		return;
	size_t len = str_utf8_cut(value->bytes, value->len, VALUE_SHOWN_MOST);
	buf_add_lit(out, "'");
	str_add_printable(out, value->bytes, len);
	buf_add_text(out, len < value->len ? "…'" : "'");
}

/* Whether a text of core/db begins with the column, as it does where a rule belongs to one. */
static bool is_named(const char *text, const char *column)
{
	return str_starts(text, column) && text[strlen(column)] == ' ';
}

/* "id 7, name 'É'": the primary key, and the column that the text is about. */
static const char *row_text(struct ctx *c, const struct copy_table *table, const struct misfit *m)
{
	struct buf out;
	buf_init(&out, c->arena);
	for (size_t i = 0; i < table->column_count; i++) {
		const struct copy_column *column = &table->columns[i];
		if (!column->key && !is_named(m->text, column->name))
			continue;
		buf_printf(&out, "%s%s ", out.len ? ", " : "", column->name);
		add_value(&out, &m->row[i]);
	}
	return buf_text(&out);
}

static enum app_err fail_row(struct ctx *c, const struct copy_table *table, const struct misfit *m)
{
	return ctx_fail(c, APP_CONFLICT, "%s (%s)", m->text, row_text(c, table, m));
}

/* Whether the row has a value that is to be JSON and is none, or not such as all take. */
static bool has_bad_json(struct ctx *c, const struct copy_table *table, const struct db_value *row,
			 struct misfit *m)
{
	for (size_t i = 0; i < table->column_count; i++) {
		size_t at;
		const char *why;
		if (row[i].type != DB_JSON || json_check(row[i].bytes, row[i].len, &at, &why))
			continue;
		m->row = row;
		m->text = arena_printf(c->arena, "%s is not JSON that fits: %s at %zu",
				       table->columns[i].name, why, at);
		return true;
	}
	return false;
}

/* Whether the row has a value that is to be a date and is none. */
static bool has_bad_date(struct ctx *c, const struct copy_table *table, const struct db_value *row,
			 struct misfit *m)
{
	for (size_t i = 0; i < table->column_count; i++) {
		if (table->columns[i].type != DB_DATE || row[i].type != DB_TEXT)
			continue;
		m->row = row;
		m->text = arena_printf(c->arena, "%s is no day of the calendar, such as 2026-02-28",
				       table->columns[i].name);
		return true;
	}
	return false;
}

/* Whether the row has a text that PostgreSQL does not take; SQLite keeps any bytes. */
static bool has_bad_text(struct ctx *c, const struct copy_table *table, const struct db_value *row,
			 struct misfit *m)
{
	for (size_t i = 0; i < table->column_count; i++) {
		bool is_text = row[i].type == DB_TEXT;
		bool has_nul = is_text && memchr(row[i].bytes, '\0', row[i].len);
		if (!is_text || (!has_nul && str_is_utf8(row[i].bytes, row[i].len)))
			continue;
		m->row = row;
		m->text = arena_printf(c->arena, "%s holds %s, which cannot be stored",
				       table->columns[i].name,
				       has_nul ? "a NUL" : "bytes that are no UTF-8");
		return true;
	}
	return false;
}

/* The databases' own words for it name neither row nor column. */
static enum app_err value_misfit(struct ctx *c, const struct copy_reader *reader,
				 enum app_err refused)
{
	struct misfit m = { .reader = reader };
	for (size_t i = 0; i < reader->rows && !m.row; i++) {
		const struct db_value *row = copy_reader_row(reader, i);
		if (has_bad_json(c, reader->table, row, &m) ||
		    has_bad_date(c, reader->table, row, &m) ||
		    has_bad_text(c, reader->table, row, &m))
			ctx_recover(c);
	}
	return m.row ? fail_row(c, reader->table, &m) : refused;
}

enum app_err copy_misfit(struct copy_side *to, const struct copy_reader *reader,
			 struct inserter *inserter, enum app_err refused)
{
	if (refused != APP_CONFLICT)
		return value_misfit(&to->c, reader, refused);
	struct misfit m = { reader, inserter, NULL, ctx_failure_text(&to->c, APP_CONFLICT) };
	ctx_recover(&to->c);
	enum app_err err = db_write_slow(&to->c, rows_try, &m);
	if (err != APP_CONFLICT)
		return err;
	ctx_recover(&to->c);
	if (!m.row)
		return ctx_fail(&to->c, APP_CONFLICT, "%s", m.text);
	return fail_row(&to->c, reader->table, &m);
}
