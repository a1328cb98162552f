/*
 * The statement that reads the rows of a page. What no index has in one piece is read in parts,
 * each by an index and as far as the page goes, which are merged: rows that either of two
 * conditions lets in, and those without the value that is sorted by, which come last and stand in
 * the index at its other end. What the parts say is where.c's and order.c's.
 */
#include "base/arena.h"
#include "internal.h"

enum { PARTS_MOST = 4 };

struct part {
	struct model_where where;
	enum order_rows rows;
};

/* What a page is read with: `after` is what its cursor says, or NULL. */
struct page_sql {
	const struct cursor_scope *scope;
	const struct db_value *after;
	/* Values that are bound before those of the filters. */
	size_t bound_before;
	struct part parts[PARTS_MOST];
	size_t count;
};

/* ---- parts ---- */

static void part_add(struct page_sql *page, int number, enum order_rows rows)
{
	static const struct model_where all;
	const struct model_where *where = page->scope->where ? page->scope->where : &all;
	struct part *part = &page->parts[page->count++];
	bool is_half = where_has_parts(page->scope->query, where);
	part->where = is_half ? where_part(where, number) : *where;
	part->rows = rows;
}

static void parts_find(struct page_sql *page)
{
	const struct cursor_scope *scope = page->scope;
	int halves = where_has_parts(scope->query, scope->where) ? 2 : 1;
	bool has_nulls_apart = !scope->query->q && order_has_parts(scope->order);
	bool is_among_nulls = page->after && page->after[0].type == DB_NULL;
	for (int i = 0; i < halves; i++) {
		if (!has_nulls_apart)
			part_add(page, i, ROWS_ALL);
		if (has_nulls_apart && !is_among_nulls)
			part_add(page, i, ROWS_WITH_VALUE);
		if (has_nulls_apart)
			part_add(page, i, ROWS_WITH_NULL);
	}
}

/* ---- SQL ---- */

/*
 * The filters are bound in the first part, and those after it name the same values again: bound in
 * each, the most that a client may send would be more than a statement takes.
 */
static void add_from(struct sql *sql, const struct page_sql *page, const struct part *part)
{
	const struct cursor_scope *scope = page->scope;
	size_t bound = sql->count;
	if (part != page->parts)
		sql->count = page->bound_before;
	sql_from(sql, scope->model, scope->query, &part->where);
	if (part != page->parts)
		sql->count = bound;
}

/* The rows of a part, after the cursor's, in order. */
static void add_rows(struct sql *sql, const struct page_sql *page, const struct part *part)
{
	const struct cursor_scope *scope = page->scope;
	sql->has_where = false;
	sql_add(sql, "SELECT ");
	search_columns(sql, scope->model, scope->query);
	add_from(sql, page, part);
	sql_after(sql, scope->order, part->rows, page->after);
	sql_order(sql, scope->order, part->rows);
}

static int64_t offset_of(const struct page_sql *page)
{
	const struct list_query *query = page->scope->query;
	if (page->after)
		return 0;
	return query->skip ? query->skip : (query->page - 1) * query->per_page;
}

static void add_part(struct sql *sql, const struct page_sql *page, size_t at)
{
	if (at)
		sql_add(sql, " UNION ALL ");
	sql_add(sql, "SELECT * FROM (");
	add_rows(sql, page, &page->parts[at]);
	if (db_dialect(sql->c)->bounds_parts) {
		sql_add(sql, " LIMIT ");
		sql_bind(sql, db_bind_int(offset_of(page) + page->scope->query->per_page + 1));
	}
	sql_add(sql, arena_printf(sql->c->arena, ") AS part_%zu", at + 1));
}

static void add_parts(struct sql *sql, const struct page_sql *page)
{
	sql_add(sql, "SELECT ");
	sql_columns(sql, page->scope->model->row);
	sql_add(sql, " FROM (");
	for (size_t i = 0; i < page->count; i++)
		add_part(sql, page, i);
	sql_add(sql, ") AS parts");
	sql_order(sql, page->scope->order, ROWS_ALL);
}

enum app_err list_rows(struct ctx *c, const struct cursor_scope *scope,
		       const struct db_value *after, struct array *ret)
{
	const struct list_query *query = scope->query;
	struct page_sql page = { .scope = scope, .after = after };
	struct sql sql;
	parts_find(&page);
	sql_init_where(&sql, c, scope->where);
	page.bound_before = sql.count;
	if (page.count > 1)
		add_parts(&sql, &page);
	else
		add_rows(&sql, &page, &page.parts[0]);
	sql_add(&sql, " LIMIT ");
	sql_bind(&sql, db_bind_int(query->per_page + 1));
	if (!after) {
		sql_add(&sql, " OFFSET ");
		sql_bind(&sql, db_bind_int(offset_of(&page)));
	}
	return model_all(c, buf_text(&sql.text), sql_binds(&sql), scope->model->row,
			 (size_t)query->per_page + 1, ret);
}
