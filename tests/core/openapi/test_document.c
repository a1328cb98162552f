/*
 * The OpenAPI document of a made-up module: exact pieces of it, and that the whole is JSON that
 * refers to nothing missing.
 */
#include "testing/json.h"
#include "testing/rows.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/app.h"
#include "core/http.h"
#include "core/json.h"
#include "core/openapi.h"
#include "core/router.h"
#include "posts.h"
#include "testing/scene.h"

/* ---- helpers ---- */

/* In the quotes of testing/json.h, like field_text(). */
static const char *document_with(struct scene *scene, const struct module *const *list,
				 const struct openapi_words *words)
{
	struct buf out;
	struct router *router;
	buf_init(&out, &scene->arena);
	assert_int_equal(router_new(&scene->c, list, &router), APP_OK);
	openapi_document(
		&scene->c,
		&(struct openapi_source){
			.router = router, .answers = http_answers, .root = "", .words = words },
		&out);
	router_drop(router);
	return json_swapped(&scene->arena, buf_text(&out));
}

static const char *document(struct scene *scene, const struct module *const *list)
{
	return document_with(scene, list, NULL);
}

static const char *field_text(struct scene *scene, const struct schema *schema, const char *name)
{
	struct buf out;
	buf_init(&out, &scene->arena);
	for (size_t i = 0; i < schema->count; i++)
		if (str_eq(schema->fields[i].name, name))
			field_document(&schema->fields[i], true, &out);
	return json_swapped(&scene->arena, buf_text(&out));
}

static void assert_has(const char *text, const char *piece)
{
	if (!strstr(text, piece))
		fail_msg("missing:\n%s\nin:\n%s", piece, text);
}

#define SCHEMA_REF(name) \
	"'content':{'application/json':{'schema':{'$ref':'#/components/schemas/" name "'}}}"
#define REF(name) "{'$ref':'#/components/schemas/" name "'}"
#define HEADER(name) "'" name "':{'$ref':'#/components/headers/" name "'}"
#define HEADERS(before) "'headers':{" before HEADER("X-Request-ID") "}"
#define ERROR_OF(status, name) "'" status "':{'$ref':'#/components/responses/" name "'}"
#define SUCCESS(status, before) \
	"'responses':{'" status "':{'description':'Successful Response'," HEADERS(before)
#define BAD_REQUEST ERROR_OF("400", "bad_request")
#define NO_ACTOR ERROR_OF("401", "unauthenticated")
#define FORBIDDEN ERROR_OF("403", "forbidden")
#define UNREADABLE ERROR_OF("406", "not_acceptable")
#define BAD_BODY ERROR_OF("413", "too_large") "," ERROR_OF("415", "unsupported_media_type")
#define TOO_MANY ERROR_OF("429", "too_many_requests")
#define OTHERS TOO_MANY "," ERROR_OF("503", "unavailable") "," ERROR_OF("default", "error")
#define FAULTS ERROR_OF("422", "validation_error")
/* How a shared failure is written out. */
#define FORM(text, before, name) \
	"{'description':'" text \
	"'," HEADERS(before) ",'content':{'application/json':{'schema':" REF( \
		name) "},'application/problem+json':{'schema':" REF("Problem") "}}}"
#define OPEN "'security':[]"
#define LOCKED "'security':[{'OAuth2PasswordBearer':[]},{'ApiKey':[]}]"

/* ---- pieces that hold no schema of a field ---- */

struct piece_case {
	const char *piece;
	bool absent;
};

static void piece_is_there(void **state)
{
	const struct piece_case *wanted = *state;
	struct scene scene;
	scene_open(&scene);
	const char *text = document(&scene, modules);
	if (wanted->absent)
		assert_null(strstr(text, wanted->piece));
	else
		assert_has(text, wanted->piece);
	scene_close(&scene);
}

#define HAS(sentence, text) \
	ROW_OF(sentence, piece_is_there, (&(struct piece_case){ .piece = (text) }))
#define LACKS(sentence, text) \
	ROW_OF(sentence, piece_is_there, (&(struct piece_case){ .piece = (text), .absent = true }))

/* ---- whole operations ---- */

