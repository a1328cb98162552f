/* Six books, and what the tests of lists and of cursors share. */
#ifndef CROFT_TESTS_CORE_MODEL_SHELF_LIST_H
#define CROFT_TESTS_CORE_MODEL_SHELF_LIST_H

#include "shelf.h"

#define SQL_SIX \
	"INSERT INTO authors VALUES (1, 'Ann', NULL), (2, 'Bob', NULL);" \
	"INSERT INTO books (title, author_id, rank, price, sold, created_at, updated_at, " \
	"deleted_at) VALUES" \
	" ('alpha', 1, 3, 1.5, TRUE, 10, 10, NULL)," \
	" ('Beta 100%', 1, NULL, 2.5, FALSE, 20, 20, NULL)," \
	" ('gamma_ray', 2, 1, 3.5, TRUE, 20, 20, NULL)," \
	" ('delta', NULL, 3, 2.5, FALSE, 40, 40, NULL)," \
	" ('epsilon', 2, NULL, 0.5, TRUE, 50, 50, NULL)," \
	" ('gone', 1, 1, 1, FALSE, 60, 60, 60)"

static inline const struct field *field_of(const char *name)
{
	for (size_t i = 0; i < book_schema.count; i++)
		if (!strcmp(book_schema.fields[i].name, name))
			return &book_schema.fields[i];
	fail_msg("no field %s", name);
	return NULL;
}

static inline struct list_query query_new(void)
{
	struct list_query query;
	list_query_init(&query, &book_schema);
	return query;
}

/* "-created_at,rank" */
static inline void query_sort(struct list_query *query, const char *terms)
{
	char *copy = arena_strdup(&store.scene.arena, terms), *save = NULL;
	query->sort_count = 0;
	for (char *at = strtok_r(copy, ",", &save); at; at = strtok_r(NULL, ",", &save))
		query->sorts[query->sort_count++] = (struct list_sort){
			field_of(*at == '-' ? at + 1 : at), *at == '-'
		};
}

static inline const char *ids_of(const struct array *list)
{
	char *text = arena_strdup(&store.scene.arena, "");
	const struct book *books = list->items;
	for (size_t i = 0; i < list->count; i++)
		text = arena_printf(&store.scene.arena, "%s%s%d", text, i ? " " : "",
				    (int)books[i].id);
	return text;
}

static inline struct page list_of(const struct list_query *query, const struct model_where *where)
{
	struct page page = { 0 };
	ctx_recover(c);
	enum app_err err = model_list(c, &book_model, query, where, &page);
	if (err)
		fail_msg("%s", c->failure.cause ? c->failure.cause : c->failure.text);
	return page;
}

#endif
