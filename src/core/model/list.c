/*
 * One page of a list: by number or by cursor, with its total, the cursor of the next page and the
 * relations that the client included. The parts of the SQL are in search.c, where.c and order.c.
 */
#include "internal.h"

/* The rows that one condition lets in, after the cursor's. */
static void add_rows(struct sql *sql, const struct cursor_scope *scope,
		     const struct model_where *where, const struct db_value *after)
{
	sql->has_where = false;
	sql_add(sql, "SELECT ");
	search_columns(sql, scope->model, scope->query);
	sql_from(sql, scope->model, scope->query, where);
	if (after)
		sql_after(sql, scope->order, after);
}

static int64_t offset_of(const struct list_query *query, const struct db_value *after)
{
	if (after)
		return 0;
	return query->skip ? query->skip : (query->page - 1) * query->per_page;
}

/*
 * Each part is read by its index, and the two are merged as far as the page goes.
 */
static void add_part(struct sql *sql, const struct cursor_scope *scope, int number,
		     const struct db_value *after)
{
	const struct model_where part = where_part(scope->where, number);
	sql_add(sql, "SELECT * FROM (");
	add_rows(sql, scope, &part, after);
	sql_order(sql, scope->order);
	if (db_dialect(sql->c)->bounds_parts) {
		sql_add(sql, " LIMIT ");
		sql_bind(sql,
			 db_bind_int(offset_of(scope->query, after) + scope->query->per_page + 1));
	}
	sql_add(sql, number ? ") AS second" : ") AS first");
}

static void add_parts(struct sql *sql, const struct cursor_scope *scope,
		      const struct db_value *after)
{
	sql_add(sql, "SELECT ");
	sql_columns(sql, scope->model->row);
	sql_add(sql, " FROM (");
	add_part(sql, scope, 0, after);
	sql_add(sql, " UNION ALL ");
	add_part(sql, scope, 1, after);
	sql_add(sql, ") AS parts");
}

/* The page's rows and one more, which tells whether there is a next page. */
static enum app_err rows_list(struct ctx *c, const struct cursor_scope *scope,
			      const struct db_value *after, struct array *ret)
{
	const struct list_query *query = scope->query;
	struct sql sql;
	sql_init_where(&sql, c, scope->where);
	if (where_has_parts(query, scope->where))
		add_parts(&sql, scope, after);
	else
		add_rows(&sql, scope, scope->where, after);
	sql_order(&sql, scope->order);
	sql_add(&sql, " LIMIT ");
	sql_bind(&sql, db_bind_int(query->per_page + 1));
	if (!after) {
		sql_add(&sql, " OFFSET ");
		sql_bind(&sql, db_bind_int(offset_of(query, after)));
	}
	return model_all(c, buf_text(&sql.text), sql_binds(&sql), scope->model->row,
			 (size_t)query->per_page + 1, ret);
}

static enum app_err page_read(struct ctx *c, const struct cursor_scope *scope, struct page *ret)
{
	struct db_value values[LIST_SORTS_MAX + 1];
	bool by_cursor = scope->query->cursor != NULL;
	enum app_err err = APP_OK;
	if (by_cursor)
		err = cursor_read(c, scope, scope->query->cursor, values);
	if (!err)
		err = rows_list(c, scope, by_cursor ? values : NULL, &ret->items);
	if (err || ret->items.count <= (size_t)scope->query->per_page)
		return err;
	ret->items.count--;
	const void *last = (const char *)ret->items.items +
			   (ret->items.count - 1) * scope->model->row->size;
	ret->next_cursor.is = GIVEN;
	return cursor_write(c, scope, last, &ret->next_cursor.value);
}

static enum app_err total_read(struct ctx *c, const struct cursor_scope *scope, struct page *ret)
{
	int64_t total, per_page = scope->query->per_page;
	enum app_err err = total_count(c, scope->model, scope->query, scope->where, &total);
	if (err)
		return err;
	ret->total = (struct maybe_int){ GIVEN, total };
	ret->pages = (struct maybe_int){ GIVEN, (total + per_page - 1) / per_page };
	return APP_OK;
}

enum app_err model_list(struct ctx *c, const struct model *model, const struct list_query *query,
			const struct model_where *where, struct page *ret)
{
	struct order order;
	order_init(&order, query, search_id(c, model, query));
	const struct cursor_scope scope = { model, query, where, &order };
	struct page page = { .page = query->page,
			     .per_page = query->per_page,
			     .total.is = IS_NULL,
			     .pages.is = IS_NULL,
			     .next_cursor.is = IS_NULL };
	enum app_err err = page_read(c, &scope, &page);
	if (!err && query->with_total)
		err = total_read(c, &scope, &page);
	if (!err && query->include_count)
		err = model_include(c, model, query, page.items.items, page.items.count);
	if (err)
		return err;
	page.items.hidden = query->hidden;
	*ret = page;
	return APP_OK;
}
