/*
 * Reading a table piece by piece in the order of its primary key, so that no more of it is in
 * memory than one piece. Also the small pieces of SQL that copying and checking share.
 */
#include "base/buf.h"
#include "internal.h"

enum { PIECE_CHUNK = 256 * 1024 };

const char *copy_quoted(struct arena *arena, const char *name)
{
	struct buf text;
	buf_init(&text, arena);
	buf_add_char(&text, '"');
	for (; *name; name++) {
		if (*name == '"')
			buf_add_char(&text, '"');
		buf_add_char(&text, *name);
	}
	buf_add_char(&text, '"');
	return buf_text(&text);
}

const char *copy_column_list(struct arena *arena, const struct copy_table *table)
{
	struct buf list;
	buf_init(&list, arena);
	for (size_t i = 0; i < table->column_count; i++)
		buf_printf(&list, "%s%s", i ? ", " : "",
			   copy_quoted(arena, table->columns[i].name));
	return buf_text(&list);
}

/* Texts are compared by their bytes, so that both sides agree on the order. */
const char *copy_key_list(const struct copy_side *side, const struct copy_table *table,
			  const char *after_each)
{
	struct arena *arena = side->c.arena;
	const char *text = db_dialect(&side->c)->by_code_point;
	struct buf list;
	buf_init(&list, arena);
	for (size_t i = 0; i < table->key_count; i++)
		buf_printf(&list, "%s%s%s%s", i ? ", " : "",
			   copy_quoted(arena, table->keys[i]->name),
			   table->keys[i]->type == DB_TEXT ? text : "", after_each);
	return buf_text(&list);
}

enum app_err copy_count(struct copy_side *side, const struct copy_table *table, int64_t *ret)
{
	struct arena *arena = side->c.arena;
	return db_query_int(
		&side->c,
		arena_printf(arena, "SELECT count(*) FROM %s", copy_quoted(arena, table->name)),
		BIND(), ret);
}

/* What is none goes on as it is, and is refused where there are dates. */
static struct db_value date_or_text(const char *text, size_t len)
{
	struct date date;
	if (date_parse(text, &date, NULL))
		return db_bind_date(date);
	return (struct db_value){ .type = DB_TEXT, .bytes = text, .len = len };
}

struct db_value copy_value(const struct db_rows *rows, int at, const struct copy_column *column)
{
	enum db_type type = db_column_type(rows, at);
	size_t len = 0;
	if (type == DB_NULL)
		return DB_NONE;
	if (column->type != DB_NULL)
		type = column->type;
	if (type == DB_BOOL)
		return db_bind_bool(db_column_int(rows, at) != 0);
	if (type == DB_INT)
		return db_bind_int(db_column_int(rows, at));
	if (type == DB_REAL)
		return db_bind_real(db_column_real(rows, at));
	const char *bytes = db_column_text(rows, at, &len);
	bytes = bytes ? bytes : "";
	if (type == DB_DATE)
		return date_or_text(bytes, len);
	return (struct db_value){ .type = type, .bytes = bytes, .len = len };
}

static struct db_value value_keep(struct arena *arena, struct db_value value)
{
	if (db_value_has_bytes(&value))
		value.bytes = arena_strndup(arena, value.bytes, value.len);
	return value;
}

void copy_reader_init(struct copy_reader *reader, struct copy_side *side,
		      const struct copy_table *table)
{
	struct arena *arena = side->c.arena;
	const char *columns = copy_column_list(arena, table);
	const char *name = copy_quoted(arena, table->name);
	const char *keys = copy_key_list(side, table, "");
	struct buf places;
	buf_init(&places, arena);
	for (size_t i = 0; i < table->key_count; i++)
		buf_printf(&places, "%s$%zu", i ? ", " : "", i + 1);
	*reader = (struct copy_reader){ .side = side, .table = table };
	reader->sql_first = arena_printf(arena, "SELECT %s FROM %s ORDER BY %s LIMIT %d", columns,
					 name, keys, COPY_PIECE_ROWS);
	reader->sql_next = arena_printf(
		arena, "SELECT %s FROM %s WHERE (%s) > (%s) ORDER BY %s LIMIT %d", columns, name,
		keys, buf_text(&places), keys, COPY_PIECE_ROWS);
	size_t row_bytes = table->column_count * sizeof(*reader->values);
	reader->values = arena_zero(arena, COPY_PIECE_ROWS * row_bytes);
	arena_init(&reader->texts, PIECE_CHUNK);
	arena_init(&reader->last_texts, 0);
}

void copy_reader_done(struct copy_reader *reader)
{
	arena_done(&reader->texts);
	arena_done(&reader->last_texts);
}

void copy_reader_after(struct copy_reader *reader, const struct db_value *row)
{
	const struct copy_table *table = reader->table;
	arena_reset(&reader->last_texts);
	for (size_t i = 0; i < table->key_count; i++)
		reader->last[i] = value_keep(&reader->last_texts,
					     row[table->keys[i] - table->columns]);
	reader->has_last = true;
}

static void row_keep(struct copy_reader *reader, const struct db_rows *rows)
{
	const struct copy_table *table = reader->table;
	struct db_value *row = reader->values + reader->rows++ * table->column_count;
	for (size_t i = 0; i < table->column_count; i++)
		row[i] = value_keep(&reader->texts, copy_value(rows, (int)i, &table->columns[i]));
}

enum app_err copy_reader_next(struct copy_reader *reader)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	arena_reset(&reader->texts);
	reader->rows = 0;
	struct db_binds binds = { .values = reader->last,
				  .count = reader->has_last ? reader->table->key_count : 0 };
	enum app_err err = db_query(&reader->side->c,
				    reader->has_last ? reader->sql_next : reader->sql_first, binds,
				    &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row)
		row_keep(reader, &rows);
	if (!err && reader->rows)
		copy_reader_after(reader, copy_reader_row(reader, reader->rows - 1));
	return err;
}

const struct db_value *copy_reader_row(const struct copy_reader *reader, size_t at)
{
	return reader->values + at * reader->table->column_count;
}
