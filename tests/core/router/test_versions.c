/* Versions of the API: which of them have a route, which go, and which tables do not start. */
#include "testing/rows.h"

#include "base/buf.h"
#include "base/str.h"
#include "core/router.h"
#include "notes.h"
#include "testing/scene.h"

/* ---- what each has ---- */

struct match_case {
	enum http_method method;
	const char *target;
	/* of the operation; NULL: there is no such route, whatever its method */
	const char *name;
};

static void finds(void **state)
{
	const struct match_case *row = *state;
	struct scene scene;
	struct router *router;
	struct router_path path;
	struct router_match match;
	scene_open(&scene);
	assert_int_equal(router_new(&scene.c, notes_modules, &router), APP_OK);
	assert_int_equal(router_path_split(&scene.c, row->target, &path), APP_OK);
	enum router_result result = router_match(router, &scene.arena, row->method, &path, &match);
	assert_true((result == ROUTER_FOUND) == (row->name != NULL));
	if (row->name)
		assert_string_equal(match.entry->route->op->name, row->name);
	router_drop(router);
	scene_close(&scene);
}

static void lists_all(void **state)
{
	static const char all[] = "GET /api/v1/notes 1\n"
				  "GET /api/v2/notes 2\n"
				  "POST /api/v1/notes 1\n"
				  "GET /api/v1/notes/{id} 1\n"
				  "DELETE /api/v1/notes/{note_id} 1\n"
				  "DELETE /api/v2/notes/{note_id} 2\n"
				  "GET /ping 0\n"
				  "GET /api/v2/notes/{note_id} 2\n"
				  "GET /api/v3/notes/{note_id} 3\n"
				  "POST /api/v2/notes 2\n"
				  "POST /api/v3/notes 3\n"
				  "GET /api/v3/notes 3\n"
				  "GET /api/v2/news 2\n"
				  "GET /api/v3/news 3\n";
	struct scene scene;
	struct router *router;
	struct buf text;
	size_t count;
	(void)state;
	scene_open(&scene);
	buf_init(&text, &scene.arena);
	assert_int_equal(router_new(&scene.c, notes_modules, &router), APP_OK);
	router_scopes(router, &count);
	assert_int_equal(count, 3);
	const struct router_entry *entries = router_entries(router, &count);
	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "%s %s %d\n", route_method_name(entries[i].route->method),
			   entries[i].path, entries[i].version);
	assert_string_equal(buf_text(&text), all);
	router_drop(router);
	scene_close(&scene);
}

/* ---- what goes ---- */

struct retirement_case {
	const char *target, *deprecation, *sunset;
};

static void retires(void **state)
{
	const struct retirement_case *row = *state;
	struct scene scene;
	struct router *router;
	struct router_path path;
	struct router_match match;
	scene_open(&scene);
	assert_int_equal(router_new(&scene.c, notes_modules, &router), APP_OK);
	assert_int_equal(router_path_split(&scene.c, row->target, &path), APP_OK);
	enum http_method method = str_ends(row->target, "/notes") ? POST : GET;
	assert_int_equal(router_match(router, &scene.arena, method, &path, &match), ROUTER_FOUND);
	const struct router_retirement *made = match.entry->retirement;
	assert_true((made != NULL) == (row->deprecation != NULL));
	if (made)
		assert_string_equal(made->deprecation, row->deprecation);
	if (row->sunset)
		assert_string_equal(made->sunset, row->sunset);
	else if (made)
		assert_null(made->sunset);
	router_drop(router);
	scene_close(&scene);
}

/* ---- tables that do not start ---- */

struct bad_case {
	const char *text;
	struct route routes[4];
	int version;
	struct api_version versions[3];
};

static void refuses(void **state)
{
	const struct bad_case *row = *state;
	const struct module module = { .name = "bad",
				       .routes = row->routes,
				       .version = row->version,
				       .versions = row->versions };
	struct router *router = NULL;
	struct scene scene;
	scene_open(&scene);
	assert_int_equal(router_new(&scene.c, (const struct module *[]){ &module, NULL }, &router),
			 APP_INVALID);
	assert_string_equal(ctx_failure_text(&scene.c, APP_INVALID), row->text);
	assert_null(router);
	scene_close(&scene);
}

