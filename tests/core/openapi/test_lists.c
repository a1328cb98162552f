/* List parameters and relations in the OpenAPI document of an operation that lists. */
#include "testing/json.h"
#include "testing/rows.h"
#include "testing/scene.h"

#include <string.h>

#include "base/buf.h"
#include "core/http.h"
#include "core/json.h"
#include "core/list.h"
#include "core/model.h"
#include "core/module.h"
#include "core/openapi.h"
#include "core/router.h"

struct person {
	int64_t id;
};
SCHEMA(person, FIELD(struct person, id, .required = true));
static const struct model people = { .name = "person", .table = "people", .row = &person_schema };
static const struct relation author_of = { .kind = BELONGS_TO,
					   .model = &people,
					   .key = "author_id" };

struct book {
	int64_t id;
	const char *title;
	int64_t rank, author_id;
	const struct person *author;
};
SCHEMA(book,
	FIELD(struct book, id, .required = true, .sort = true),
	FIELD(struct book, title, .required = true, .filter = FILTER_EQ),
	FIELD(struct book, rank, .required = true, .filter = FILTER_IN),
	FIELD(struct book, author_id, .required = true),
	FIELD(struct book, author, .object = &person_schema, .relation = &author_of));
PAGE_SCHEMA(book);

struct book_list {
	const char *shelf;
	struct list_query list;
};
SCHEMA(book_list,
	FIELD(struct book_list, shelf, .in = IN_QUERY),
	LIST_FIELD(struct book_list, list, &book_schema));

static enum app_err run_never(struct ctx *c, void *in, void *ret)
{
	(void)c, (void)in, (void)ret;
	return APP_OK;
}

static const struct operation books_list = {
	.name = "books.list",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.in = &book_list_schema,
	.out = &book_page_schema,
	.run = run_never,
};
static const struct operation books_first = {
	.name = "books.first",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &book_schema,
	.run = run_never,
};
struct books {
	struct array items;
};
SCHEMA_DEFINE(book_array_schema, "book_array", struct books, (.shape = SHAPE_ARRAY),
	FIELD(struct books, items, .object = &book_schema));
SCHEMA_DEFINE(book_lines_schema, "book_lines", struct books, (.shape = SHAPE_LINES),
	FIELD(struct books, items, .object = &person_schema));
static const struct operation books_all = {
	.name = "books.all",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &book_array_schema,
	.run = run_never,
};
static const struct operation books_lines = {
	.name = "books.lines",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &book_lines_schema,
	.run = run_never,
};
static const struct route routes[] = { { .method = GET, .path = "/books", .op = &books_list },
				       { .method = GET, .path = "/first", .op = &books_first },
				       { .method = GET, .path = "/all", .op = &books_all },
				       { .method = GET, .path = "/lines", .op = &books_lines },
				       { 0 } };
static const struct module books = { .name = "books", .routes = routes };

static void piece_is_there(void **state)
{
	const struct module *const modules[] = { &books, NULL };
	struct scene scene;
	struct buf out;
	struct router *router;
	size_t at;
	const char *why;
	scene_open(&scene);
	buf_init(&out, &scene.arena);
	if (router_new(&scene.c, modules, &router))
		fail_msg("%s", ctx_failure_text(&scene.c, APP_INVALID));
	openapi_document(
		&scene.c,
		&(struct openapi_source){ .router = router, .answers = http_answers, .root = "" },
		&out);
	router_drop(router);
	assert_true(json_check(out.data, out.len, &at, &why));
	assert_json_has(buf_text(&out), *state);
	scene_close(&scene);
}

#define HAS(sentence, piece) ROW_OF(sentence, piece_is_there, piece)

int main(void)
{
	const struct CMUnitTest rows[] = {
		HAS("a list parameter is a query parameter that may be missing",
		    "{'name':'page','in':'query','required':false,'schema':{'type':'integer',"),
		HAS("a filter is a query parameter",
		    "{'name':'title__ne','in':'query','required':false,'schema':{'type':'string',"
		    "'maxLength':200,"),
		HAS("list parameters stand after the fields before them",
		    "'parameters':[{'name':'shelf','in':'query','required':false,"
		    "'schema':{'type':'string','pattern':'^[^\\\\x00]*$','title':'Shelf'}},"
		    "{'name':'page',"),
		HAS("an array stands in one parameter, and is the last one here",
		    "with commas between them. At most 100.','style':'form','explode':false}],"),
		HAS("what no parameter can say is said of the operation",
		    "'description':'At most 16 filters. Other names are taken, too: `skip` for "
		    "`page`, `limit` for `per_page`, `order_by` for `sort`, `ordering` for `sort`, "
		    "`filters` for filters as `FIELD:value,FIELD:[value,value]`.',"),
		HAS("the answer is a page", "#/components/schemas/BookPage"),
		HAS("a page holds rows",
		    "'items':{'items':{'$ref':'#/components/schemas/BookRow'},'type':'array'"),
		HAS("rows that lack what fields= does not name are told of where they are "
		    "described",
		    "'description':'With fields= each row has only what it names, and the id.'"),
		HAS("and where fields= is", "Without it a row has them all.'"),
		HAS("of a row only the id is sure", "'required':['id'],'title':'BookRow'"),
		HAS("of a book alone everything is",
		    "'required':['id','title','rank','author_id','author'],'title':'Book'"),
		HAS("an embedded schema is a component", "'Person':{'properties':{'id'"),
		HAS("an array is an answer",
		    "'content':{'application/json':{'schema':{'$ref':'#/components/schemas/"
		    "BookArray'}}}"),
		HAS("of books as a whole",
		    "'BookArray':{'items':{'$ref':'#/components/schemas/BookEmbedded'},'type':"
		    "'array',"),
		HAS("lines have a media type of their own",
		    "'content':{'application/x-ndjson':{'schema':{'$ref':'#/components/schemas/"
		    "BookLines'}}}"),
		HAS("a list can be refused",
		    "'422':{'$ref':'#/components/responses/validation_error'}"),
	};
	return rows_run("core/openapi/lists", rows, sizeof(rows) / sizeof(rows[0]));
}
