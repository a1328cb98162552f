/* What is mounted: which paths it has, what has a document, and which modules do not start. */
#include "testing/rows.h"

#include "core/router.h"
#include "shop.h"
#include "testing/scene.h"

static void has_paths(void **state)
{
	static const char *const paths[] = { "/api/v1/things", "/shop", "/shop/sales",
					     "/shop/till" };
	struct scene scene;
	struct router *router;
	size_t count;
	(void)state;
	scene_open(&scene);
	assert_int_equal(router_new(&scene.c, shop_modules, &router), APP_OK);
	const struct router_entry *entries = router_entries(router, &count);
	assert_int_equal(count, COUNT_OF(paths));
	for (size_t i = 0; i < count; i++)
		assert_string_equal(entries[i].path, paths[i]);
	const struct router_scope *scopes = router_scopes(router, &count);
	assert_int_equal(count, 2);
	assert_string_equal(scopes[0].name, "v1");
	assert_string_equal(scopes[1].name, "/shop");
	router_drop(router);
	scene_close(&scene);
}

static enum app_err start_nothing(struct ctx *c)
{
	(void)c;
	return APP_OK;
}

static enum app_err answer_nothing(struct ctx *c, struct http_exchange *x)
{
	(void)c, (void)x;
	return APP_OK;
}

/* Words that begin alike, or paths that are shorter, are beside it. */
static void lets_beside(void **state)
{
	static const struct route routes[] = ROUTES(
		{ GET, "/bars", .op = &shop_till },
		{ GET, "/shops/{name}", .handle = answer_nothing, .access = ACCESS_PUBLIC },
		{ GET, "/", .handle = answer_nothing, .access = ACCESS_PUBLIC });
	static const struct route whole[] = ROUTES(
		{ GET, "/", .handle = answer_nothing, .access = ACCESS_PUBLIC, .root = true },
		{ GET, "/shops/{name}", .handle = answer_nothing, .access = ACCESS_PUBLIC,
		  .root = true });
	static const struct module below = { .name = "below", .mount = "/bar", .routes = routes };
	static const struct module beside = { .name = "beside", .routes = whole };
	struct router *router = NULL;
	struct scene scene;
	(void)state;
	scene_open(&scene);
	assert_int_equal(
		router_new(&scene.c,
			   (const struct module *[]){ &shop_module, &below, &beside, NULL },
			   &router),
		APP_OK);
	router_drop(router);
	scene_close(&scene);
}

struct bad_case {
	const char *text;
	struct module module;
	struct route route;
};

static void refuses(void **state)
{
	const struct bad_case *row = *state;
	const struct route routes[] = { row->route, { 0 } };
	struct module module = row->module;
	struct router *router = NULL;
	struct scene scene;
	module.name = "bad";
	module.routes = routes;
	scene_open(&scene);
	assert_int_equal(
		router_new(&scene.c,
			   (const struct module *[]){ &things_module, &shop_module, &module, NULL },
			   &router),
		APP_INVALID);
	assert_string_equal(ctx_failure_text(&scene.c, APP_INVALID), row->text);
	scene_close(&scene);
}

#define BAD(sentence, text_, ...) \
	ROW_OF(sentence, refuses, (&(struct bad_case){ .text = text_, __VA_ARGS__ }))
#define TILL \
	{ \
		GET, "/till", .op = &shop_till \
	}
#define NO_PATH "it is words behind slashes, such as \"/shop\""

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("its paths are below the mount, and it has a document", has_paths),
		ROW("what only begins alike is beside it", lets_beside),
		BAD("a mount without a slash does not start", "Module bad, mount bar: " NO_PATH,
		    .module = { .mount = "bar" }, .route = TILL),
		BAD("nor one with a slash at its end", "Module bad, mount /bar/: " NO_PATH,
		    .module = { .mount = "/bar/" }, .route = TILL),
		BAD("nor one that is everything", "Module bad, mount /: " NO_PATH,
		    .module = { .mount = "/" }, .route = TILL),
		BAD("nor one with a parameter", "Module bad, mount /{bar}: " NO_PATH,
		    .module = { .mount = "/{bar}" }, .route = TILL),
		BAD("nor one with a sign that no path has",
		    "Module bad, route GET /till: the segment 'b r' holds a character that is not "
		    "allowed in a path",
		    .module = { .mount = "/b r" }, .route = TILL),
		BAD("nor one below the API",
		    "Module bad, mount /api/bar: the API is there; take another path",
		    .module = { .mount = "/api/bar" }, .route = TILL),
		BAD("nor one below another",
		    "Module shop, mount /shop: module bad has the route GET /shop/bar/till there",
		    .module = { .mount = "/shop/bar" }, .route = TILL),
		BAD("nor one where the main application has a route",
		    "Module shop, mount /shop: module bad has the route GET /shop/till there",
		    .module = { .doc = "" },
		    .route = { GET, "/shop/till", .op = &shop_till, .root = true }),
		BAD("nor one where it has a parameter in place of the mount",
		    "Module shop, mount /shop: module bad has the route GET /{name}/till there",
		    .module = { .doc = "" },
		    .route = { GET, "/{name}/till", .handle = answer_nothing,
			       .access = ACCESS_PUBLIC, .root = true }),
		BAD("be it at the mount itself",
		    "Module shop, mount /shop: module bad has the route PUT /{name} there",
		    .module = { .doc = "" },
		    .route = { PUT, "/{name}", .handle = answer_nothing, .access = ACCESS_PUBLIC,
			       .root = true }),
		BAD("nor two routes of one mount in one place",
		    "Module bad, route GET /: module shop has the same route (/shop)",
		    .module = { .mount = "/shop" }, .route = { GET, "/", .op = &shop_till }),
		BAD("nor a path that has the mount twice",
		    "Module bad, route GET /bar/till: the path would be /bar/bar/till: /bar is put "
		    "in front of it, so leave that out",
		    .module = { .mount = "/bar" }, .route = { GET, "/bar/till", .op = &shop_till }),
		BAD("nor the mount alone twice",
		    "Module bad, route GET /bar: the path would be /bar/bar: /bar is put in front "
		    "of it, so leave that out",
		    .module = { .mount = "/bar" }, .route = { GET, "/bar", .op = &shop_till }),
		BAD("a whole path below a mount does not start",
		    "Module bad, route GET /till: its module is mounted, so its path is below "
		    "that; leave out .root",
		    .module = { .mount = "/bar" },
		    .route = { GET, "/till", .op = &shop_till, .root = true }),
		BAD("nor one of a version",
		    "Module bad, route GET /till: its module is mounted, and so of no version; "
		    "leave out .version and .last_version",
		    .module = { .mount = "/bar" },
		    .route = { GET, "/till", .op = &shop_till, .version = 2 }),
		BAD("nor a mount that is of one",
		    "Module bad, mount /bar: what is mounted is of no version; leave out .version "
		    "and .versions",
		    .module = { .mount = "/bar", .version = 2 }, .route = TILL),
		BAD("what is mounted has no start hook",
		    "Module bad, mount /bar: start hooks run for the main application only; what "
		    "it keeps is a service (.services)",
		    .module = { .mount = "/bar", .start = start_nothing }, .route = TILL),
	};
	return rows_run("core/router/mounts", rows, COUNT_OF(rows));
}