static void list_has_query_parameters(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *expected = arena_printf(
		&scene.arena,
		"'/api/v1/posts':{'get':{'tags':['posts'],'summary':'List posts',"
		"'operationId':'posts-list'," OPEN ",'parameters':["
		"{'name':'page','in':'query','required':false,'schema':%s,"
		"'description':'Which page'},"
		"{'name':'q','in':'query','required':true,'schema':%s}]," SUCCESS(
			"200", "") "," SCHEMA_REF("PostPage") "}," BAD_REQUEST "," UNREADABLE
							      "," FAULTS "," OTHERS "}}",
		field_text(&scene, &post_query_schema, "page"),
		field_text(&scene, &post_query_schema, "q"));
	assert_has(document(&scene, modules), expected);
	scene_close(&scene);
}

/* clang-format off */
/* What a change may be asked with besides its input. */
#define WISHES \
	"{'name':'idempotency-key','in':'header','required':false,'schema':{'type':'string'," \
	"'pattern':'^(\\'([ !#-\\\\[\\\\]-~]|\\\\\\\\[\\'\\\\\\\\]){1,255}\\'" \
	"|[!#-~]([ -~]{0,253}[!-~])?)$'," \
	"'title':'Idempotency Key'," \
	"'description':'" KEY_DOC "'},'description':'" KEY_DOC "'}," \
	"{'name':'prefer','in':'header','required':false,'schema':{'type':'string'," \
	"'pattern':'^([^\\']|\\'([^\\'\\\\\\\\]|\\\\\\\\.)*\\')*$','not':{'pattern':'\\\\x00'}," \
	"'title':'Prefer'," \
	"'description':'" PREFER_DOC "'},'description':'" PREFER_DOC "'}"
#define KEY_DOC \
	"A text of your own, such as a UUID: sent again with the same key and input, this is not " \
	"done again, but answered as before, with Idempotency-Replayed: true; with another input " \
	"it is a 422"
#define PREFER_DOC \
	"With dry-run (without a value) the answer is the one that this would have, with " \
	"Preference-Applied: dry-run, and nothing is changed. Other preferences are ignored " \
	"(RFC 7240)"
static const char update_operation[] =
	"'patch':{'tags':['posts'],'summary':'Change a post','operationId':'posts-update'," LOCKED
	",'parameters':["
	"{'name':'post_id','in':'path','required':true,'schema':%s,'description':'Id of the post'},"
	"{'name':'if-match','in':'header','required':false,'schema':%s}," WISHES "],"
	"'requestBody':{" SCHEMA_REF("PostUpdate") ",'required':true},"
	SUCCESS("200", HEADER("ETag") ",") "," SCHEMA_REF("Post") "}," BAD_REQUEST "," NO_ACTOR ","
	ERROR_OF("404", "not_found") "," UNREADABLE "," ERROR_OF("409", "conflict") ","
	ERROR_OF("412", "precondition_failed") "," BAD_BODY "," FAULTS "," OTHERS "}}";
/* clang-format on */

static void update_has_path_header_and_body(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *id = field_text(&scene, &post_update_schema, "post_id");
	const char *if_match = field_text(&scene, &post_update_schema, "if_match");
	char expected[4096];
	snprintf(expected, sizeof(expected), update_operation, id, if_match);
	assert_has(document(&scene, modules), expected);
	scene_close(&scene);
}

static void form_becomes_a_component(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *text = document(&scene, modules);
	assert_has(text, "'requestBody':{'content':{'application/x-www-form-urlencoded':{'schema':"
			 "{'$ref':'#/components/schemas/Body_posts-report'}}},'required':true}");
	assert_has(text, arena_printf(&scene.arena,
				      "'Body_posts-report':{'properties':{'reason':%s,'mail':%s},"
				      "'additionalProperties':false,'type':'object','required':["
				      "'reason'],'title':'Body_"
				      "posts-report'}",
				      field_text(&scene, &post_report_schema, "reason"),
				      field_text(&scene, &post_report_schema, "mail")));
	scene_close(&scene);
}

/* ---- components ---- */

static void components_are_sorted_and_complete(void **state)
{
	(void)state;
	static const char *const names[] = { "Author",         "Body_posts-report",
					     "Error",          "HTTPValidationError",
					     "OAuthError",     "Ping",
					     "Post",           "PostCreate",
					     "PostLink",       "PostPage",
					     "PostUpdate",     "Problem",
					     "ValidationError" };
	struct scene scene;
	scene_open(&scene);
	const char *text = document(&scene, modules);
	const char *at = strstr(text, "'components':{'schemas':{");
	assert_non_null(at);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *key = arena_printf(&scene.arena, "%c'%s':{'", i ? ',' : '{', names[i]);
		const char *found = strstr(at, key);
		if (!found)
			fail_msg("%s is missing or out of order", names[i]);
		assert_null(strstr(found + 1, key));
		at = found + 1;
	}
	scene_close(&scene);
}

