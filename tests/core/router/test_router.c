/* The router: which route a path finds, what the others are told, and which tables do not start. */
#include <string.h>

#include "base/buf.h"
#include "core/list.h"
#include "core/model.h"
#include "core/module.h"
#include "core/router.h"
#include "testing/rows.h"
#include "testing/scene.h"

/* ---- operations that only have names ---- */

struct by_id {
	int64_t user_id;
};
SCHEMA(by_id, FIELD(struct by_id, user_id, .in = IN_PATH));

struct by_two {
	int64_t user_id;
	const char *file;
};
SCHEMA(by_two,
	FIELD(struct by_two, user_id, .in = IN_PATH),
	FIELD(struct by_two, file, .in = IN_PATH));

struct body {
	const char *title;
};
SCHEMA(body, FIELD(struct body, title));

SCHEMA_OF(form_schema, "form", struct body, FIELD(struct body, title, .in = IN_FORM));

static enum app_err run_nothing(struct ctx *c, void *in, void *ret)
{
	(void)c, (void)in, (void)ret;
	return APP_OK;
}

static enum app_err handle_nothing(struct ctx *c, struct http_exchange *exchange)
{
	(void)c, (void)exchange;
	return APP_OK;
}

#define NOT_KEPT \
	"what is kept is what an operation answers to a GET that anyone may send; leave out " \
	".kept_s"

static int always_ok(const void *out)
{
	(void)out;
	return 200;
}

#define STUB(variable, ...) \
	static const struct operation variable = { \
		.name = #variable, .access = ACCESS_PUBLIC, .run = run_nothing, __VA_ARGS__ \
	}

STUB(list);
STUB(create, .in = &body_schema);
STUB(create_form, .in = &form_schema);
STUB(create_form_command, .in = &form_schema, .kind = COMMAND);
STUB(me);
PERMISSION(may_list, "bad.list", "List");
PERMISSION(may_create, "bad.create", "Create");
STUB(list_for_all, .permission = &may_list);
static const struct operation list_for_root = {
	.name = "list_for_root",
	.access = ACCESS_SUPERUSER,
	.permission = &may_list,
	.run = run_nothing,
};
static const struct operation create_for_users = {
	.name = "create_for_users",
	.access = ACCESS_USER,
	.in = &body_schema,
	.run = run_nothing,
};
static const struct operation create_form_for_some = {
	.name = "create_form_for_some",
	.access = ACCESS_USER,
	.permission = &may_create,
	.in = &form_schema,
	.run = run_nothing,
};
static const struct operation create_form_proven = {
	.name = "create_form_proven",
	.access = ACCESS_USER,
	.proven_s = 60,
	.in = &form_schema,
	.run = run_nothing,
};
STUB(list_proven, .proven_s = 60);
static const struct operation list_foreseen = {
	.name = "list_foreseen",
	.access = ACCESS_USER,
	.proven_s = -1,
	.run = run_nothing,
};
STUB(get, .in = &by_id_schema);
STUB(set, .in = &by_id_schema, .kind = COMMAND);
STUB(get_file, .in = &by_two_schema);
STUB(home);
STUB(vital_command, .vital = true, .kind = COMMAND);
STUB(vital_blocks, .vital = true, .blocks = true);
STUB(vital_body, .vital = true, .in = &body_schema);
STUB(told_query, .audit = AUDIT_NONE);
STUB(tried_query, .no_dry_run = true);
static const struct operation denied = { .name = "denied", .run = run_nothing };
static const struct operation idle = { .name = "idle", .access = ACCESS_PUBLIC };

static const struct operation nameless = { .access = ACCESS_PUBLIC, .run = run_nothing };
static const struct operation second_home = { .name = "home",
					      .access = ACCESS_PUBLIC,
					      .run = run_nothing };
static const struct operation second_list = { .name = "list",
					      .access = ACCESS_PUBLIC,
					      .run = run_nothing };

struct leaf {
	int64_t id;
};
struct branch {
	int64_t id;
	const struct leaf *leaf;
};
static const struct relation rootless = { .kind = BELONGS_TO, .key = "id" };
SCHEMA(leaf, FIELD(struct leaf, id));
SCHEMA(branch,
	FIELD(struct branch, id),
	FIELD(struct branch, leaf, .object = &leaf_schema, .relation = &rootless));

static enum app_err give_leaf(struct ctx *c, const struct leaf *in, struct branch *ret)
{
	(void)c, (void)in, (void)ret;
	return APP_OK;
}

OPERATION_FN(give_leaf, struct leaf, struct branch)

#define TYPED(variable, ...) \
	static const struct operation variable = { .name = #variable, \
						   .access = ACCESS_PUBLIC, \
						   __VA_ARGS__ }

