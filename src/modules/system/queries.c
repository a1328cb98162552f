/* The operations of the system module; all of them only look. */
#include "base/arena.h"
#include "core/app.h"
#include "core/db.h"
#include "core/http.h"
#include "internal.h"

/* ---- who is this ---- */

void system_describe(const struct app *app, struct system_info *ret)
{
	*ret = (struct system_info){
		.app = app->options->name,
		.environment = app_environment_names[app->options->environment],
		.version = app_version
	};
}

static enum app_err get_info(struct ctx *c, const struct nothing *in, struct system_info *ret)
{
	(void)in;
	system_describe(c->app, ret);
	return APP_OK;
}

OPERATION_FN(get_info, struct nothing, struct system_info)

const struct operation system_info = {
	.name = "system.info",
	.summary = "Name the server",
	.doc = "A browser gets the front page instead.",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &system_info_schema,
	.light = true,
	RUN(get_info),
};

static enum app_err get_version(struct ctx *c, const struct nothing *in, struct system_version *ret)
{
	(void)c, (void)in;
	ret->version = app_version;
	return APP_OK;
}

OPERATION_FN(get_version, struct nothing, struct system_version)

const struct operation system_version = {
	.name = "system.version",
	.summary = "Tell the version",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &system_version_schema,
	.light = true,
	RUN(get_version),
};

/* ---- health ---- */

static enum app_err get_live(struct ctx *c, const struct nothing *in, struct system_live *ret)
{
	(void)c, (void)in;
	ret->status = "ok";
	return APP_OK;
}

OPERATION_FN(get_live, struct nothing, struct system_live)

const struct operation system_live = {
	.name = "system.live",
	.summary = "Is the process alive?",
	.doc = "Looks at nothing else: an answer is all it says.",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &system_live_schema,
	.light = true,
	RUN(get_live),
};

static size_t count_checks(const struct app *app)
{
	size_t count = 1; /* the database */
	for (const struct module *const *m = app->modules; *m; m++) {
		for (const struct health_check *check = (*m)->checks; check && check->name; check++)
			count++;
	}
	return count;
}

/* A failed check is part of the answer, not a failure of the request. */
static void run_check(struct ctx *c, const struct health_check *check, struct system_ready *ready)
{
	struct system_check *result = (struct system_check *)ready->checks.items;
	result += ready->checks.count++;
	enum app_err err = check->check(c);
	*result = (struct system_check){ .name = check->name, .ok = !err };
	if (!err)
		return;
	result->detail = ctx_failure_text(c, err);
	ready->status = "unavailable";
	ctx_recover(c);
}

static enum app_err get_ready(struct ctx *c, const struct nothing *in, struct system_ready *ret)
{
	(void)in;
	if (c->app->http)
		http_server_probed(c->app->http);
	if (c->app->http && http_server_is_draining(c->app->http)) {
		ret->status = "stopping";
		return APP_OK;
	}
	ret->status = "ready";
	ret->checks.items = arena_zero(c->arena,
				       count_checks(c->app) * sizeof(struct system_check));
	run_check(c, &(struct health_check){ "database", db_ping }, ret);
	for (const struct module *const *m = c->app->modules; *m; m++) {
		for (const struct health_check *check = (*m)->checks; check && check->name; check++)
			run_check(c, check, ret);
	}
	return APP_OK;
}

OPERATION_FN(get_ready, struct nothing, struct system_ready)

const struct operation system_ready = {
	.name = "system.ready",
	.summary = "Can it take requests?",
	.doc = "Runs the checks of the database and of every module. 503 when one fails, and while "
	       "the server is stopping.",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &system_ready_schema,
	.vital = true, /* a check may block */
	RUN(get_ready),
};