static void component_text_is_the_schemas(void **state)
{
	(void)state;
	struct scene scene;
	struct buf in, out;
	scene_open(&scene);
	buf_init(&in, &scene.arena);
	buf_init(&out, &scene.arena);
	schema_document(&post_create_schema, FORM_INPUT, &in);
	schema_document(&post_schema, FORM_ANSWER, &out);
	const char *text = document(&scene, modules);
	assert_has(text, arena_printf(&scene.arena, "'PostCreate':%s",
				      json_swapped(&scene.arena, buf_text(&in))));
	assert_has(text, arena_printf(&scene.arena, "'Post':%s",
				      json_swapped(&scene.arena, buf_text(&out))));
	scene_close(&scene);
}

static void every_reference_is_there(void **state)
{
	(void)state;
	static const char prefix[] = "'#/components/schemas/";
	struct scene scene;
	scene_open(&scene);
	const char *text = document(&scene, modules);
	int count = 0;
	for (const char *at = strstr(text, prefix); at; at = strstr(at + 1, prefix), count++) {
		const char *name = at + strlen(prefix);
		size_t len = strcspn(name, "'");
		assert_has(text, arena_printf(&scene.arena, "'%.*s':{'", (int)len, name));
	}
	assert_true(count > 20);
	scene_close(&scene);
}

/* ---- the whole ---- */

static void document_is_json(void **state)
{
	(void)state;
	struct scene scene;
	size_t at;
	const char *why = "";
	scene_open(&scene);
	const char *text = json_swapped(&scene.arena, document(&scene, modules));
	if (!json_check(text, strlen(text), &at, &why))
		fail_msg("%s at %zu of %s", why, at, text);
	scene_close(&scene);
}

static void document_is_always_the_same(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	assert_string_equal(document(&scene, modules), document(&scene, modules));
	scene_close(&scene);
}

static void document_begins_with_the_name(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	scene.app.options = &(struct app_options){ .name = "my \"shop\"" };
	const char *expected = arena_printf(
		&scene.arena,
		"{'openapi':'3.1.0','info':{'title':'my \\'shop\\'',"
		"'version':'%s','description':'Errors of every operation are `{detail, "
		"code, request_id}`",
		app_version);
	const char *text = document(&scene, modules);
	assert_true(str_starts(text, expected));
	assert_non_null(strstr(text, "application/problem+json"));
	assert_non_null(strstr(text, "'},'servers':[{'url':'/'}],'paths':{'/api/v1/posts':"));
	scene_close(&scene);
}

static void document_says_whom_to_ask(void **state)
{
	static const struct openapi_words words = {
		.title = "Shop",
		.description = "Sells \"things\".",
		.contact_name = "Ada",
		.contact_url = "",
		.contact_email = "ada@example.com",
		.licence = "MIT",
		.licence_url = "https://example.com/mit",
	};
	(void)state;
	struct scene scene;
	scene_open(&scene);
	scene.app.options = &(struct app_options){ .name = "other" };
	const char *text = document_with(&scene, modules, &words);
	assert_has(text, "'info':{'title':'Shop','version':");
	assert_has(text, "'description':'Sells \\'things\\'.\\n\\nErrors of every operation are");
	assert_has(text, "'contact':{'name':'Ada','email':'ada@example.com'},"
			 "'license':{'name':'MIT','url':'https://example.com/mit'}},'servers':");
	scene_close(&scene);
}

static void what_is_not_said_is_left_out(void **state)
{
	static const struct openapi_words words = { .title = "", .licence = "MIT" };
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *text = document_with(&scene, modules, &words);
	assert_has(text, "'info':{'title':'croft',");
	assert_has(text, "in UTC. No parameter is given twice, but one whose schema is an array "
			 "without `explode: false`.','license':{'name':'MIT'}},");
	assert_null(strstr(text, "contact"));
	scene_close(&scene);
}

