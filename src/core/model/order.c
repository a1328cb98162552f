/*
 * The order of a list and the condition that continues it after a row (keyset paging), for any mix
 * of ascending, descending and nullable columns, in the same words for both databases.
 */
#include <assert.h>

#include "base/str.h"
#include "internal.h"

static void order_add(struct order *order, const struct field *field, bool descending)
{
	order->terms[order->count++] = (struct list_sort){ .field = field,
							   .descending = descending };
}

/*
 * The id breaks ties in the direction of the term before it: an index on that column holds the ids
 * in its order, so it is read straight along.
 */
void order_init(struct order *order, const struct list_query *query, const char *id)
{
	const struct field *field = schema_field(query->row, "id");
	assert(field && field->type == FIELD_INT && query->sort_count <= LIST_SORTS_MAX);
	order->count = 0;
	order->id = *field;
	order->id.name = id;
	for (size_t i = 0; i < query->sort_count; i++) {
		bool is_id = str_eq(query->sorts[i].field->name, "id");
		order_add(order, is_id ? &order->id : query->sorts[i].field,
			  query->sorts[i].descending);
		if (is_id)
			return;
	}
	order_add(order, &order->id, order->count && order->terms[order->count - 1].descending);
}

bool order_has_parts(const struct order *order)
{
	return order->count == 2 && field_can_be_null(order->terms[0].field);
}

void sql_order(struct sql *sql, const struct order *order, enum order_rows rows)
{
	const char *glue = " ORDER BY ";
	for (size_t i = 0; i < order->count; i++) {
		const struct list_sort *term = &order->terms[i];
		sql_add(sql, glue);
		sql_column(sql, term->field, true);
		if (term->descending)
			sql_add(sql, " DESC");
		if (rows == ROWS_ALL && field_can_be_null(term->field))
			sql_add(sql, " NULLS LAST");
		glue = ", ";
	}
}

/* ---- after a row ---- */

static void add_compared(struct sql *sql, const struct list_sort *term, const char *sign,
			 struct db_value value)
{
	sql_column(sql, term->field, true);
	sql_add(sql, sign);
	sql_bind(sql, value);
}

/* Beyond the value in this one term. Never called for null, which nothing comes after. */
static void add_beyond(struct sql *sql, const struct list_sort *term, struct db_value value)
{
	const char *sign = term->descending ? " < " : " > ";
	if (!field_can_be_null(term->field)) {
		add_compared(sql, term, sign, value);
		return;
	}
	sql_add(sql, "(");
	add_compared(sql, term, sign, value);
	sql_add(sql, " OR ");
	sql_add(sql, term->field->name);
	sql_add(sql, " IS NULL)");
}

static void add_equal(struct sql *sql, const struct list_sort *term, struct db_value value)
{
	if (value.type != DB_NULL) {
		add_compared(sql, term, " = ", value);
		return;
	}
	sql_add(sql, term->field->name);
	sql_add(sql, " IS NULL");
}

/*
 * Whether one comparison of row values says it, which both databases turn into one seek of an
 * index.
 */
static bool is_uniform(const struct order *order, enum order_rows rows)
{
	for (size_t i = 0; i < order->count; i++)
		if (order->terms[i].descending != order->terms[0].descending ||
		    (rows == ROWS_ALL && field_can_be_null(order->terms[i].field)))
			return false;
	return true;
}

static void add_row_beyond(struct sql *sql, const struct order *order,
			   const struct db_value *values)
{
	sql_add(sql, "(");
	for (size_t i = 0; i < order->count; i++) {
		sql_add(sql, i ? ", " : "");
		sql_column(sql, order->terms[i].field, true);
	}
	sql_add(sql, order->terms[0].descending ? ") < (" : ") > (");
	for (size_t i = 0; i < order->count; i++) {
		sql_add(sql, i ? ", " : "");
		sql_bind(sql, values[i]);
	}
	sql_add(sql, ")");
}

/* (a > 1) OR (a = 1 AND b < 2) OR (a = 1 AND b = 2 AND id > 3) */
static void add_terms_beyond(struct sql *sql, const struct order *order,
			     const struct db_value *values)
{
	const char *glue = "(";
	for (size_t last = 0; last < order->count; last++) {
		if (values[last].type == DB_NULL)
			continue;
		sql_add(sql, glue);
		sql_add(sql, "(");
		for (size_t i = 0; i < last; i++) {
			add_equal(sql, &order->terms[i], values[i]);
			sql_add(sql, " AND ");
		}
		add_beyond(sql, &order->terms[last], values[last]);
		sql_add(sql, ")");
		glue = " OR ";
	}
	sql_add(sql, ")");
}

static void add_null(struct sql *sql, const struct order *order, enum order_rows rows)
{
	if (rows == ROWS_ALL)
		return;
	sql_and(sql);
	sql_add(sql, order->terms[0].field->name);
	sql_add(sql, rows == ROWS_WITH_NULL ? " IS NULL" : " IS NOT NULL");
}

/* Those without a value are in the order of the id. */
static void add_null_beyond(struct sql *sql, const struct order *order,
			    const struct db_value *values)
{
	if (values[0].type != DB_NULL)
		return;
	sql_and(sql);
	add_beyond(sql, &order->terms[1], values[1]);
}

void sql_after(struct sql *sql, const struct order *order, enum order_rows rows,
	       const struct db_value *values)
{
	add_null(sql, order, rows);
	if (!values)
		return;
	if (rows == ROWS_WITH_NULL) {
		add_null_beyond(sql, order, values);
		return;
	}
	sql_and(sql);
	if (is_uniform(order, rows)) {
		add_row_beyond(sql, order, values);
		return;
	}
	const struct list_sort *first = &order->terms[0];
	if (!field_can_be_null(first->field)) {
		/* Says nothing new, but lets an index skip what comes before. */
		add_compared(sql, first, first->descending ? " <= " : " >= ", values[0]);
		sql_and(sql);
	}
	add_terms_beyond(sql, order, values);
}
