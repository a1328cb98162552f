/*
 * Which rows a list has: softly deleted ones, the caller's condition, the client's filters and q as SQL. Names come
 * from field tables that allow them; everything a client sent is bound. Called by list.c and total.c.
 */
#include <string.h>

#include "base/str.h"
#include "core/app.h"
#include "internal.h"

static struct db_value value_bind(const struct list_value *value)
{
	switch (value->type) {
	case FIELD_REAL: return db_bind_real(value->real);
	case FIELD_TEXT: return db_bind_text(value->text);
	case FIELD_BOOL: return db_bind_bool(value->integer);
	default: return db_bind_int(value->integer);
	}
}

static bool is_sqlite(const struct ctx *c)
{
	return str_eq(db_driver(c->app->db), "sqlite");
}

/*
 * Whether the column holds the text, without regard to case. No LIKE: so % and _ need no escape, and SQLite's bound
 * on the length of a pattern does not cut what is looked for. It is the one function whose name differs.
 */
static void add_contains(struct sql *sql, const char *column, struct db_value text)
{
	sql_add(sql, is_sqlite(sql->c) ? "instr(lower(" : "strpos(lower(");
	sql_add(sql, column);
	sql_add(sql, "), lower(");
	sql_bind(sql, text);
	sql_add(sql, ")) > 0");
}

static void add_in(struct sql *sql, const struct list_filter *filter)
{
	if (!filter->count) {
		sql_add(sql, "1 = 0");
		return;
	}
	struct db_value values[LIST_IN_MAX];
	size_t count = filter->count < LIST_IN_MAX ? filter->count : LIST_IN_MAX;
	for (size_t i = 0; i < count; i++)
		values[i] = value_bind(&filter->values[i]);
	sql_add(sql, filter->field->name);
	sql_add(sql, " IN (");
	sql_in(sql, values, count);
}

static const char *comparison(const struct list_filter *filter)
{
	switch (filter->operator) {
	case LIST_GT: return " > ";
	case LIST_GTE: return " >= ";
	case LIST_LT: return " < ";
	case LIST_LTE: return " <= ";
	/* A row without a value is not equal to one either. */
	case LIST_NE: return field_can_be_null(filter->field) ? " IS DISTINCT FROM " : " <> ";
	default: return " = ";
	}
}

static void add_filter(struct sql *sql, const struct list_filter *filter)
{
	sql_and(sql);
	switch (filter->operator) {
	case LIST_IN: add_in(sql, filter); return;
	case LIST_LIKE: add_contains(sql, filter->field->name, value_bind(filter->values)); return;
	case LIST_ISNULL:
		sql_add(sql, filter->field->name);
		sql_add(sql, filter->values->integer ? " IS NULL" : " IS NOT NULL");
		return;
	default:
		sql_add(sql, filter->field->name);
		sql_add(sql, comparison(filter));
		sql_bind(sql, value_bind(filter->values));
	}
}

/* ---- q ---- */

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* Each word as a text of FTS5, so that none is one of its operators: all must be found, in any order. */
static const char *fts_words(struct ctx *c, const char *q)
{
	struct buf out;
	buf_init(&out, c->arena);
	while (*q) {
		if (is_blank(*q)) {
			q++;
			continue;
		}
		buf_add_text(&out, out.len ? " \"" : "\"");
		for (; *q && !is_blank(*q); q++) {
			if (*q == '"')
				buf_add_char(&out, '"');
			buf_add_char(&out, *q);
		}
		buf_add_char(&out, '"');
	}
	return buf_text(&out);
}

static void add_fts5(struct sql *sql, const struct model *model, const char *q)
{
	const char *words = fts_words(sql->c, q);
	sql_and(sql);
	if (!*words) {
		sql_add(sql, "1 = 0");
		return;
	}
	sql_add(sql, "id IN (SELECT rowid FROM ");
	sql_add(sql, model->fts_table);
	sql_add(sql, " WHERE ");
	sql_add(sql, model->fts_table);
	sql_add(sql, " MATCH ");
	sql_bind(sql, db_bind_text(words));
	sql_add(sql, ")");
}

static void add_tsquery(struct sql *sql, const struct model *model, const char *q)
{
	sql_and(sql);
	sql_add(sql, model->fts_column);
	sql_add(sql, " @@ plainto_tsquery('simple', ");
	sql_bind(sql, db_bind_text(q));
	sql_add(sql, ")");
}

static void add_search_fields(struct sql *sql, const struct model *model, const char *q)
{
	const char *glue = "(";
	sql_and(sql);
	for (size_t i = 0; i < model->row->count; i++) {
		const struct field *field = &model->row->fields[i];
		if (!field->search || !field_is_column(field))
			continue;
		sql_add(sql, glue);
		add_contains(sql, field->name, db_bind_text(q));
		glue = " OR ";
	}
	/* A model without such fields finds nothing. */
	sql_add(sql, *glue == '(' ? "1 = 0" : ")");
}

static void add_search(struct sql *sql, const struct model *model, const char *q)
{
	bool sqlite = is_sqlite(sql->c);
	if (sqlite && model->fts_table)
		add_fts5(sql, model, q);
	else if (!sqlite && model->fts_column)
		add_tsquery(sql, model, q);
	else
		add_search_fields(sql, model, q);
}

/* ---- all of it ---- */

void sql_init_where(struct sql *sql, struct ctx *c, const struct model_where *where)
{
	sql_init(sql, c, where ? &where->binds : NULL);
}

void sql_where(struct sql *sql, const struct model *model, const struct list_query *query,
	       const struct model_where *where)
{
	if (where && where->sql) {
		sql_and(sql);
		sql_add(sql, "(");
		sql_add(sql, where->sql);
		sql_add(sql, ")");
	}
	if (model->soft_delete && !(where && where->with_deleted)) {
		sql_and(sql);
		sql_add(sql, "deleted_at IS NULL");
	}
	for (size_t i = 0; query && i < query->filter_count; i++)
		add_filter(sql, &query->filters[i]);
	if (query && query->q)
		add_search(sql, model, query->q);
}