static void document_of_nothing_is_whole(void **state)
{
	(void)state;
	static const struct module *const none[] = { NULL };
	struct scene scene;
	size_t at;
	const char *why = "";
	scene_open(&scene);
	const char *text = document(&scene, none);
	assert_true(json_check(json_swapped(&scene.arena, text), strlen(text), &at, &why));
	assert_has(text, "'paths':{},'components':{'schemas':{'Error':");
	assert_true(str_ends(text, "},'tags':[]}"));
	assert_null(strstr(text, "security"));
	scene_close(&scene);
}

/* clang-format off */
static const char create_operation[] =
	"'post':{'tags':['posts'],'summary':'Write a post','description':'In \\'Markdown\\'. "
	"You must have proven who you are in the last 60 seconds; if not, it is a 401 with the "
	"code `insufficient_user_authentication` (RFC 9470).',"
	"'operationId':'posts-create'," LOCKED
	",'parameters':[" WISHES "],'requestBody':{" SCHEMA_REF("PostCreate") ",'required':true},"
	SUCCESS("201", HEADER("ETag") "," HEADER("Location") ",") ","
	SCHEMA_REF("Post") "}," BAD_REQUEST ","
	NO_ACTOR "," FORBIDDEN "," UNREADABLE "," BAD_BODY "," FAULTS "," OTHERS
	"}}},'/api/v1/posts/{post_id}':{'patch':";
static const char upsert_answers[] =
	"'operationId':'posts-upsert'," OPEN
	",'requestBody':{" SCHEMA_REF("PostCreate") ",'required':true},"
	SUCCESS("200", HEADER("ETag") ",") "," SCHEMA_REF("Post") "},"
	"'201':{'description':'Successful Response',"
	HEADERS(HEADER("ETag") "," HEADER("Location") ",") "," SCHEMA_REF("Post") "}," BAD_REQUEST;
static const char feed_answers[] =
	SUCCESS("200", HEADER("ETag") ",") "},"
	"'304':{'description':'Not Modified'," HEADERS(HEADER("ETag") ",") "}," BAD_REQUEST ","
	ERROR_OF("412", "precondition_failed") "," OTHERS "}}";
