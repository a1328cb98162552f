/*
 * Columns that hold the folded form of another: .key and .folded of a field. Every write of
 * core/model fills them, and filters, q and model_find() look there, so that both databases give
 * one answer.
 */
#include "base/arena.h"
#include "core/text.h"
#include "internal.h"

/* Bytes: an index of PostgreSQL takes 2,700. A letter may become eighteen. */
enum { KEY_MOST = 2000 };

const char *fold_written(const struct model *model, const struct field *field)
{
	if (field->type != FIELD_TEXT)
		return NULL;
	const char *column = field_folded_column(field);
	const struct field *row = column ? NULL : schema_field(model->row, field->name);
	return row && row->type == FIELD_TEXT ? field_folded_column(row) : column;
}

struct db_value fold_value(struct ctx *c, struct db_value text)
{
	if (text.type != DB_TEXT)
		return text;
	text.bytes = text_fold(c->arena, text.bytes, text.len, &text.len);
	return text;
}

/* ---- at start ---- */

static const char *column_fault(struct ctx *c, const struct schema *row, const struct field *field)
{
	const char *column = field_folded_column(field);
	const char *what = field->key ? ".key" : ".folded";
	if (field->key && field->folded)
		return arena_printf(
			c->arena,
			"field '%s' of schema '%s' has both .key and .folded: .key does what the "
			"other does, too",
			field->name, row->name);
	if (field->type != FIELD_TEXT || !field_is_column(field))
		return arena_printf(c->arena,
				    "field '%s' of schema '%s' has %s and is no text column",
				    field->name, row->name, what);
	if (schema_field(row, column))
		return arena_printf(
			c->arena,
			"schema '%s' has a field '%s', which is the %s of '%s' and shown to nobody",
			row->name, column, what, field->name);
	return NULL;
}

const char *model_fold_fault(struct ctx *c, const struct schema *row, const struct schema *in)
{
	for (size_t i = 0; i < row->count; i++) {
		const struct field *field = &row->fields[i];
		const char *column = field_folded_column(field);
		const char *fault = column ? column_fault(c, row, field) : NULL;
		if (fault)
			return fault;
		if (column && in && schema_field(in, column))
			return arena_printf(
				c->arena,
				"schema '%s' takes '%s', which core/model fills in from '%s'",
				in->name, column, field->name);
	}
	return NULL;
}

/* ---- writes ---- */

static bool names_row(const struct model *model, const struct field *field)
{
	const struct field *row = schema_field(model->row, field->name);
	return field->key || (row && row->key);
}

struct db_value fold_stored(struct ctx *c, const struct model *model, const struct field *field,
			    struct db_value text)
{
	bool is_plain = text.type == DB_TEXT && text_is_ascii(text.bytes, text.len);
	return is_plain && !names_row(model, field) ? db_bind_text("") : fold_value(c, text);
}

/* The field of the input that would write a folded column by itself. */
static const struct field *find_intruder(const struct model *model, const struct schema *schema)
{
	for (size_t i = 0; i < model->row->count; i++) {
		const char *column = field_folded_column(&model->row->fields[i]);
		const struct field *field = column ? schema_field(schema, column) : NULL;
		if (field && field_is_written(field))
			return field;
	}
	return NULL;
}

/* What is wrong with a name, to be put after that of its field. */
static const char *name_fault(struct ctx *c, struct db_value text)
{
	if (text.type != DB_TEXT || !text.len)
		return NULL;
	size_t len = fold_value(c, text).len;
	if (!len)
		return "needs a character that can be seen";
	return len > KEY_MOST ? "is too long for a name" : NULL;
}

enum app_err fold_check(struct ctx *c, const struct model *model, const struct schema *schema,
			const void *in, struct fold_fault *ret_fault)
{
	const struct field *intruder = find_intruder(model, schema);
	*ret_fault = (struct fold_fault){ NULL, NULL };
	if (intruder)
		return ctx_fail_cause(c, APP_INTERNAL,
				      "field '%s' of schema '%s': this column of '%s' is filled in "
				      "by core/model, and by nobody else",
				      intruder->name, schema->name, model->table);
	for (size_t i = 0; i < schema->count && !ret_fault->what; i++) {
		const struct field *field = &schema->fields[i];
		if (!fold_written(model, field) || !names_row(model, field) ||
		    !write_has(field, in))
			continue;
		ret_fault->field = field->name;
		ret_fault->what = name_fault(c, field_value(field, in));
	}
	return APP_OK;
}
