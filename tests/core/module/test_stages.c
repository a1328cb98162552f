/* What modules get wrong about their stages and services is told at the start, by name. */
#include "core/module.h"

#include <string.h>

#include "core/service.h"
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

static const struct route routes[] = {
	{ GET, "/rooms", .handle = handle, .access = ACCESS_PUBLIC },
	{ 0 },
};

struct stages_case {
	struct module_stage stages[3];
	const char *fault; /* NULL: none */
};

static void check(const struct module *const *modules, const char *fault)
{
	struct scene scene;
	scene_open(&scene);
	enum app_err err = modules_check(&scene.c, modules);
	if (fault) {
		assert_string_equal(ctx_failure_text(&scene.c, err), fault);
		assert_int_equal(err, APP_INVALID);
	} else {
		assert_int_equal(err, APP_OK);
	}
	scene_close(&scene);
}

static void stage_is_told(void **state)
{
	const struct stages_case *k = *state;
	const struct module rooms = { .name = "rooms", .routes = routes, .stages = k->stages };
	check((const struct module *const[]){ &rooms, NULL }, k->fault);
}

#define IN_ROOMS "Module rooms, stage look: "
#define LOOKS .name = "look", .light = true, .run = look, .place = BEFORE_SENDER
#define DRESSES .name = "look", .light = true, .finish = dress, .place = OVER_ANSWER
#define STAGE(sentence, text, ...) \
	ROW_OF(sentence, stage_is_told, \
	       (&(struct stages_case){ .stages = { { __VA_ARGS__ } }, .fault = (text) }))
#define REFUSED(sentence, text, ...) \
	ROW_OF(sentence, stage_is_told, \
	       (&(struct stages_case){ .stages = { __VA_ARGS__ }, .fault = (text) }))

/* ---- of two modules ---- */

struct pair_case {
	struct module one, other;
	const char *fault;
};

static void pair_is_told(void **state)
{
	const struct pair_case *k = *state;
	check((const struct module *const[]){ &k->one, &k->other, NULL }, k->fault);
}

#define PAIR(sentence, text, ...) \
	ROW_OF(sentence, pair_is_told, (&(struct pair_case){ __VA_ARGS__, .fault = (text) }))

static const struct module_stage own_stages[] = {
	{ .name = "own",
	  .light = true,
	  .finish = dress,
	  .place = OVER_ANSWER,
	  .sets = { { .name = "X-Room" } } },
	{ 0 },
};
static const struct module_stage namesakes[] = {
	{ .name = "own", .light = true, .run = look, .place = BEFORE_SENDER },
	{ 0 },
};
static const struct module_stage other_stages[] = {
	{ .name = "other",
	  .light = true,
	  .finish = dress,
	  .place = OVER_ANSWER,
	  .sets = { { .name = "x-room" } } },
	{ 0 },
};
static const struct module_stage all_stages[] = {
	{ .name = "all",
	  .light = true,
	  .finish = dress,
	  .place = OVER_ANSWER,
	  .all_routes = true,
	  .sets = { { .name = "x-room" } } },
	{ 0 },
};

static const struct module_stage own_cookies[] = {
	{ .name = "own",
	  .light = true,
	  .finish = dress,
	  .place = OVER_ANSWER,
	  .sets = { { .name = "Set-Cookie" }, { .name = "Set-Cookie" } } },
	{ 0 },
};
static const struct module_stage all_cookies[] = {
	{ .name = "all",
	  .light = true,
	  .finish = dress,
	  .place = OVER_ANSWER,
	  .all_routes = true,
	  .sets = { { .name = "set-cookie" } } },
	{ 0 },
};

/* ---- services ---- */

struct mailer {
	int64_t sent;
};
SERVICE_DECLARE(mailer);

static enum app_err start_mailer(struct ctx *c, struct mailer *mailer)
{
	(void)c, (void)mailer;
	return APP_OK;
}

static void stop_mailer(struct ctx *c, struct mailer *mailer)
{
	(void)c, (void)mailer;
}

SERVICE(mailer, start_mailer, stop_mailer);