/* clang-format on */

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a list has its query parameters, and no security when it is public",
		    list_has_query_parameters),
		ROW("a change has path and header parameters, a body and every error",
		    update_has_path_header_and_body),
		ROW("a form becomes the component Body_<operationId>", form_becomes_a_component),
		HAS("methods of one path stand together, in the order of the table",
		    create_operation),
		HAS("204 has no content", SUCCESS("204", "") "}," BAD_REQUEST),
		HAS("a second route of an operation has an id of its own",
		    "'operationId':'posts-update-2'"),
		HAS("a public operation that fails with 403 may be forbidden, not unauthenticated",
		    SUCCESS("204", "") "}," BAD_REQUEST "," FORBIDDEN "," UNREADABLE "," BAD_BODY
				       "," FAULTS "," OTHERS "}}"),
		HAS("a permission is named, for people and programs, and again with the 403",
		    "'summary':'Pin a post','description':'To the top. Takes the permission "
		    "posts.pin.','operationId':'posts-pin'," LOCKED
		    ",'x-required-permissions':['posts.pin'],"),
		HAS("of a 403 that operations share",
		    NO_ACTOR ",'403':{'$ref':'#/components/responses/forbidden','description':"
			     "'Not allowed, as without the permission posts.pin'}," UNREADABLE),
		HAS("and of one that is written out",
		    "'403':{'description':'Not allowed, as without the permission posts.pin',"
		    "'headers':{"),
		HAS("without parameters and body there is a 422 all the same, of a query",
		    "'operationId':'posts-ping'," OPEN "," SUCCESS("200", "") "," SCHEMA_REF(
			    "Ping") "}," BAD_REQUEST "," UNREADABLE "," FAULTS "," TOO_MANY
				    ",'503':"),
		HAS("a status that depends on the result is documented with the result's schema",
		    "'503':{'description':'Service Unavailable'," HEADERS(HEADER(
			    "Retry-After") ",") ",'content':{'application/json':{'schema':{"
						"'anyOf':[" REF("Ping") "," REF("Error") "]}},"),
		HAS("a second success is documented like the first, with what it alone has",
		    upsert_answers),
		HAS("a raw route has a minimal entry with the parameters of its path",
		    "'/feed/{name}':{'get':{'tags':['posts'],"
		    "'summary':'/feed/{name}','operationId':'get-feed-name'," OPEN
		    ",'parameters':[{'name':'name',"
		    "'in':'path','required':true,'schema':{'type':'string'}},"
		    "{'name':'if-match',"),
		HAS("and may refuse who means another than it gives",
		    "an answer that has none of them is a 412'},{'name':'if-none-match',"),
		HAS("or tell who has it", feed_answers),
		HAS("a redirection is given on no condition",
		    "'operationId':'get-moved'," OPEN "," SUCCESS("308", "") "}," BAD_REQUEST
									     "," OTHERS "}}"),
		HAS("writes and reads under conditions are told of all alike",
		    "A write with `If-None-Match`, or any request with an `If-Match` that it does "
		    "not list, is a 412, too."),
		HAS("an error that operations share is written once, with its headers and forms",
		    "'unauthenticated':" FORM("Not authenticated", HEADER("WWW-Authenticate") ",",
					      "Error")),
		HAS("all faults of an input have a form of their own",
		    "'validation_error':" FORM("Validation Error", "", "HTTPValidationError")),
		HAS("what nobody told of has a form, too",
		    "'error':{'description':'Error; browsers get a page of a 500 where "
		    "app.environment is local',"),
		HAS("and a page for the author of a module",
		    "'application/problem+json':{'schema':" REF(
			    "Problem") "},'text/html':{'schema':{'type':'string'}}}}}"),
		HAS("who cannot read an answer gets it in one form",
		    "'not_acceptable':{'description':'Not Acceptable'," HEADERS("") "," SCHEMA_REF(
			    "Error") "},"),
		HAS("each header says what it is", "'X-Request-ID':{'description':"),
		HAS("an error names its request", "'required':['detail','code','request_id'],"
						  "'title':'Error'}"),
		HAS("a root route has no prefix", "},'/ping':{'get':"),
		LACKS("a hidden route is left out", "secret':{'get'"),
		HAS("a module without a visible route has no tag",
		    ",'tags':[{'name':'posts','description':'Texts & pictures.'}]}"),
		HAS("the security schemes are FastAPI's password flow, that of clients and a "
		    "header for keys",
		    "'securitySchemes':{'OAuth2PasswordBearer':{'type':'oauth2','flows':{"
		    "'password':{'scopes':{},'tokenUrl':'/api/v1/auth/token'},"
		    "'clientCredentials':{'scopes':{},'tokenUrl':'/api/v1/auth/token'}}},"
		    "'ApiKey':{'type':'apiKey','in':'header','name':'X-API-Key'}}"),
		HAS("all of it is for those who are signed in, but for what says that it is public",
		    "'name':'X-API-Key'}}}," LOCKED ",'tags':["),
		HAS("a raw route says who may", "'operationId':'get-feed-name'," OPEN),
		HAS("ValidationError is FastAPI's",
		    "'ValidationError':{'properties':{"
		    "'loc':{'items':{'anyOf':[{'type':'string'},{'type':'integer'}]},"
		    "'type':'array','title':'Location'},"
		    "'msg':{'type':'string','title':'Message'},"
		    "'type':{'type':'string','title':'Error Type'},"
		    "'input':{'title':'Input'},'ctx':{'type':'object','title':'Context'}},"
		    "'type':'object','required':['loc','msg','type'],"
		    "'title':'ValidationError'}"),
		HAS("HTTPValidationError begins as FastAPI's",
		    "'HTTPValidationError':{'properties':{'detail':{'items':"
		    "{'$ref':'#/components/schemas/"
		    "ValidationError'},'type':'array','title':'Detail'},"),
		LACKS("a secret field is not in an output", "draft_key"),
		ROW("components are sorted by name, nested ones too, each once",
		    components_are_sorted_and_complete),
		ROW("a component is what its schema says", component_text_is_the_schemas),
		ROW("every reference leads to a component", every_reference_is_there),
		ROW("the document is strict JSON", document_is_json),
		ROW("the same tables give the same bytes", document_is_always_the_same),
		ROW("the document begins with version, name and paths",
		    document_begins_with_the_name),
		ROW("it says whom to ask, and the licence", document_says_whom_to_ask),
		ROW("what is not said is left out", what_is_not_said_is_left_out),
		ROW("a server without modules has a document too", document_of_nothing_is_whole),
	};
	return rows_run("core/openapi/document", rows, COUNT_OF(rows));
}