/* Two modules both say something of one version. */
static void refuses_two_words(void **state)
{
	static const struct api_version again[] = { { 1, .deprecated = "2027-01-01" }, { 0 } };
	static const struct module other = { .name = "other", .versions = again };
	struct router *router;
	struct scene scene;
	(void)state;
	scene_open(&scene);
	assert_int_equal(
		router_new(&scene.c,
			   (const struct module *[]){ &notes_module, &news_module, &other, NULL },
			   &router),
		APP_INVALID);
	assert_string_equal(ctx_failure_text(&scene.c, APP_INVALID),
			    "Module other, version 1: module notes has a row of it already");
	scene_close(&scene);
}

#define FINDS(sentence, ...) ROW_OF(sentence, finds, (&(struct match_case){ __VA_ARGS__ }))
#define RETIRES(sentence, target_, ...) \
	ROW_OF(sentence, retires, (&(struct retirement_case){ .target = target_, __VA_ARGS__ }))
#define BAD(sentence, text_, ...) \
	ROW_OF(sentence, refuses, (&(struct bad_case){ .text = text_, __VA_ARGS__ }))
#define AT "Module bad, route GET /a: "
#define PLAIN \
	{ \
		GET, "/a", .op = &list_1 \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		FINDS("a route is of the first version", GET, "/api/v1/notes", "notes.list_1"),
		FINDS("the next version has it, too", GET, "/api/v2/notes", "notes.list_1"),
		FINDS("until one has its own", GET, "/api/v3/notes", "notes.list_3"),
		FINDS("what is of the second version is not in the first", GET, "/api/v1/news",
		      NULL),
		FINDS("its module says so", GET, "/api/v2/news", "notes.read_news"),
		FINDS("the one after has that, too", GET, "/api/v3/news", "notes.read_news"),
		FINDS("a route is replaced whatever its parameters are called", GET,
		      "/api/v2/notes/7", "notes.get_2"),
		FINDS("the one before is as it was", GET, "/api/v1/notes/7", "notes.get_1"),
		FINDS("what was replaced does not come back", GET, "/api/v3/notes/7",
		      "notes.get_2"),
		FINDS("what ends is in its last version", DELETE, "/api/v2/notes/7", "notes.drop"),
		FINDS("and in none after", DELETE, "/api/v3/notes/7", NULL),
		FINDS("a version that is none has nothing", GET, "/api/v4/notes", NULL),
		FINDS("nor has one with a nought before", GET, "/api/v01/notes", NULL),
		FINDS("what is whole is of none", GET, "/ping", "notes.ping"),
		FINDS("and in none", GET, "/api/v1/ping", NULL),
		ROW("all are listed, each in its versions", lists_all),

		RETIRES("a version goes with all of its routes", "/api/v1/notes/7",
			.deprecation = "@1798761600", .sunset = "Thu, 01 Jul 2027 00:00:00 GMT"),
		RETIRES("what a route says itself goes before", "/api/v1/notes",
			.deprecation = "@1782777600"),
		RETIRES("a leap day is a day", "/api/v2/notes/7", .deprecation = "@1835395200"),
		RETIRES("also of what began there", "/api/v2/news", .deprecation = "@1835395200"),
		RETIRES("a version of which nothing is said stays", "/api/v3/news",
			.deprecation = NULL),
		RETIRES("what is of no version stays", "/ping", .deprecation = NULL),

		BAD("a version below 1 does not start", AT ".version is -1: it is from 1 to 99",
		    .routes = { { GET, "/a", &list_1, .version = -1 } }),
		BAD("nor one above 99", AT ".version is 100: it is from 1 to 99",
		    .routes = { { GET, "/a", &list_1, .version = 100 } }),
		BAD("nor that of a module", "Module bad: .version is 100: it is from 1 to 99",
		    .routes = { PLAIN }, .version = 100),
		BAD("a whole path with a version does not start",
		    AT "its path is whole, and so of no version; leave out .root, or .version and "
		       ".last_version",
		    .routes = { { GET, "/a", &list_1, .root = true, .version = 2 } }),
		BAD("nor one that brings the prefix of its version along",
		    "Module bad, route GET /api/v2/a: the path would be /api/v2/api/v2/a: /api/v2 "
		    "is put in front of it, so leave that out, or set .root",
		    .routes = { PLAIN, { GET, "/api/v2/a", &list_3, .version = 2 } }),
		BAD("an end before the beginning does not start",
		    AT ".last_version is 1, and it begins with version 2 only",
		    .routes = { PLAIN, { GET, "/a", &list_3, .version = 2, .last_version = 1 } }),
		BAD("an end that nothing follows does not start",
		    AT ".last_version is 2, and there is no version after it that could be "
		       "without it; leave that out",
		    .routes = { { GET, "/b", &list_3, .version = 2 },
				{ GET, "/a", &list_1, .last_version = 2 } }),
		BAD("a version that nothing begins with does not start",
		    "Routes: there is a version 3, and no route begins with version 2; number them "
		    "without a gap",
		    .routes = { PLAIN, { GET, "/a", &list_3, .version = 3 } }),
		BAD("nor does one without a first",
		    "Routes: there is a version 2, and no route begins with version 1; number them "
		    "without a gap",
		    .routes = { PLAIN }, .version = 2),
		BAD("nor when all that the first has is not in its document",
		    "Routes: there is a version 2, and no route begins with version 1; number them "
		    "without a gap",
		    .routes = { { GET, "/b", &list_1, .hidden = true },
				{ GET, "/a", &list_3, .version = 2 } }),
		BAD("nor does an end after another took the place",
		    AT ".last_version is 2, and version 2 has a route of its own in this place; "
		       "leave that out",
		    .routes = { { GET, "/a", &list_1, .last_version = 2 },
				{ GET, "/a", &list_3, .version = 2 },
				{ GET, "/b", &make_2, .version = 3 } }),
		BAD("two routes of one version in one place do not start",
		    AT "module bad has the same route (/api/v2/a)",
		    .routes = { PLAIN,
				{ GET, "/a", &list_3, .version = 2 },
				{ GET, "/a", &make_2, .version = 2 } }),
		BAD("nor do two that have one only in later versions",
		    "Module bad, route GET /{note_id}: module bad has the same route "
		    "(/api/v1/{id})",
		    .routes = { { GET, "/{id}", .op = &get_1 },
				{ GET, "/{note_id}", .op = &get_2 } }),
		BAD("schemas of one name in one version do not start",
		    "Module bad, route GET /b/{note_id}: the schema 'note' is Note in the "
		    "document, and so is 'note' of module bad, route GET /a/{id}: name one of "
		    "them otherwise",
		    .routes = { { GET, "/a/{id}", .op = &get_1 },
				{ GET, "/b/{note_id}", .op = &get_2, .version = 2 } }),
		BAD("a day that the calendar has not does not start",
		    AT ".deprecated is '2027-02-30', and that is no day (day value is outside "
		       "expected range); write it as 2027-01-31",
		    .routes = { { GET, "/a", &list_1, .deprecated = "2027-02-30" } }),
		BAD("nor does a sunset that is none",
		    AT ".sunset is 'soon', and that is no day (invalid character in year); write "
		       "it as 2027-01-31",
		    .routes = { { GET, "/a", &list_1, .deprecated = "2027-01-31",
				  .sunset = "soon" } }),
		BAD("nor one before the deprecation",
		    AT ".sunset is before .deprecated, and it goes after that",
		    .routes = { { GET, "/a", &list_1, .deprecated = "2027-01-31",
				  .sunset = "2027-01-30" } }),
		BAD("nor one without it", AT "what goes is deprecated before; set .deprecated, too",
		    .routes = { { GET, "/a", &list_1, .sunset = "2027-01-31" } }),
		BAD("what is said of a version that is none does not start",
		    "Module bad, version 2: the versions of the API are 1 to 1, and it is none of "
		    "them",
		    .routes = { PLAIN }, .versions = { { 2, .deprecated = "2027-01-31" } }),
		BAD("nor what is said without its number",
		    "Module bad, version 0: the versions of the API are 1 to 1, and it is none of "
		    "them",
		    .routes = { PLAIN }, .versions = { { .deprecated = "2027-01-31" } }),
		BAD("nor a row that says nothing",
		    "Module bad, version 1: what goes is deprecated before; set .deprecated, too",
		    .routes = { PLAIN }, .versions = { { .version = 1 } }),
		BAD("nor two rows of one version",
		    "Module bad, version 1: module bad has a row of it already",
		    .routes = { PLAIN },
		    .versions = { { 1, .deprecated = "2027-01-31" },
				  { 1, .deprecated = "2027-01-30" } }),
		BAD("nor a day that is none",
		    "Module bad, version 1: .sunset is '2027-13-01', and that is no day (month "
		    "value is outside expected range of 1-12); write it as 2027-01-31",
		    .routes = { PLAIN },
		    .versions = { { 1, .deprecated = "2027-01-31", .sunset = "2027-13-01" } }),
		ROW("nor do two modules that both speak of one", refuses_two_words),
	};
	return rows_run("core/router/versions", rows, COUNT_OF(rows));
}
