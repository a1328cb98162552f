/* The operations of the system module; all of them only look. */
#include "core/app.h"
#include "internal.h"

/* ---- who is this ---- */

void system_describe(const struct app *app, struct system_info *ret)
{
	*ret = (struct system_info){
		.app = app->options->name,
		.environment = app_environment_names[app->options->environment],
		.env = app_environment_names[app->options->environment],
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
	.vital = true,
	RUN(get_live),
};
