/*
 * Counts, sums, extremes and averages of a model's rows, of all of them or a group at a time. Which
 * rows are seen is decided by where.c, as for lists.
 */
#include "internal.h"

static const char *const functions[] = {
	[MODEL_COUNT] = "count(", [MODEL_SUM] = "sum(",     [MODEL_MIN] = "min(",
	[MODEL_MAX] = "max(",     [MODEL_AVERAGE] = "avg(",
};

/*
 * PostgreSQL answers sums of integers and averages in a type of any length: they are cast to what
 * the field holds.
 */
static const char *cast_type(const struct model_aggregation *what,
			     const struct model_aggregate *aggregate)
{
	const struct field *field = schema_field(what->out, aggregate->as);
	if (aggregate->function == MODEL_AVERAGE)
		return "DOUBLE PRECISION";
	if (aggregate->function == MODEL_SUM)
		return field && field->type == FIELD_REAL ? "DOUBLE PRECISION" : "BIGINT";
	return NULL;
}

static void add_function(struct sql *sql, const struct model_aggregate *aggregate)
{
	sql_add(sql, functions[aggregate->function]);
	if (aggregate->function == MODEL_COUNT && aggregate->column)
		sql_add(sql, "DISTINCT ");
	sql_add(sql, aggregate->column ? aggregate->column : "*");
	sql_add(sql, ")");
	if (!aggregate->condition)
		return;
	sql_add(sql, " FILTER (WHERE ");
	sql_add(sql, aggregate->condition);
	sql_add(sql, ")");
}

static void add_aggregate(struct sql *sql, const struct model_aggregation *what,
			  const struct model_aggregate *aggregate)
{
	const char *type = cast_type(what, aggregate);
	bool is_sum = aggregate->function == MODEL_SUM;
	sql_add(sql, type ? "CAST(" : "");
	sql_add(sql, is_sum ? "coalesce(" : "");
	add_function(sql, aggregate);
	sql_add(sql, is_sum ? ", 0)" : "");
	if (type) {
		sql_add(sql, " AS ");
		sql_add(sql, type);
		sql_add(sql, ")");
	}
	sql_add(sql, " AS ");
	sql_add(sql, aggregate->as);
}

static enum app_err aggregation_sql(struct ctx *c, const struct model_aggregation *what,
				    struct sql *sql)
{
	const char *comma = "";
	enum app_err err = where_check(c, what->where);
	if (err)
		return err;
	sql_init_where(sql, c, what->where);
	sql_add(sql, "SELECT ");
	if (what->group) {
		sql_add(sql, what->group);
		sql_add(sql, " AS ");
		sql_add(sql, what->group_as);
		comma = ", ";
	}
	for (const struct model_aggregate *at = what->aggregates; at->as; at++) {
		sql_add(sql, comma);
		add_aggregate(sql, what, at);
		comma = ", ";
	}
	sql_from(sql, what->model, what->query, what->where);
	if (what->group)
		sql_add(sql, " GROUP BY 1 ORDER BY 1");
	return APP_OK;
}

enum app_err model_aggregate(struct ctx *c, const struct model_aggregation *what, void *ret)
{
	if (what->group)
		return ctx_fail_cause(c, APP_INTERNAL,
				      "groups of '%s' are asked for: call model_aggregate_by()",
				      what->model->table);
	struct sql sql;
	enum app_err err = aggregation_sql(c, what, &sql);
	return err ? err : model_one_sql(c, &sql, what->out, ret);
}

enum app_err model_aggregate_by(struct ctx *c, const struct model_aggregation *what,
				struct array *ret)
{
	if (!what->group || !what->group_as)
		return ctx_fail_cause(c, APP_INTERNAL,
				      "aggregates of '%s' by group need .group and .group_as",
				      what->model->table);
	struct sql sql;
	enum app_err err = aggregation_sql(c, what, &sql);
	return err ? err
		   : model_all(c, buf_text(&sql.text), sql_binds(&sql), what->out, what->most, ret);
}
