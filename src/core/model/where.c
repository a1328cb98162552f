/*
 * Which rows there are, as SQL: softly deleted ones and the caller's condition, and of a list the
 * client's filters; q is search.c's. Names come from field tables that allow them; everything a
 * client sent is bound.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "internal.h"

static struct db_value value_bind(const struct list_value *value)
{
	switch (value->type) {
	case FIELD_REAL: return db_bind_real(value->real);
	case FIELD_TEXT: return db_bind_text(value->text);
	case FIELD_BOOL: return db_bind_bool(value->integer);
	case FIELD_DATE: return db_bind_date((struct date){ value->integer });
	default: return db_bind_int(value->integer);
	}
}

/* Names are told apart by their keys, other texts by their bytes. */
static struct db_value filter_value(struct sql *sql, const struct list_filter *filter, size_t at)
{
	struct db_value value = value_bind(&filter->values[at]);
	return filter->field->key ? fold_value(sql->c, value) : value;
}

static void add_column(struct sql *sql, const struct list_filter *filter, bool in_order)
{
	if (filter->field->key && !in_order)
		sql_add(sql, filter->field->key);
	else
		sql_column(sql, filter->field, in_order);
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
		values[i] = filter_value(sql, filter, i);
	add_column(sql, filter, false);
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

static void add_compared(struct sql *sql, const struct list_filter *filter)
{
	bool equals = filter->operator== LIST_EQ || filter->operator== LIST_NE;
	add_column(sql, filter, !equals);
	sql_add(sql, comparison(filter));
	sql_bind(sql, equals ? filter_value(sql, filter, 0) : value_bind(filter->values));
}

static void add_filter(struct sql *sql, const struct list_filter *filter)
{
	sql_and(sql);
	switch (filter->operator) {
	case LIST_IN: add_in(sql, filter); return;
	case LIST_LIKE: sql_contains(sql, filter->field, value_bind(filter->values)); return;
	case LIST_ISNULL:
		sql_add(sql, filter->field->name);
		sql_add(sql, filter->values->integer ? " IS NULL" : " IS NOT NULL");
		return;
	default: add_compared(sql, filter);
	}
}

/* ---- the caller's condition ---- */

struct db_binds model_where_binds(struct ctx *c, struct db_binds binds)
{
	struct db_value *values = arena_raw(c->arena, binds.count * sizeof(*values) + 1);
	for (size_t i = 0; i < binds.count; i++)
		values[i] = binds.values[i];
	return (struct db_binds){ values, binds.count };
}

/* The highest N of the $N that it names; what stands in quotes names none. */
static size_t values_named(const char *sql)
{
	int64_t most = 0, number;
	bool quoted = false;
	for (const char *at = sql; at && *at; at++) {
		quoted ^= *at == '\'';
		if (quoted || *at != '$')
			continue;
		(void)str_read_digits(at + 1, strlen(at + 1), &number);
		most = number > most ? number : most;
	}
	return (size_t)most;
}

enum app_err where_check(struct ctx *c, const struct model_where *where)
{
	if (!where || (values_named(where->sql) <= where->binds.count &&
		       values_named(where->or_else) <= where->binds.count))
		return APP_OK;
	return ctx_fail_cause(c, APP_INTERNAL,
			      "the condition '%s%s%s' names more values than .binds has: %zu",
			      where->sql ? where->sql : "", where->or_else ? " OR " : "",
			      where->or_else ? where->or_else : "", where->binds.count);
}

void sql_init_where(struct sql *sql, struct ctx *c, const struct model_where *where)
{
	sql_init(sql, c, where ? &where->binds : NULL);
}

bool where_has_parts(const struct list_query *query, const struct model_where *where)
{
	return where && where->sql && where->or_else && !(query && query->q);
}

struct model_where where_part(const struct model_where *where, int part)
{
	struct model_where ret = *where;
	ret.sql = part ? where->or_else : where->sql;
	ret.or_else = NULL;
	/* By itself it takes no values: then its count is one number for all who ask. */
	if (!strchr(ret.sql, '$'))
		ret.binds.count = 0;
	return ret;
}

static void add_condition(struct sql *sql, const struct model_where *where)
{
	sql_and(sql);
	sql_add(sql, "(");
	sql_add(sql, where->sql ? where->sql : where->or_else);
	if (where->sql && where->or_else) {
		sql_add(sql, " OR ");
		sql_add(sql, where->or_else);
	}
	sql_add(sql, ")");
}

void sql_where(struct sql *sql, const struct model *model, const struct model_where *where)
{
	if (where && (where->sql || where->or_else))
		add_condition(sql, where);
	if (model->soft_delete && !(where && where->with_deleted)) {
		sql_and(sql);
		sql_add(sql, "deleted_at IS NULL");
	}
}

void sql_where_row(struct sql *sql, const struct model *model, int64_t id,
		   const struct model_where *where)
{
	sql_and(sql);
	sql_add(sql, "id = ");
	sql_bind(sql, db_bind_int(id));
	sql_where(sql, model, where);
}

/* ---- all of it ---- */

void sql_from(struct sql *sql, const struct model *model, const struct list_query *query,
	      const struct model_where *where)
{
	search_from(sql, model, query);
	sql_where(sql, model, where);
	for (size_t i = 0; query && i < query->filter_count; i++)
		add_filter(sql, &query->filters[i]);
	search_where(sql, model, query);
}
