/* Whether what lists are sorted by is in an index of the table. */
#include "base/arena.h"
#include "base/str.h"
#include "check.h"

/* A column of an index. */
struct index_column {
	const char *index, *name;
	bool by_code_point;
};

struct index_columns {
	struct index_column *at;
	size_t count;
};

static void column_add(struct ctx *c, struct index_columns *all, const struct db_rows *rows)
{
	size_t size = sizeof(*all->at), count = all->count++;
	all->at = arena_grow(c->arena, all->at, count * size, (count + 1) * size);
	all->at[count] = (struct index_column){
		.index = arena_strdup(c->arena, db_column_text(rows, 0, NULL)),
		.name = arena_strdup(c->arena, db_column_text(rows, 1, NULL)),
		.by_code_point = db_column_int(rows, 2),
	};
}

static enum app_err indexes_read(const struct table_check *t, struct index_columns *ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = db_query(t->c, db_dialect(t->c)->indexes, BIND(t->table), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row)
		column_add(t->c, ret, &rows);
	return err;
}

static bool is_led(const struct index_columns *all, const struct field *field)
{
	for (size_t i = 0; i + 1 < all->count; i++) {
		const struct index_column *column = &all->at[i], *next = &all->at[i + 1];
		if (str_eq(column->name, field->name) && str_eq(next->name, "id") &&
		    str_eq(column->index, next->index) &&
		    (field->type != FIELD_TEXT || column->by_code_point))
			return true;
	}
	return false;
}

static void say_missing(const struct table_check *t, const struct field *field)
{
	bool is_text = field->type == FIELD_TEXT;
	table_say(t,
		  "lists are sorted by %s, and no index of the table %s leads there: CREATE INDEX "
		  "... ON %s (%s%s, id)%s, or leave out .sort",
		  field->name, t->table, t->table, field->name,
		  is_text ? db_dialect(t->c)->by_code_point : "",
		  t->model->soft_delete ? " WHERE deleted_at IS NULL" : "");
}

enum app_err check_indexes(const struct table_check *t)
{
	struct index_columns all = { 0 };
	const struct schema *row = t->model->row;
	enum app_err err = indexes_read(t, &all);
	for (size_t i = 0; !err && !t->columns.is_view && i < row->count; i++) {
		const struct field *field = &row->fields[i];
		if (field_may_sort(field) && !str_eq(field->name, "id") && !is_led(&all, field))
			say_missing(t, field);
	}
	return err;
}
