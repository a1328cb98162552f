/*
 * What q of a list finds. With a full-text index: rows that have all its words, each as the
 * beginning of one, in any order and case. Without: rows with the text in a field marked .search.
 */
#include "base/arena.h"
#include "base/str.h"
#include "internal.h"

/* The letters A to Z in lower case and no others, whatever the locale of a database says. */
static void add_lower(struct sql *sql, const char *column)
{
	sql_add(sql, "lower(");
	sql_add(sql, column);
	sql_add(sql, db_dialect(sql->c)->by_code_point);
	sql_add(sql, ")");
}

/* The copy is there where the text is not ASCII; and what was written past core/model has none. */
static void add_folded(struct sql *sql, const struct field *field)
{
	if (field->key) {
		sql_add(sql, field->key);
		return;
	}
	if (!field->folded) {
		add_lower(sql, field->name);
		return;
	}
	sql_add(sql, "coalesce(nullif(");
	sql_add(sql, field->folded);
	sql_add(sql, ", ''), ");
	add_lower(sql, field->name);
	sql_add(sql, ")");
}

static struct db_value lower_value(struct ctx *c, struct db_value text)
{
	char *copy = arena_strndup(c->arena, text.bytes, text.len);
	for (size_t i = 0; i < text.len; i++)
		copy[i] = str_lower(copy[i]);
	text.bytes = copy;
	return text;
}

/*
 * No LIKE: so % and _ need no escape, and SQLite's bound on the length of a pattern does not cut
 * what is looked for.
 */
void sql_contains(struct sql *sql, const struct field *field, struct db_value text)
{
	sql_add(sql, db_dialect(sql->c)->position);
	sql_add(sql, "(");
	add_folded(sql, field);
	sql_add(sql, ", ");
	sql_bind(sql,
		 field_folded_column(field) ? fold_value(sql->c, text) : lower_value(sql->c, text));
	sql_add(sql, ") > 0");
}

/* Whether the index is a table, and leads. */
static bool is_led(const struct ctx *c, const struct model *model, const struct list_query *query)
{
	return query && query->q && model->fts_table && db_dialect(c)->search_from;
}

const char *search_id(const struct ctx *c, const struct model *model,
		      const struct list_query *query)
{
	return is_led(c, model, query) ? "fts_rowid" : "id";
}

/*
 * The id under the name that the page is ordered by, or all that the index finds would be sorted.
 */
void search_columns(struct sql *sql, const struct model *model, const struct list_query *query)
{
	if (!is_led(sql->c, model, query)) {
		sql_columns(sql, model->row);
		return;
	}
	const char *comma = "";
	for (size_t i = 0; i < model->row->count; i++) {
		const struct field *field = &model->row->fields[i];
		if (!field_is_column(field))
			continue;
		sql_add(sql, comma);
		sql_add(sql, str_eq(field->name, "id") ? "fts_rowid AS id" : field->name);
		comma = ", ";
	}
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
		sql_contains(sql, field, db_bind_text(q));
		glue = " OR ";
	}
	/* A model without such fields finds nothing. */
	sql_add(sql, *glue == '(' ? "1 = 0" : ")");
}

void search_from(struct sql *sql, const struct model *model, const struct list_query *query)
{
	sql_add(sql, " FROM ");
	if (is_led(sql->c, model, query)) {
		db_dialect(sql->c)->search_from(sql, model->fts_table, query->q);
		sql_add(sql, " CROSS JOIN ");
	}
	sql_add(sql, model->table);
	if (is_led(sql->c, model, query))
		sql_add(sql, " ON id = fts_rowid");
}

void search_where(struct sql *sql, const struct model *model, const struct list_query *query)
{
	if (!query || !query->q || is_led(sql->c, model, query))
		return;
	if (model->fts_column && db_dialect(sql->c)->search_where)
		db_dialect(sql->c)->search_where(sql, model->fts_column, query->q);
	else
		add_search_fields(sql, model, query->q);
}
