/* Which stages each route has: all of them in the order of the modules, and not too many. */
#include "core/router.h"

#include <string.h>

#include "core/module.h"
#include "testing/rows.h"
#include "testing/scene.h"

static enum app_err look(struct ctx *c, struct http_exchange *x)
{
	(void)c, (void)x;
	return APP_OK;
}

static void dress(struct ctx *c, struct http_exchange *x)
{
	(void)c, (void)x;
}

static enum app_err handle(struct ctx *c, struct http_exchange *x)
{
	(void)c, (void)x;
	return APP_OK;
}

#define BEFORE(stage_name, ...) \
	{ \
		.name = stage_name, .place = BEFORE_SENDER, .light = true, .run = look, \
		__VA_ARGS__ \
	}
#define OVER(stage_name, ...) \
	{ \
		.name = stage_name, .place = OVER_ANSWER, .light = true, .finish = dress, \
		__VA_ARGS__ \
	}
#define ROUTED(variable, path) \
	static const struct route variable[] = { \
		{ GET, path, .handle = handle, .access = ACCESS_PUBLIC }, \
		{ 0 }, \
	}

ROUTED(house_routes, "/house");
ROUTED(garden_routes, "/garden");

static const struct module_stage house_stages[] = {
	BEFORE("window", .takes = { { .name = "X-A" }, { .name = "X-B" } }),
	OVER("gate", .all_routes = true),
	BEFORE("door", .all_routes = true, .takes = { { .name = "X-C" } }),
	{ 0 },
};
static const struct module_stage garden_stages[] = {
	BEFORE("hedge", .takes = { { .name = "X-D" } }),
	{ .name = "well", .place = BEFORE_OPERATION, .run = look },
	OVER("lawn"),
	{ 0 },
};

static const struct module house = { .name = "house",
				     .routes = house_routes,
				     .stages = house_stages };
static const struct module garden = { .name = "garden",
				      .routes = garden_routes,
				      .stages = garden_stages };
static const struct module yard = { .name = "yard", .routes = garden_routes };

/* Their names, in order, with what they take: "window(0) door(2)". */
static const char *names_at(struct scene *scene, const struct router_stages *stages,
			    enum module_place place)
{
	const struct router_stage *at = stages ? stages->at[place] : NULL;
	const char *names = "";
	for (; at && at->stage; at++)
		names = arena_printf(&scene->arena, "%s%s%s(%zu)", names, *names ? " " : "",
				     at->stage->name, at->first_header);
	return names;
}

static void are_those_of_the_route(void **state)
{
	(void)state;
	struct scene scene;
	struct router *router = NULL;
	size_t count;
	scene_open(&scene);
	const struct module *const modules[] = { &house, &garden, NULL };
	assert_int_equal(router_new(&scene.c, modules, &router), APP_OK);
	const struct router_entry *entries = router_entries(router, &count);
	assert_int_equal(count, 2);
	const struct router_stages *in_house = entries[0].stages, *outside = entries[1].stages;
	assert_string_equal(names_at(&scene, in_house, BEFORE_SENDER), "window(0) door(2)");
	assert_string_equal(names_at(&scene, in_house, BEFORE_OPERATION), "");
	assert_string_equal(names_at(&scene, in_house, OVER_ANSWER), "gate(3)");
	assert_string_equal(names_at(&scene, outside, BEFORE_SENDER), "door(0) hedge(1)");
	assert_string_equal(names_at(&scene, outside, BEFORE_OPERATION), "well(2)");
	assert_string_equal(names_at(&scene, outside, OVER_ANSWER), "gate(2) lawn(2)");
	assert_int_equal(in_house->header_count, 3);
	assert_string_equal(in_house->headers[1], "X-B");
	assert_string_equal(in_house->headers[2], "X-C");
	assert_false(in_house->asks);
	assert_true(outside->asks && !outside->blocks);
	const struct router_stages *rest = router_stages_of_the_rest(router);
	assert_string_equal(names_at(&scene, rest, OVER_ANSWER), "gate(0)");
	assert_string_equal(names_at(&scene, rest, BEFORE_SENDER), "");
	router_drop(router);
	scene_close(&scene);
}

static void a_route_without_any_has_nothing(void **state)
{
	(void)state;
	struct scene scene;
	struct router *router = NULL;
	size_t count;
	scene_open(&scene);
	const struct module *const modules[] = { &yard, NULL };
	assert_int_equal(router_new(&scene.c, modules, &router), APP_OK);
	assert_null(router_entries(router, &count)->stages);
	assert_null(router_stages_of_the_rest(router));
	router_drop(router);
	scene_close(&scene);
}