TYPED(takes_other, RUN(give_leaf), .in = &by_two_schema);
TYPED(takes_none, RUN(give_leaf));
TYPED(gives_none, RUN(give_leaf), .in = &leaf_schema);
TYPED(gives_other, RUN(give_leaf), .in = &leaf_schema, .out = &leaf_schema);
TYPED(prepares_other, .run = run_nothing, PREPARE(give_leaf), .in = &by_two_schema);
TYPED(change, .kind = COMMAND, .run = run_nothing);
struct branch_list {
	struct list_query list;
};
SCHEMA(branch_list, LIST_FIELD(struct branch_list, list, &branch_schema));
STUB(list_branches, .in = &branch_list_schema);
STUB(get_branch, .out = &branch_schema);

struct bough {
	int64_t id;
	struct array boughs, branches;
};
static const struct model bough_model;
static const struct relation grown = { .kind = HAS_MANY, .model = &bough_model, .key = "bough_id" };
extern const struct schema bough_schema;
SCHEMA(bough,
	FIELD(struct bough, id),
	FIELD(struct bough, boughs, .object = &bough_schema, .relation = &grown),
	FIELD(struct bough, branches, .object = &branch_schema, .relation = &grown));
struct trunk {
	int64_t id;
	struct array boughs;
};
SCHEMA(trunk,
	FIELD(struct trunk, id),
	FIELD(struct trunk, boughs, .object = &bough_schema, .relation = &grown));
struct grove {
	struct array trunks;
};
SCHEMA(grove, FIELD(struct grove, trunks, .object = &trunk_schema));
STUB(get_grove, .out = &grove_schema);

struct club {
	int64_t id;
	const char *name, *name_key;
};
SCHEMA_OF(club_schema, "club", struct club,
	FIELD(struct club, id),
	FIELD(struct club, name, .key = "name_key"));
SCHEMA_OF(open_club_schema, "open_club", struct club,
	FIELD(struct club, id),
	FIELD(struct club, name, .folded = "name_key"),
	FIELD(struct club, name_key));
SCHEMA_OF(odd_club_schema, "odd_club", struct club, FIELD(struct club, id, .key = "id_key"));
SCHEMA_OF(double_club_schema, "double_club", struct club,
	FIELD(struct club, name, .key = "name_key", .folded = "name_folded"));
SCHEMA_OF(club_input_schema, "club_input", struct club,
	FIELD(struct club, name),
	FIELD(struct club, name_key));
SCHEMA_OF(twice_schema, "twice", struct club,
	FIELD(struct club, name),
	FIELD(struct club, name));
STUB(make_twice, .in = &twice_schema);
STUB(shown, .out = &body_schema);
STUB(make_club, .in = &club_input_schema, .out = &club_schema);
STUB(get_open_club, .out = &open_club_schema);
STUB(get_odd_club, .out = &odd_club_schema);
STUB(get_double_club, .out = &double_club_schema);

/* ---- schemas that share a name in the document ---- */