static const struct service namesake = { .name = "mailer" };
static const struct service *const mailers[] = { &mailer_service, NULL };
static const struct service *const twice[] = { &mailer_service, &mailer_service, NULL };
static const struct service *const others[] = { &namesake, NULL };

int main(void)
{
	const struct CMUnitTest rows[] = {
		STAGE("one that has all it needs is fine", NULL, LOOKS),
		STAGE("and so is one over the answer", NULL, DRESSES,
		      .sets = { { .name = "X-A" }, { .name = "X-B" } }),
		STAGE("and one that blocks before the operation", NULL, .name = "look", .run = look,
		      .place = BEFORE_OPERATION, .blocks = true),
		STAGE("one without a name is refused",
		      "Module rooms, stage ?: it has no name; set .name", .run = look,
		      .place = BEFORE_SENDER),
		STAGE("so is one without a place",
		      IN_ROOMS "it has no place; set .place to BEFORE_SENDER, BEFORE_OPERATION or "
			       "OVER_ANSWER",
		      .name = "look", .run = look),
		STAGE("and one in a place that is none",
		      IN_ROOMS "it has no place; set .place to BEFORE_SENDER, BEFORE_OPERATION or "
			       "OVER_ANSWER",
		      .name = "look", .run = look, .place = MODULE_PLACES),
		STAGE("one without a function is refused", IN_ROOMS "it has no function; set .run",
		      .name = "look", .light = true, .place = BEFORE_SENDER),
		STAGE("so is one over the answer", IN_ROOMS "it has no function; set .finish",
		      .name = "look", .light = true, .place = OVER_ANSWER),
		STAGE("one that would refuse an answer is refused",
		      IN_ROOMS "OVER_ANSWER it can refuse nothing any more; set .finish in place "
			       "of .run",
		      .name = "look", .light = true, .run = look, .place = OVER_ANSWER),
		STAGE("so is one that would finish what is not begun",
		      IN_ROOMS "there is no answer yet; set .run in place of .finish", LOOKS,
		      .finish = dress),
		STAGE("one that may wait on an event loop is refused",
		      IN_ROOMS "in its place event loops wait for it; set .light when it asks no "
			       "database and waits for nothing, else .place = BEFORE_OPERATION",
		      .name = "look", .run = look, .place = BEFORE_SENDER),
		STAGE("so is one over the answer that may",
		      IN_ROOMS "in its place event loops wait for it; set .light when it asks no "
			       "database and waits for nothing, else .place = BEFORE_OPERATION",
		      .name = "look", .finish = dress, .place = OVER_ANSWER, .blocks = true),
		STAGE("one that waits for nothing and blocks is refused",
		      IN_ROOMS ".light and .blocks exclude each other", LOOKS, .blocks = true),
		STAGE("a header has a name that can be sent",
		      IN_ROOMS ".takes has 'X Key', which is no name of a header: letters, digits "
			       "and hyphens, 64 at most",
		      LOOKS, .takes = { { .name = "X Key" } }),
		STAGE("and one that is not empty",
		      IN_ROOMS ".sets has '', which is no name of a header: letters, digits and "
			       "hyphens, 64 at most",
		      DRESSES, .sets = { { .name = "" } }),
		STAGE("headers have no gap between them",
		      IN_ROOMS ".takes has a gap before X-B; number them from 0 on", LOOKS,
		      .takes = { [1] = { .name = "X-B" } }),
		STAGE("what the server sets is not for stages",
		      IN_ROOMS ".sets has content-type, which the server sets by itself; leave it "
			       "out",
		      DRESSES, .sets = { { .name = "content-type" } }),
		STAGE("nor is what pages from elsewhere may do",
		      IN_ROOMS ".sets has Access-Control-Allow-Origin, which the server sets by "
			       "itself; leave it out",
		      DRESSES, .sets = { { .name = "Access-Control-Allow-Origin" } }),
		STAGE("over the answer nothing is refused",
		      IN_ROOMS "OVER_ANSWER it can refuse nothing any more; leave out .fails_with",
		      DRESSES, .fails_with = { APP_FORBIDDEN }),
		STAGE("a 401 says how to sign in",
		      IN_ROOMS "a 401 says how to sign in; set .challenge, such as \"ApiKey\"",
		      LOOKS, .fails_with = { APP_FORBIDDEN, APP_UNAUTHENTICATED }),
		STAGE("and nothing else does",
		      IN_ROOMS ".challenge goes with APP_UNAUTHENTICATED in .fails_with", LOOKS,
		      .challenge = "ApiKey"),
		STAGE("on one line",
		      IN_ROOMS ".challenge is a scheme such as \"ApiKey\", perhaps with parameters "
			       "behind it, on one line",
		      LOOKS, .fails_with = { APP_UNAUTHENTICATED }, .challenge = "ApiKey\r\nX: y"),
		REFUSED("two of one name are refused",
			IN_ROOMS "module rooms has a stage of that name, too", { LOOKS },
			{ DRESSES }),
		PAIR("and so they are in two modules",
		     "Module b, stage own: module a has a stage of that name, too",
		     .one = { .name = "a", .routes = routes, .stages = own_stages },
		     .other = { .name = "b", .routes = routes, .stages = namesakes }),
		PAIR("one table is not for two modules",
		     "Module b, stage own: module a has a stage of that name, too",
		     .one = { .name = "a", .routes = routes, .stages = own_stages },
		     .other = { .name = "b", .routes = routes, .stages = own_stages }),
		PAIR("two modules may set one header on their own answers", NULL,
		     .one = { .name = "a", .routes = routes, .stages = own_stages },
		     .other = { .name = "b", .routes = routes, .stages = other_stages }),
		PAIR("but not on the same ones",
		     "Module b, stage all: the stage own of module a sets the same header; one "
		     "does",
		     .one = { .name = "a", .routes = routes, .stages = own_stages },
		     .other = { .name = "b", .stages = all_stages }),
		PAIR("cookies are set by as many as there are", NULL,
		     .one = { .name = "a", .routes = routes, .stages = own_cookies },
		     .other = { .name = "b", .stages = all_cookies }),
		PAIR("what is mounted has none of its answers in common with the API", NULL,
		     .one = { .name = "a", .routes = routes, .stages = own_stages },
		     .other = { .name = "b",
				.mount = "/b",
				.routes = routes,
				.stages = all_stages }),
		PAIR("nor has it with what is mounted elsewhere", NULL,
		     .one = { .name = "a", .mount = "/a", .routes = routes, .stages = own_stages },
		     .other = { .name = "b",
				.mount = "/b",
				.routes = routes,
				.stages = all_stages }),
		PAIR("what is mounted with it has",
		     "Module b, stage all: the stage own of module a sets the same header; one "
		     "does",
		     .one = { .name = "a", .mount = "/b", .routes = routes, .stages = own_stages },
		     .other = { .name = "b",
				.mount = "/b",
				.routes = routes,
				.stages = all_stages }),
		PAIR("and what is for all routes of the API is for those that are mounted, too",
		     "Module b, stage own: the stage all of module a sets the same header; one "
		     "does",
		     .one = { .name = "a", .stages = all_stages },
		     .other = { .name = "b",
				.mount = "/b",
				.routes = routes,
				.stages = own_stages }),
		PAIR("one that is for no route is refused",
		     "Module b, stage own: the module has no routes that it could be for; set "
		     ".all_routes",
		     .one = { .name = "a" }, .other = { .name = "b", .stages = own_stages }),
		PAIR("a service belongs to one module",
		     "Module b, service mailer: module a lists it already: one module has it, and "
		     "all may reach it",
		     .one = { .name = "a", .services = mailers },
		     .other = { .name = "b", .services = mailers }),
		PAIR("which lists it once",
		     "Module b, service mailer: module b lists it already: one module has it, and "
		     "all may reach it",
		     .one = { .name = "a" }, .other = { .name = "b", .services = twice }),
		PAIR("no two have one name",
		     "Module b, service mailer: module a has another one of that name",
		     .one = { .name = "a", .services = mailers },
		     .other = { .name = "b", .services = others }),
	};
	return rows_run("core/module stages", rows, COUNT_OF(rows));
}