/* ---- of some operations ---- */

static enum app_err tell(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	(void)c, (void)in, (void)ret;
	return APP_OK;
}

OPERATION_FN(tell, struct nothing, struct nothing)

#define TELLS(variable, its_name) \
	static const struct operation variable = { \
		.name = its_name, \
		.summary = "Tell", \
		.kind = QUERY, \
		.access = ACCESS_PUBLIC, \
		RUN(tell), \
	}

TELLS(dug, "beds.dug");
TELLS(sown, "beds.sown");
TELLS(sold, "shop.sold");

static const struct operation *const chosen[] = OPERATIONS(&sold, &sown);
static const struct route beds_routes[] = ROUTES(
	{ GET, "/dug", &dug, .status = 204 }, { GET, "/sown", &sown, .status = 204 });
static const struct route shop_routes[] = ROUTES({ GET, "/sold", &sold, .status = 204 });
static const struct module_stage beds_stages[] = {
	BEFORE("rake", .operations = chosen),
	OVER("tag", .operations = chosen, .all_routes = true),
	{ 0 },
};
static const struct module beds = { .name = "beds", .routes = beds_routes, .stages = beds_stages };
static const struct module shop = { .name = "shop", .routes = shop_routes };

static void may_be_for_some_operations(void **state)
{
	(void)state;
	struct scene scene;
	struct router *router = NULL;
	size_t count;
	scene_open(&scene);
	const struct module *const modules[] = { &beds, &shop, NULL };
	assert_int_equal(router_new(&scene.c, modules, &router), APP_OK);
	const struct router_entry *entries = router_entries(router, &count);
	assert_int_equal(count, 3);
	assert_null(entries[0].stages);
	assert_string_equal(names_at(&scene, entries[1].stages, BEFORE_SENDER), "rake(0)");
	assert_string_equal(names_at(&scene, entries[1].stages, OVER_ANSWER), "tag(0)");
	assert_string_equal(names_at(&scene, entries[2].stages, BEFORE_SENDER), "");
	assert_string_equal(names_at(&scene, entries[2].stages, OVER_ANSWER), "tag(0)");
	assert_null(router_stages_of_the_rest(router));
	router_drop(router);
	scene_close(&scene);
}

/* ---- too many ---- */

static void fails(const struct module_stage *stages, const char *fault)
{
	struct scene scene;
	struct router *router = NULL;
	scene_open(&scene);
	const struct module full = { .name = "full", .routes = house_routes, .stages = stages };
	const struct module *const modules[] = { &full, NULL };
	enum app_err err = router_new(&scene.c, modules, &router);
	if (fault) {
		assert_string_equal(ctx_failure_text(&scene.c, err), fault);
	} else {
		assert_int_equal(err, APP_OK);
		router_drop(router);
	}
	scene_close(&scene);
}

static void too_many_are_told(void **state)
{
	(void)state;
	struct module_stage stages[ROUTER_STAGES_MAX + 2] = { 0 };
	for (int i = 0; i < ROUTER_STAGES_MAX; i++)
		stages[i] = (struct module_stage)BEFORE("many");
	fails(stages, NULL);
	stages[ROUTER_STAGES_MAX] = stages[0];
	fails(stages, "Module full, route GET /house: 17 stages of modules are for it, more than "
		      "16: join some");
}

static void too_many_headers_are_told(void **state)
{
	(void)state;
	static const struct module_stage sets = OVER(
		"many",
		.sets = { { .name = "A" }, { .name = "B" }, { .name = "C" }, { .name = "D" } });
	struct module_stage stages[4] = { sets, sets };
	fails(stages, NULL);
	stages[2] = (struct module_stage)OVER("more", .sets = { { .name = "E" } });
	fails(stages, "Module full, route GET /house: the stages of modules that are for it set 9 "
		      "headers, more than 8");
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a route has its module's and those for all, in order", are_those_of_the_route),
		ROW("a route without any has nothing", a_route_without_any_has_nothing),
		ROW("a stage may be for some operations", may_be_for_some_operations),
		ROW("too many for one route are told", too_many_are_told),
		ROW("and so are too many headers", too_many_headers_are_told),
	};
	return rows_run("core/router stages", rows, COUNT_OF(rows));
}