struct thing {
	int64_t id;
};
struct things {
	struct array items;
};
struct thing_list {
	struct list_query list;
};
#define THING(variable, name, ...) \
	SCHEMA_OF(variable##_schema, name, struct thing, FIELD(struct thing, id, __VA_ARGS__))
#define THINGS(variable, name, ...) \
	SCHEMA_OF(variable##_schema, name, struct things, FIELD(struct things, items, __VA_ARGS__))
THING(thing, "thing");
THING(other_thing, "thing", .in = IN_QUERY);
THING(capital_thing, "Thing");
THING(thing_row, "thing_row");
THING(problem, "problem");
THINGS(other_box, "other_box", .object = &other_thing_schema);
THINGS(box, "box", .object = &other_box_schema);
THINGS(thing_page, "thing_page", .object = &thing_schema, .narrowed = true);
SCHEMA_OF(thing_list_schema, "thing_list", struct thing_list,
	LIST_FIELD(struct thing_list, list, &capital_thing_schema));
STUB(get_thing, .out = &thing_schema);
STUB(get_thing_again, .out = &thing_schema);
STUB(take_thing, .in = &other_thing_schema);
STUB(get_box, .out = &box_schema);
STUB(list_things, .in = &thing_list_schema);
STUB(page_things, .out = &thing_page_schema);
STUB(get_thing_row, .out = &thing_row_schema);
STUB(list_others, .in = &thing_list_schema, .out = &thing_page_schema);
struct matching {
	const char *if_match;
};
SCHEMA(matching, IF_MATCH_FIELD(struct matching));
STUB(match_thing, .in = &matching_schema, .out = &thing_schema);
STUB(match_nothing, .in = &matching_schema);
STUB(get_problem, .out = &problem_schema);

static const struct route users_routes[] = {
	{ GET, "/users", .op = &list },
	{ POST, "/users", .op = &create },
	{ GET, "/users/{user_id}", .op = &get },
	{ PATCH, "/users/{user_id}", .op = &set },
	{ DELETE, "/users/{user_id}", .op = &set },
	{ GET, "/users/me", .op = &me },
	{ GET, "/users/me/{user_id}/deep", .op = &get },
	{ GET, "/users/{user_id}/files/{file}", .op = &get_file },
	{ 0 },
};
static const struct route root_routes[] = {
	{ GET, "/", .op = &home, .root = true },
	{ GET, "/", .op = &list },
	{ GET, "/health.txt", .handle = handle_nothing, .access = ACCESS_PUBLIC, .root = true },
	{ POST, "/only-post", .op = &create, .root = true },
	{ GET, "/moved", .handle = handle_nothing, .status = 308, .access = ACCESS_PUBLIC },
	{ 0 },
};
static const struct module users_module = { .name = "users", .routes = users_routes };
static const struct module root_module = { .name = "root", .routes = root_routes };
static const struct module bare_module = { .name = "bare" };
static const struct module *const modules[] = { &users_module, &bare_module, &root_module, NULL };

/* ---- matching ---- */

struct match_case {
	enum http_method method;
	const char *target;
	enum router_result result;
	const char *expected; /* found: operation, pattern and parameters; else the Allow list */
};

static const char *describe(struct scene *scene, const struct router_match *match)
{
	struct buf text;

	buf_init(&text, &scene->arena);
	buf_printf(&text, "%s %s", match->entry->route->op ? match->entry->route->op->name : "-",
		   match->entry->path);
	for (const struct input_pair *at = match->params; at->name; at++)
		buf_printf(&text, " %s=%.*s", at->name, (int)at->value_len, at->value);
	return buf_text(&text);
}

static void matches(void **state)
{
	const struct match_case *row = *state;
	struct scene scene;
	struct router *router;
	struct router_match match;
	struct router_path path;

	scene_open(&scene);
	assert_int_equal(router_new(&scene.c, modules, &router), APP_OK);
	assert_int_equal(router_path_split(&scene.c, row->target, &path), APP_OK);
	assert_int_equal(router_match(router, &scene.arena, row->method, &path, &match),
			 row->result);
	if (row->result == ROUTER_FOUND)
		assert_string_equal(describe(&scene, &match), row->expected);
	else if (row->expected)
		assert_string_equal(match.allow, row->expected);
	else
		assert_null(match.allow);
	assert_true((match.entry != NULL) == (row->result == ROUTER_FOUND));
	router_drop(router);
	scene_close(&scene);
}

static void lists_entries(void **state)
{
	struct scene scene;
	struct router *router;
	size_t count;

	(void)state;
	scene_open(&scene);
	assert_int_equal(router_new(&scene.c, modules, &router), APP_OK);
	const struct router_entry *entries = router_entries(router, &count);
	assert_int_equal(count, 13);
	assert_string_equal(entries[2].path, "/api/v1/users/{user_id}");
	assert_ptr_equal(entries[2].module, &users_module);
	assert_string_equal(entries[8].path, "/");
	assert_string_equal(entries[9].path, "/api/v1");
	router_drop(router);
	router_drop(NULL);
	scene_close(&scene);
}

/* ---- tables that do not start ---- */

struct bad_case {
	struct route routes[3];
	const char *text;
};

static void refuses(void **state)
{
	const struct bad_case *row = *state;
	const struct module module = { .name = "bad", .routes = row->routes };
	const struct module *const list_of_one[] = { &module, NULL };
	struct router *router = NULL;
	struct scene scene;

	scene_open(&scene);
	assert_int_equal(router_new(&scene.c, list_of_one, &router), APP_INVALID);
	assert_string_equal(ctx_failure_text(&scene.c, APP_INVALID), row->text);
	assert_null(router);
	scene_close(&scene);
}

struct bad_list_case {
	struct route routes[2];
	const struct operation *operations[3];
	const char *text;
};

static void refuses_operations(void **state)
{
	const struct bad_list_case *row = *state;
	const struct module module = { .name = "bad",
				       .routes = row->routes,
				       .operations = row->operations };
	const struct module *const after_others[] = { &users_module, &module, NULL };
	struct router *router = NULL;
	struct scene scene;

	scene_open(&scene);
	assert_int_equal(router_new(&scene.c, after_others, &router), APP_INVALID);
	assert_string_equal(ctx_failure_text(&scene.c, APP_INVALID), row->text);
	assert_null(router);
	scene_close(&scene);
}

/* What has a route may be named among those without, and one among them twice. */
static void takes_operations(void **state)
{
	const struct module module = { .name = "good", .operations = *state };
	const struct module *const after_others[] = { &users_module, &module, NULL };
	struct router *router = NULL;
	struct scene scene;

	scene_open(&scene);
	assert_int_equal(router_new(&scene.c, after_others, &router), APP_OK);
	router_drop(router);
	scene_close(&scene);
}

static void operations_share_a_schema(void **state)
{
	static const struct route routes[] = { { GET, "/a", .op = &get_thing },
					       { GET, "/b", .op = &get_thing_again },
					       { GET, "/c", .op = &page_things },
					       { 0 } };
	const struct module module = { .name = "good", .routes = routes };
	struct router *router;
	struct scene scene;

	(void)state;
	scene_open(&scene);
	assert_int_equal(router_new(&scene.c, (const struct module *[]){ &module, NULL }, &router),
			 APP_OK);
	router_drop(router);
	scene_close(&scene);
}

#define MATCH(sentence, ...) ROW_OF(sentence, matches, (&(struct match_case){ __VA_ARGS__ }))
#define BAD(sentence, message, ...) \
	ROW_OF(sentence, refuses, \
	       (&(struct bad_case){ .text = message, .routes = { __VA_ARGS__ } }))

#define BAD_OPERATION(sentence, message, ...) \
	ROW_OF(sentence, refuses_operations, \
	       (&(struct bad_list_case){ .text = message, __VA_ARGS__ }))

#define SHARED(sentence, name, in_document, other, ...) \
	BAD(sentence, \
	    "Module bad, route GET /b: the schema '" name "' is " in_document " in the document, " \
	    "and so is '" other "' of module bad, route GET /a: name one of them otherwise", \
	    __VA_ARGS__)

#define USERS "/api/v1/users"

int main(void)
{
	const struct CMUnitTest rows[] = {
		MATCH("a fixed path finds its route", GET, USERS, ROUTER_FOUND, "list " USERS),
		MATCH("the method chooses among routes", POST, USERS, ROUTER_FOUND,
		      "create " USERS),
		MATCH("the query plays no part", GET, USERS "?page=2", ROUTER_FOUND, "list " USERS),
		MATCH("HEAD finds the GET route", HEAD, USERS, ROUTER_FOUND, "list " USERS),
		MATCH("a parameter takes the segment", GET, USERS "/7", ROUTER_FOUND,
		      "get " USERS "/{user_id} user_id=7"),
		MATCH("a parameter takes the decoded segment", GET, USERS "/a%20b%252f",
		      ROUTER_FOUND, "get " USERS "/{user_id} user_id=a b%2f"),
		MATCH("a fixed word wins over a parameter", GET, USERS "/me", ROUTER_FOUND,
		      "me " USERS "/me"),
		MATCH("a word that only begins alike is a parameter", GET, USERS "/mex",
		      ROUTER_FOUND, "get " USERS "/{user_id} user_id=mex"),
		MATCH("letter case counts", GET, USERS "/ME", ROUTER_FOUND,
		      "get " USERS "/{user_id} user_id=ME"),
		MATCH("the search steps back when a word leads nowhere", GET,
		      USERS "/me/files/x.txt", ROUTER_FOUND,
		      "get_file " USERS "/{user_id}/files/{file} user_id=me file=x.txt"),
		MATCH("the search steps back when a word lacks the method", PATCH, USERS "/me",
		      ROUTER_FOUND, "set " USERS "/{user_id} user_id=me"),
		MATCH("a parameter below a word is found", GET, USERS "/me/9/deep", ROUTER_FOUND,
		      "get " USERS "/me/{user_id}/deep user_id=9"),
		MATCH("the root is a route", GET, "/", ROUTER_FOUND, "home /"),
		MATCH("a slash below the prefix is the prefix", GET, "/api/v1", ROUTER_FOUND,
		      "list /api/v1"),
		MATCH("a raw handler without operation is found", GET, "/health.txt", ROUTER_FOUND,
		      "- /health.txt"),
		MATCH("an unknown path is not found", GET, "/nowhere", ROUTER_NOT_FOUND, NULL),
		MATCH("half a path is not found", GET, "/api", ROUTER_NOT_FOUND, NULL),
		MATCH("a path too long is not found", GET, USERS "/7/files/a/b", ROUTER_NOT_FOUND,
		      NULL),
		MATCH("OPTIONS on an unknown path is not found", OPTIONS, "/nowhere",
		      ROUTER_NOT_FOUND, NULL),
		MATCH("a wrong method gets the list", PUT, USERS, ROUTER_METHOD_NOT_ALLOWED,
		      "GET, HEAD, POST, OPTIONS"),
		MATCH("the list holds what the parameter's routes take too", PUT, USERS "/me",
		      ROUTER_METHOD_NOT_ALLOWED, "GET, HEAD, PATCH, DELETE, OPTIONS"),
		MATCH("HEAD is not allowed where GET is not", HEAD, "/only-post",
		      ROUTER_METHOD_NOT_ALLOWED, "POST, OPTIONS"),
		MATCH("OPTIONS gets the list", OPTIONS, USERS "/7", ROUTER_OPTIONS,
		      "GET, HEAD, PATCH, DELETE, OPTIONS"),
		MATCH("a trailing slash too many is told", GET, USERS "/", ROUTER_SLASH, NULL),
		MATCH("a trailing slash behind a parameter is told", HEAD, USERS "/7/",
		      ROUTER_SLASH, NULL),
		MATCH("a trailing slash behind nothing is not found", GET, "/nowhere/",
		      ROUTER_NOT_FOUND, NULL),
		MATCH("a trailing slash is told to every method", PUT, USERS "/", ROUTER_SLASH,
		      NULL),
		MATCH("and to who asks for them", OPTIONS, USERS "/7/", ROUTER_SLASH, NULL),
		ROW("all routes are listed in their order", lists_entries),

		BAD("a route without method does not start",
		    "Module bad, route ? /a: the method is missing", { .path = "/a", .op = &list }),
		BAD("a route without path does not start, and hides none behind it",
		    "Module bad, route GET ?: the path is missing", { GET, .op = &list },
		    { GET, "/a", .op = &list }),
		BAD("nor does one that has nothing but what it leads to",
		    "Module bad, route ? ?: the method is missing", { .op = &list },
		    { GET, "/a", .op = &list }),
		BAD("a path that brings the prefix along does not start",
		    "Module bad, route GET /api/v1/users: the path would be /api/v1/api/v1/users: "
		    "/api/v1 is put in front of it, so leave that out, or set .root",
		    { GET, "/api/v1/users", .op = &list }),
		BAD("a vital command does not start",
		    "Module bad, route POST /a: the operation vital_command is .vital, and a "
		    "COMMAND waits for others; leave .vital out",
		    { POST, "/a", .op = &vital_command }),
		BAD("nor does what is vital and waits in another lane",
		    "Module bad, route GET /a: the operation vital_blocks is .vital, and what has "
		    ".prepare or .blocks waits for others; do all of it in .run",
		    { GET, "/a", .op = &vital_blocks }),
		BAD("nor what is vital and takes a body",
		    "Module bad, route POST /a: the operation vital_body is .vital, and who asks "
		    "says how much it takes; take neither a body nor the parameters of a list",
		    { POST, "/a", .op = &vital_body }),
		BAD("a query that speaks of the audit does not start",
		    "Module bad, route GET /a: the operation told_query is a QUERY, which leaves "
		    "nothing in the audit; leave .audit out",
		    { GET, "/a", .op = &told_query }),
		BAD("nor does one that says it is not to be tried",
		    "Module bad, route GET /a: the operation tried_query is a QUERY, of which "
		    "nothing is tried; leave .no_dry_run out",
		    { GET, "/a", .op = &tried_query }),
		BAD("a HEAD route does not start",
		    "Module bad, route HEAD /a: the server answers this method by itself",
		    { HEAD, "/a", .op = &list }),
		BAD("an OPTIONS route does not start",
		    "Module bad, route OPTIONS /a: the server answers this method by itself",
		    { OPTIONS, "/a", .op = &list }),
		BAD("a route that leads nowhere does not start",
		    "Module bad, route GET /a: it has neither an operation nor a handler",
		    { GET, "/a", .op = NULL }),
		BAD("a path without slash does not start",
		    "Module bad, route GET a: the path must begin with a slash",
		    { GET, "a", .op = &list }),
		BAD("a root path without slash does not start",
		    "Module bad, route GET a: the path must begin with a slash",
		    { GET, "a", .op = &list, .root = true }),
		BAD("a path that ends in a slash does not start",
		    "Module bad, route GET /a/: the path has an empty segment or ends in a slash",
		    { GET, "/a/", .op = &list }),
		BAD("an empty segment does not start",
		    "Module bad, route GET /a//b: the path has an empty segment or ends in a slash",
		    { GET, "/a//b", .op = &list }),
		BAD("a dot segment does not start",
		    "Module bad, route GET /a/..: the path has a dot segment",
		    { GET, "/a/..", .op = &list }),
		BAD("an odd character does not start",
		    "Module bad, route GET /a b: the segment 'a b' holds a character that is not "
		    "allowed in a path",
		    { GET, "/a b", .op = &list }),
		BAD("an unclosed parameter does not start",
		    "Module bad, route GET /{user_id: a path parameter is written {name} and fills "
		    "its whole segment",
		    { GET, "/{user_id", .op = &get }),
		BAD("a parameter beside text does not start",
		    "Module bad, route GET /{user_id}.txt: a path parameter is written {name} and "
		    "fills its whole segment",
		    { GET, "/{user_id}.txt", .op = &get }),
		BAD("a parameter without name does not start",
		    "Module bad, route GET /{}: a path parameter is written {name} and fills its "
		    "whole segment",
		    { GET, "/{}", .op = &get }),
		BAD("a parameter with a capital letter does not start",
		    "Module bad, route GET /{Id}: the name 'Id' of a path parameter may hold a-z, "
		    "0-9 and _ only",
		    { GET, "/{Id}", .op = &get }),
		BAD("a parameter named twice does not start",
		    "Module bad, route GET /{user_id}/{user_id}: the path parameter 'user_id' is "
		    "there twice",
		    { GET, "/{user_id}/{user_id}", .op = &get }),
		BAD("a parameter without field does not start",
		    "Module bad, route GET /{id}: the input of get has no field 'id' with .in = "
		    "IN_PATH",
		    { GET, "/{id}", .op = &get }),
		BAD("a parameter of an operation without input does not start",
		    "Module bad, route GET /{id}: the input of list has no field 'id' with .in = "
		    "IN_PATH",
		    { GET, "/{id}", .op = &list }),
		BAD("a parameter whose field comes from elsewhere does not start",
		    "Module bad, route POST /{title}: the input of create has no field 'title' "
		    "with .in = IN_PATH",
		    { POST, "/{title}", .op = &create }),
		BAD("a field without parameter does not start",
		    "Module bad, route GET /a: the input of get takes 'user_id' from the path, but "
		    "the path has no {user_id}",
		    { GET, "/a", .op = &get }),
		BAD("a GET with a body does not start",
		    "Module bad, route GET /a: the input of create takes 'title' from a body, but "
		    "GET has none; say .in "
		    "= IN_QUERY",
		    { GET, "/a", .op = &create }),
		BAD("a form of a raw handler does not start",
		    "Module bad, route POST /a: a raw handler reads its forms itself; leave out "
		    ".form",
		    { POST, "/a", .op = &create, .handle = handle_nothing, .form = &create_form }),
		BAD("a form beside no JSON does not start",
		    "Module bad, route POST /a: its .form is for a body that may be JSON as well, "
		    "and list takes none; let .op be the form",
		    { POST, "/a", .op = &list, .form = &create_form }),
		BAD("a form that is none does not start",
		    "Module bad, route POST /a: its .form me takes no form; say .in = IN_FORM of "
		    "its fields",
		    { POST, "/a", .op = &create, .form = &me }),
		BAD("a form that does otherwise does not start",
		    "Module bad, route POST /a: create and its .form create_form_command differ "
		    "in .access, .permission, .proven_s, .kind or .out",
		    { POST, "/a", .op = &create, .form = &create_form_command }),
		BAD("a form that asks for another permission does not start",
		    "Module bad, route POST /a: create_for_users and its .form "
		    "create_form_for_some differ in .access, .permission, .proven_s, .kind or .out",
		    { POST, "/a", .op = &create_for_users, .form = &create_form_for_some }),
		BAD("a form that asks for another proof does not start",
		    "Module bad, route POST /a: create_for_users and its .form "
		    "create_form_proven differ in .access, .permission, .proven_s, .kind or .out",
		    { POST, "/a", .op = &create_for_users, .form = &create_form_proven }),
		BAD("a form that croft run would not find does not start",
		    "Module bad, route POST /a: its .form create_form is for croft run, too: add "
		    "it to .operations of the module",
		    { POST, "/a", .op = &create, .form = &create_form }),
		BAD("a form that nobody may call does not start",
		    "Module bad, route POST /a: the operation denied does not say who may call "
		    "it; set .access",
		    { POST, "/a", .op = &create, .form = &denied }),
		BAD("an operation that nobody may call does not start",
		    "Module bad, route GET /a: the operation denied does not say who may call it; "
		    "set .access",
		    { GET, "/a", .op = &denied }),
		BAD("a permission that everyone is asked for does not start",
		    "Module bad, route GET /a: the operation list_for_all asks for the permission "
		    "bad.list, which accounts have; set .access to ACCESS_USER",
		    { GET, "/a", .op = &list_for_all }),
		BAD("nor one that only superusers are asked for",
		    "Module bad, route GET /a: the operation list_for_root asks for the "
		    "permission bad.list, which accounts have; set .access to ACCESS_USER",
		    { GET, "/a", .op = &list_for_root }),
		BAD("a proof of who everyone is does not start",
		    "Module bad, route GET /a: the operation list_proven has .proven_s = 60: it "
		    "is the seconds of a proof, which accounts have",
		    { GET, "/a", .op = &list_proven }),
		BAD("nor one that is to come",
		    "Module bad, route GET /a: the operation list_foreseen has .proven_s = -1: it "
		    "is the seconds of a proof, which accounts have",
		    { GET, "/a", .op = &list_foreseen }),
		BAD("nor behind a raw handler",
		    "Module bad, route GET /a: the operation denied does not say who may call it; "
		    "set .access",
		    { GET, "/a", .op = &denied, .handle = handle_nothing }),
		BAD("a raw handler that does not say who may call it does not start",
		    "Module bad, route GET /a: its handler does not say who may call it; set "
		    ".access",
		    { GET, "/a", .handle = handle_nothing }),
		BAD("who may call an operation is said once",
		    "Module bad, route GET /a: its operation says who may call it; leave out "
		    ".access",
		    { GET, "/a", .op = &get, .access = ACCESS_USER }),
		BAD("a function that takes another struct does not start",
		    "Module bad, route POST /a: its function takes struct leaf, but .in is the "
		    "table of struct by_two",
		    { POST, "/a", .op = &takes_other }),
		BAD("one that takes what nothing is said of does not start",
		    "Module bad, route POST /a: its function takes struct leaf; set .in to the "
		    "table of that",
		    { POST, "/a", .op = &takes_none }),
		BAD("one that gives what nothing is said of does not start",
		    "Module bad, route POST /a: its function gives struct branch; set .out to the "
		    "table of that",
		    { POST, "/a", .op = &gives_none }),
		BAD("one that gives another struct does not start",
		    "Module bad, route POST /a: its function gives struct branch, but .out is the "
		    "table of struct leaf",
		    { POST, "/a", .op = &gives_other }),
		BAD("one that prepares another struct does not start",
		    "Module bad, route POST /a: its function takes struct leaf, but .in is the "
		    "table of struct by_two",
		    { POST, "/a", .op = &prepares_other }),
		BAD("a deletion that is a QUERY does not start",
		    "Module bad, route DELETE /a: DELETE changes something, and the operation list "
		    "is a QUERY; say .kind = COMMAND",
		    { DELETE, "/a", .op = &list }),
		BAD("a GET that is a COMMAND does not start",
		    "Module bad, route GET /a: GET changes nothing, and the operation change is a "
		    "COMMAND; route it by POST",
		    { GET, "/a", .op = &change }),
		BAD("an operation without function does not start",
		    "Module bad, route GET /a: the operation idle has no function to run",
		    { GET, "/a", .op = &idle }),
		BAD("an operation without a name does not start",
		    "Module bad, route GET /a: its operation has no name; set .name",
		    { GET, "/a", .op = &nameless }),
		BAD("two operations of one name do not start",
		    "Module bad, route GET /b: another operation is named list, too",
		    { GET, "/a", .op = &list }, { GET, "/b", .op = &second_list }),
		ROW_OF("operations without a route may be named twice", takes_operations,
		       ((const struct operation *[]){ &list, &home, &home, NULL })),
		BAD_OPERATION("an operation without a route that has no name does not start",
			      "Module bad, operation ?: it has no name; set .name",
			      .operations = { &nameless }),
		BAD_OPERATION("one that nobody may call does not start",
			      "Module bad, operation denied: it does not say who may call it; set "
			      ".access",
			      .operations = { &me, &denied }),
		BAD_OPERATION("one without function does not start",
			      "Module bad, operation idle: it has no function to run",
			      .operations = { &idle }),
		BAD_OPERATION("one that has the name of another module's route does not start",
			      "Module bad, operation list: another operation is named list, too",
			      .operations = { &second_list }),
		BAD_OPERATION("two of one name do not start",
			      "Module bad, operation home: another operation is named home, too",
			      .operations = { &home, &second_home }),
		BAD_OPERATION("one whose relation says too little does not start",
			      "Module bad, operation list_branches: relation 'leaf' of schema "
			      "'branch' has no .model",
			      .operations = { &list_branches }),
		BAD_OPERATION("one whose row shows a folded copy does not start",
			      "Module bad, operation get_open_club: schema 'open_club' has a field "
			      "'name_key', which is the .folded of 'name' and shown to nobody",
			      .operations = { &get_open_club }),
		BAD_OPERATION("one whose input contradicts itself does not start",
			      "Module bad, operation make_twice: the table 'twice', field "
			      "'name': there is another field of this name",
			      .operations = { &make_twice }),
		BAD_OPERATION("one whose input fills the key of a name does not start",
			      "Module bad, operation make_club: schema 'club_input' takes "
			      "'name_key', which core/model fills in from 'name'",
			      .operations = { &make_club }),
		BAD("a list whose relation says too little does not start",
		    "Module bad, route GET /a: relation 'leaf' of schema 'branch' has no .model",
		    { GET, "/a", .op = &list_branches }),
		BAD("nor does an operation that gives such a row",
		    "Module bad, route GET /a: relation 'leaf' of schema 'branch' has no .model",
		    { GET, "/a", .op = &get_branch }),
		BAD("nor one that gives objects which hold such rows, however deep",
		    "Module bad, route GET /a: relation 'leaf' of schema 'branch' has no .model",
		    { GET, "/a", .op = &get_grove }),
		BAD("an input that fills the key of a name does not start",
		    "Module bad, route POST /a: schema 'club_input' takes 'name_key', which "
		    "core/model fills in from 'name'",
		    { POST, "/a", .op = &make_club }),
		BAD("a row that shows a folded copy does not start",
		    "Module bad, route GET /a: schema 'open_club' has a field 'name_key', which is "
		    "the .folded of 'name' and shown to nobody",
		    { GET, "/a", .op = &get_open_club }),
		BAD("a name that is no text does not start",
		    "Module bad, route GET /a: field 'id' of schema 'odd_club' has .key and is no "
		    "text column",
		    { GET, "/a", .op = &get_odd_club }),
		BAD("a name with a second copy does not start",
		    "Module bad, route GET /a: field 'name' of schema 'double_club' has both .key "
		    "and .folded: .key does what the other does, too",
		    { GET, "/a", .op = &get_double_club }),
		BAD("a list of other rows than it gives does not start",
		    "Module bad, route GET /a: its parameters are those of a list of 'Thing', and "
		    "'items' of its answer has rows of 'thing'",
		    { GET, "/a", .op = &list_others }),
		BAD("a condition on rows that have no ETag does not start",
		    "Module bad, route GET /a: it takes If-Match, and 'thing' has no ETag to "
		    "compare: that is made of id and updated_at",
		    { GET, "/a", .op = &match_thing }),
		ROW_OF("one on what gives no rows does", takes_operations,
		       ((const struct operation *[]){ &match_nothing, NULL })),
		SHARED("two schemas of one name do not start", "thing", "Thing", "thing",
		       { GET, "/a", .op = &get_thing }, { GET, "/b", .op = &take_thing }),
		SHARED("also when one is far within another", "thing", "Thing", "thing",
		       { GET, "/a", .op = &get_thing }, { GET, "/b", .op = &get_box }),
		SHARED("also when one is a row that is listed, of a name that is not the "
		       "document's",
		       "Thing", "Thing", "thing", { GET, "/a", .op = &get_thing },
		       { GET, "/b", .op = &list_things }),
		SHARED("also when one is narrowed and named after its rows", "thing_row",
		       "ThingRow", "thing", { GET, "/a", .op = &page_things },
		       { GET, "/b", .op = &get_thing_row }),
		BAD("a schema named as the document names a failure does not start",
		    "Module bad, route GET /a: the table 'problem': Problem is what the document "
		    "calls a failure; name it otherwise",
		    { GET, "/a", .op = &get_problem }),
		ROW("operations share a schema", operations_share_a_schema),
		BAD("a status of success that is none does not start",
		    "Module bad, route GET /a: .status is that of success, and 404 is none",
		    { GET, "/a", .op = &list, .status = 404 }),
		BAD("an answer to some alone that all may keep does not start",
		    "Module bad, route GET /a: " NOT_KEPT,
		    { GET, "/a", .op = &list_for_root, .kept_s = 60 }),
		BAD("nor one that a handler gives", "Module bad, route GET /a: " NOT_KEPT,
		    { GET, "/a", .handle = handle_nothing, .access = ACCESS_PUBLIC, .kept_s = 60 }),
		BAD("nor one of a change", "Module bad, route POST /a: " NOT_KEPT,
		    { POST, "/a", .op = &list, .kept_s = 60 }),
		BAD("nor one that is kept for less than a moment",
		    "Module bad, route GET /a: .kept_s is seconds, and -1 is none",
		    { GET, "/a", .op = &list, .kept_s = -1 }),
		BAD("a second status that nobody chooses does not start",
		    "Module bad, route GET /a: .status_of and .other_status go together",
		    { GET, "/a", .op = &list, .other_status = 503 }),
		BAD("nor does a choice between one",
		    "Module bad, route GET /a: .status_of and .other_status go together",
		    { GET, "/a", .op = &list, .status_of = always_ok }),
		BAD("nor one that a handler does not ask for",
		    "Module bad, route GET /a: its handler says the status by itself; leave out "
		    ".status_of",
		    { GET, "/a", .op = &list, .handle = handle_nothing, .status_of = always_ok,
		      .other_status = 503 }),
		BAD("a second status that the document has no place for does not start",
		    "Module bad, route GET /a: .other_status is 418: it is another success, or "
		    "503",
		    { GET, "/a", .op = &list, .status_of = always_ok, .other_status = 418 }),
		BAD("nor does one that is the first again",
		    "Module bad, route GET /a: .other_status is 200: it is another success, or "
		    "503",
		    { GET, "/a", .op = &list, .status_of = always_ok, .other_status = 200 }),
		BAD("nor one that has no body where the first has one",
		    "Module bad, route GET /a: .status and .other_status have the same body, and "
		    "204 has none",
		    { GET, "/a", .op = &shown, .status_of = always_ok, .other_status = 204 }),
		BAD("nor the other way round",
		    "Module bad, route GET /a: .status and .other_status have the same body, and "
		    "204 has none",
		    { GET, "/a", .op = &shown, .status = 204, .status_of = always_ok,
		      .other_status = 200 }),
		BAD("a duplicate does not start",
		    "Module bad, route GET /a: module bad has the same route (/api/v1/a)",
		    { GET, "/a", .op = &list }, { GET, "/a", .op = &me }),
		BAD("a duplicate by way of the prefix does not start",
		    "Module bad, route GET /api/v1/a: module bad has the same route (/api/v1/a)",
		    { GET, "/a", .op = &list }, { GET, "/api/v1/a", .op = &me, .root = true }),
	};

	return rows_run("router", rows, COUNT_OF(rows));
}
