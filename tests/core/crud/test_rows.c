/* What a made module is tested with, on a table that has each kind of column. */
#include "books.h"
#include "testing/crud_rows.h"

static const struct route books_routes[] = ROUTES(CRUD_ROUTES(books));
static const struct model *const models[] = MODELS(&book_model);
static const struct module books_module = {
	.name = "books",
	.routes = books_routes,
	.models = models,
};

static const struct crud_value values[] = {
	{ "title", "'Emma'", "'Kindred'", "''" },
	{ "shelf", "'fiction'", "'other'", "'none of them'" },
	{ "isbn", "'9780141439587'", "null", "'1'" },
	{ "year", "1815", "null", "1449" },
	{ "price", "1.5", "9.5", "'x'" },
	{ "is_out", "true", "false", "'x'" },
	{ "due_at", "'2026-12-31T23:59:59Z'", "null", "'x'" },
	{ "bought_on", "'2026-02-28'", "null", "'2026-02-29'" },
	{ "notes", "{'one':1}", "null", NULL },
};

int main(void)
{
	return CRUD_ROWS(books_open, "core/crud/rows", books_module, values);
}
