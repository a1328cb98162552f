/* A model that is used and that no module lists is told at the start, by name. */
#include "core/module.h"

#include "core/crud.h"
#include "core/db/store.h"
#include "core/list.h"
#include "core/model.h"
#include "core/schema/chain.h"

#define SQL_TABLES \
	"CREATE TABLE tags (id INTEGER PRIMARY KEY, label TEXT NOT NULL);" \
	"CREATE TABLE authors (id INTEGER PRIMARY KEY, tag_id INTEGER NOT NULL);" \
	"CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL);"

struct tag {
	int64_t id;
	const char *label;
};
struct author {
	int64_t id, tag_id;
	struct tag *tag;
};
struct book {
	int64_t id, author_id;
	struct author *author;
};
struct book_list {
	struct list_query list;
};

static const struct model tag_model, author_model, book_model;

static const struct relation author_tag = {
	.kind = BELONGS_TO,
	.model = &tag_model,
	.key = "tag_id",
};
static const struct relation book_author = {
	.kind = BELONGS_TO,
	.model = &author_model,
	.key = "author_id",
};

SCHEMA(tag,
	FIELD(struct tag, id),
	FIELD(struct tag, label));
SCHEMA(author,
	FIELD(struct author, id),
	FIELD(struct author, tag_id),
	FIELD(struct author, tag, .object = &tag_schema, .relation = &author_tag));
SCHEMA(book,
	FIELD(struct book, id),
	FIELD(struct book, author_id),
	FIELD(struct book, author, .object = &author_schema, .relation = &book_author));
SCHEMA(book_list, LIST_FIELD(struct book_list, list, &book_schema));
PAGE_SCHEMA(book);

static const struct model tag_model = { .name = "tag", .table = "tags", .row = &tag_schema };
static const struct model author_model = { .name = "author",
					   .table = "authors",
					   .row = &author_schema };
static const struct model book_model = { .name = "book", .table = "books", .row = &book_schema };

static const struct operation list_books = {
	.name = "books.list",
	.in = &book_list_schema,
	.out = &book_page_schema,
};
static const struct operation get_author = { .name = "authors.get", .out = &author_schema };
static const struct operation ping = { .name = "system.ping" };

static const struct route book_routes[] = {
	{ .path = "/ping", .op = &ping },
	{ .path = "/page" },
	{ .path = "/books", .op = &list_books },
	{ 0 },
};
static const struct operation *const author_operations[] = { &ping, &get_author, NULL };

/* Makes tags without a label, one and many. */
struct mute {
	int64_t id;
};
SCHEMA(mute, FIELD(struct mute, id));
SCHEMA_OF(mutes_schema, "mutes", struct crud_batch,
	FIELD(struct crud_batch, items, .object = &mute_schema));
static const struct crud mute_crud = {
	.model = &tag_model,
	.row = &tag_schema,
	.create = &mute_schema,
};
static const struct operation make_tag = {
	.name = "tags.create",
	.in = &mute_schema,
	.crud = &mute_crud,
};
static const struct operation make_tags = {
	.name = "tags.batch",
	.in = &mutes_schema,
	.crud = &mute_crud,
};
static const struct route make_routes[] = { { .path = "/tags", .op = &make_tag }, { 0 } };
static const struct route batch_routes[] = { { .path = "/tags/batch", .op = &make_tags }, { 0 } };
static const struct operation *const make_operations[] = { &ping, &make_tag, NULL };

/* Of rows that embed each other by many ways, and authors at the end. */
static struct chain chain;
static const struct operation get_chain = { .name = "chain.get", .out = &chain.links[0] };
static const struct operation *const chain_operations[] = { &get_chain, NULL };

/* Nothing gives its rows. */
SCHEMA_OF(odd_schema, "odd", struct tag, FIELD(struct tag, label, .pattern = "("));
static const struct model odd_model = { .name = "odd", .table = "tags", .row = &odd_schema };

struct modules_case {
	const struct model *tags[2], *books[3]; /* what each of two modules lists */
	const struct route *routes;
	const struct operation *const *operations;
	const char *fault; /* NULL: none */
};

static void is_told(void **state)
{
	const struct modules_case *k = *state;
	const struct module tags = { .name = "tags", .models = k->tags };
	const struct module books = {
		.name = "books",
		.routes = k->routes,
		.operations = k->operations,
		.models = *k->books ? k->books : NULL,
	};
	struct store store;
	store_open(&store);
	store_do(&store, SQL_TABLES);
	struct ctx *c = &store.scene.c;
	enum app_err err = modules_check_tables(c,
						(const struct module *[]){ &tags, &books, NULL });
	assert_int_equal(err, k->fault ? APP_CONFLICT : APP_OK);
	if (k->fault)
		assert_non_null(strstr(ctx_failure_text(c, err), k->fault));
	store_close(&store);
}

#define MODULES(sentence, text, ...) \
	ROW_OF(sentence, is_told, (&(struct modules_case){ .fault = (text), __VA_ARGS__ }))

#define NO_LABEL "label, and mute has no value for it."

int main(void)
{
	const struct CMUnitTest rows[] = {
		MODULES("the table of rows that no operation gives is looked at, too",
			"Model odd: the table 'odd', field 'label': ", .tags = { &odd_model }),
		MODULES("what is listed is compared with the tables and let through", NULL,
			.tags = { &tag_model }, .books = { &author_model, &book_model },
			.routes = book_routes, .operations = author_operations),
		MODULES("modules without tables are let through", NULL),
		MODULES("a model whose rows are listed is missed",
			"Operation books.list lists rows of the schema book",
			.tags = { &tag_model }, .books = { &author_model }, .routes = book_routes),
		MODULES("one that is embedded is missed",
			"Operation books.list gives author of the model author, which no module "
			"lists",
			.tags = { &tag_model }, .books = { &book_model }, .routes = book_routes),
		MODULES("one that is embedded in what is embedded is missed",
			"Operation books.list gives tag of the model tag, which no module lists",
			.books = { &author_model, &book_model }, .routes = book_routes),
		MODULES("one of an operation without a route is missed",
			"Operation authors.get gives tag of the model tag",
			.books = { &author_model }, .operations = author_operations),
		MODULES("what would make rows without a value that the table wants is told",
			NO_LABEL, .tags = { &tag_model }, .routes = make_routes),
		MODULES("so is what makes many at once", NO_LABEL, .tags = { &tag_model },
			.routes = batch_routes),
		MODULES("so is an operation without a route", NO_LABEL, .tags = { &tag_model },
			.operations = make_operations),
		MODULES("one is missed forty rows deep, however these embed each other",
			"Operation chain.get gives pin of the model author",
			.books = { &book_model }, .operations = chain_operations),
	};
	chain_make(&chain, (struct field)FIELD(struct chain_link, pin, .relation = &book_author));
	return store_run("core/module/tables", rows, COUNT_OF(rows), NULL, NULL);
}
