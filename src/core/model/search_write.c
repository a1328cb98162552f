/*
 * The words of a row where each has a column of them, as on PostgreSQL: each write of core/model
 * fills it, so that a row is found from the moment it is there. (Another index takes its words from
 * the table itself.) Rows that other programs write get theirs from a trigger, by a function of the
 * database that knows less, until db_search_step() has seen to them.
 */
#include "internal.h"

static bool has_column(const struct ctx *c, const struct model *model)
{
	return model->fts_column && db_dialect(c)->search_value;
}

static bool is_searched(const struct field *field)
{
	return field->search && field_is_column(field);
}

/*
 * The member of the input for a searched field of the row, if this write has a say in it; else
 * NULL.
 */
static const struct field *field_given(const struct field *searched, const struct schema *schema,
				       const void *in)
{
	const struct field *field = schema_field(schema, searched->name);
	return field && write_has(field, in) ? field : NULL;
}

/* How many searched fields the row has, and how many of them the input gives. */
static size_t fields_count(const struct model *model, const struct schema *schema, const void *in,
			   size_t *ret_given)
{
	size_t count = 0;
	*ret_given = 0;
	for (size_t i = 0; i < model->row->count; i++) {
		const struct field *field = &model->row->fields[i];
		count += is_searched(field);
		*ret_given += is_searched(field) && field_given(field, schema, in);
	}
	return count;
}

static void text_add(struct buf *text, struct db_value value)
{
	if (value.type == DB_TEXT)
		buf_add(text, value.bytes, value.len);
	buf_add_char(text, ' ');
}

static void given_add(struct buf *text, const struct model *model, const struct schema *schema,
		      const void *in)
{
	for (size_t i = 0; i < model->row->count; i++) {
		const struct field *field = &model->row->fields[i];
		const struct field *given = is_searched(field) ? field_given(field, schema, in)
							       : NULL;
		if (given)
			text_add(text, field_value(given, in));
	}
}

bool search_inserts(const struct ctx *c, const struct model *model, const struct schema *schema,
		    const void *in)
{
	size_t given;
	return has_column(c, model) && fields_count(model, schema, in, &given) == given && given;
}

void search_insert(struct sql *sql, const struct model *model, const struct schema *schema,
		   const void *in)
{
	struct buf text;
	buf_init(&text, sql->c->arena);
	given_add(&text, model, schema, in);
	db_dialect(sql->c)->search_value(sql, buf_text(&text));
}

/* ---- updates ---- */

/* What the update leaves alone, locked until it is done. */
static void others_sql(struct sql *sql, const struct model *model, const struct schema *schema,
		       const void *in)
{
	const char *comma = "";
	sql_add(sql, "SELECT ");
	for (size_t i = 0; i < model->row->count; i++) {
		const struct field *field = &model->row->fields[i];
		if (is_searched(field) && !field_given(field, schema, in))
			write_name(sql, &comma, field->name);
	}
	sql_add(sql, " FROM ");
	sql_add(sql, model->table);
}

static enum app_err others_add(struct ctx *c, struct sql *sql, int64_t id, struct buf *text)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row;
	sql_add(sql, " WHERE id = ");
	sql_bind(sql, db_bind_int(id));
	sql_add(sql, db_dialect(c)->row_lock);
	enum app_err err = db_query_first(c, buf_text(&sql->text), sql_binds(sql), &rows, &has_row);
	for (int i = 0; !err && has_row && i < db_column_count(&rows); i++) {
		size_t len = 0;
		const char *value = db_column_text(&rows, i, &len);
		buf_add(text, value, value ? len : 0);
		buf_add_char(text, ' ');
	}
	return err;
}

enum app_err search_update(struct ctx *c, const struct model *model, int64_t id,
			   const struct schema *schema, const void *in, const char **ret_text)
{
	size_t given = 0;
	*ret_text = NULL;
	size_t count = has_column(c, model) ? fields_count(model, schema, in, &given) : 0;
	if (!given)
		return APP_OK;
	struct buf text;
	struct sql sql;
	enum app_err err = APP_OK;
	buf_init(&text, c->arena);
	given_add(&text, model, schema, in);
	sql_init(&sql, c, NULL);
	if (given < count) {
		others_sql(&sql, model, schema, in);
		err = others_add(c, &sql, id, &text);
	}
	if (!err)
		*ret_text = buf_text(&text);
	return err;
}
