/* The routes of a declared table: they start, and the document says what the columns say. */
#include "books.h"

#include <string.h>

#include "core/http.h"
#include "core/openapi.h"
#include "core/router.h"
#include "testing/json.h"

static const struct route books_routes[] = ROUTES(CRUD_ROUTES(books), CRUD_RESTORE_ROUTE(books));
static const struct module books_module = {
	.name = "books",
	.doc = "Books and who keeps them.",
	.routes = books_routes,
};

static void document_has(void **state)
{
	const struct module *const modules[] = { &books_module, NULL };
	const char *piece = *state;
	struct scene scene;
	struct router *router;
	struct buf out;
	scene_open(&scene);
	buf_init(&out, &scene.arena);
	assert_int_equal(router_new(&scene.c, modules, &router), APP_OK);
	openapi_document(
		&scene.c,
		&(struct openapi_source){ .router = router, .answers = http_answers, .root = "" },
		&out);
	router_drop(router);
	const char *text = json_swapped(&scene.arena, buf_text(&out));
	if (!strstr(text, piece))
		fail_msg("missing:\n%s\nin:\n%s", piece, text);
	scene_close(&scene);
}

#define HAS(sentence, piece) ROW_OF(sentence, document_has, piece)

int main(void)
{
	const struct CMUnitTest rows[] = {
		HAS("what has a default need not be sent, nor what may be null",
		    "'required':['title'],'title':'BookCreate'"),
		HAS("a replacement takes what a creation takes",
		    "'required':['title'],'title':'BookReplace'"),
		HAS("a change requires nothing",
		    "'additionalProperties':false,'type':'object','title':'BookUpdate'"),
		HAS("and says no default",
		    "'BookSet':{'properties':{'title':{'type':'string','minLength':1,'pattern':"
		    "'\\\\S','not':{'pattern':'\\\\x00'},'title':'Title','description':'White "
		    "space at both ends is cut off. What is left has at most 200 characters.'},"
		    "'shelf':{'type':'string',"
		    "'enum':['fiction','science','other'],'title':'Shelf'}"),
		HAS("a day is a date, of rows and of filters",
		    "'bought_on':{'anyOf':[{'type':'string','format':'date'},{'type':'null'}],"
		    "'title':'Bought On'}"),
		HAS("several days are an array of them",
		    "{'items':{'type':'string','format':'date'},'type':'array','maxItems':100,"
		    "'minItems':1,'title':'Bought On In'"),
		HAS("a bulk names what it does", "'enum':['update','delete','restore']"),
		HAS("a row has all its members",
		    "'required':['id','title','shelf','isbn','year','price','is_out','due_at',"
		    "'bought_on','notes','loans','keeper_id','keeper','created_at','updated_at'],'"
		    "title':'"
		    "Book'"),
	};
	return rows_run("core/crud/routes", rows, COUNT_OF(rows));
}
