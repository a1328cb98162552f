/* The documents of an API of three versions: what each has, and what it says will go. */
#include "testing/json.h"
#include "testing/rows.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/http.h"
#include "core/openapi.h"
#include "core/router.h"
#include "core/router/notes.h"
#include "testing/scene.h"

struct piece_case {
	int version;
	const char *piece;
	bool absent;
};

static void piece_is_there(void **state)
{
	const struct piece_case *row = *state;
	struct scene scene;
	struct router *router;
	struct buf out;
	scene_open(&scene);
	buf_init(&out, &scene.arena);
	assert_int_equal(router_new(&scene.c, notes_modules, &router), APP_OK);
	size_t count;
	const struct router_scope *scopes = router_scopes(router, &count);
	const struct openapi_source source = {
		.router = router,
		.scope = row->version ? &scopes[row->version - 1] : NULL,
		.answers = http_answers,
		.root = "/croft",
	};
	openapi_document(&scene.c, &source, &out);
	router_drop(router);
	const char *text = json_swapped(&scene.arena, buf_text(&out));
	if (!strstr(text, row->piece) != row->absent)
		fail_msg("%s:\n%s\nin:\n%s", row->absent ? "there" : "missing", row->piece, text);
	scene_close(&scene);
}

#define HAS(sentence, version_, piece_) \
	ROW_OF(sentence, piece_is_there, (&(struct piece_case){ version_, piece_, false }))
#define LACKS(sentence, version_, piece_) \
	ROW_OF(sentence, piece_is_there, (&(struct piece_case){ version_, piece_, true }))
#define HEADER(name) "'" name "':{'$ref':'#/components/headers/" name "'}"
#define GOES_THEN HEADER("Deprecation") "," HEADER("Sunset") "," HEADER("X-Request-ID")
#define GOES HEADER("Deprecation") "," HEADER("X-Request-ID")

int main(void)
{
	const struct CMUnitTest rows[] = {
		HAS("the first has its routes", 1, "'/api/v1/notes/{id}':{'get':"),
		HAS("without a number it is the first", 0, "'/api/v1/notes/{id}':{'get':"),
		LACKS("and none of the second", 1, "/api/v2/"),
		LACKS("nor what began later", 1, "news"),
		HAS("the second has what it replaces", 2, "'/api/v2/notes/{note_id}':{"),
		LACKS("in place of what was before", 2, "/notes/{id}"),
		HAS("and what it left as it was", 2, "'/api/v2/notes':{'get':"),
		HAS("methods of one path stand together", 2,
		    "'operationId':'notes-drop','deprecated':true"),
		LACKS("nothing of the first", 2, "/api/v1/notes"),
		HAS("its schema has the name that another had", 2,
		    "'Note':{'properties':{'id':{'type':'integer'"),
		LACKS("and not what that had", 2, "'text':"),
		HAS("the first has that", 1, "'text':"),
		LACKS("the third has not what ended", 3, "'delete':"),
		HAS("whole paths are in each", 3, "'/ping':{'get':"),
		HAS("modules that begin later are tags then", 2, "{'name':'news',"),
		HAS("all are below the same root", 2, "'servers':[{'url':'/croft'}]"),

		HAS("what goes says so", 1, "'operationId':'notes-get_1','deprecated':true,"),
		LACKS("what stays does not", 3, "'deprecated'"),
		HAS("its successes tell when", 1,
		    "'200':{'description':'Successful Response','headers':{" GOES_THEN "}"),
		HAS("its failures, too", 1,
		    "'422':{'description':'Validation Error','headers':{" GOES_THEN "}"),
		HAS("where only the beginning is known, that", 1,
		    "'201':{'description':'Successful Response','headers':{" HEADER(
			    "Location") "," GOES "}"),
		HAS("what the headers mean", 1, "'Sunset':{'description':'When it goes,"),
	};
	return rows_run("core/openapi/versions", rows, COUNT_OF(rows));
}
