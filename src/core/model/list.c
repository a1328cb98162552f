/*
 * One page of a list: by number or by cursor, with its total, the cursor of the next page and the
 * relations that the client included. The statement that reads its rows is list_rows.c's.
 */
#include "internal.h"

static enum app_err page_read(struct ctx *c, const struct cursor_scope *scope, struct page *ret)
{
	struct db_value values[LIST_SORTS_MAX + 1];
	bool by_cursor = scope->query->cursor != NULL;
	enum app_err err = APP_OK;
	if (by_cursor)
		err = cursor_read(c, scope, scope->query->cursor, values);
	if (!err)
		err = list_rows(c, scope, by_cursor ? values : NULL, &ret->items);
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
	enum app_err err = where_check(c, where);
	if (!err)
		err = page_read(c, &scope, &page);
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
