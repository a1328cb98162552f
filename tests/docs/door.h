/*
 * A module with stages and a service of its own, as docs/stages.md shows it: who may ask at all,
 * and how long each answer took.
 */
#ifndef CROFT_TESTS_DOCS_DOOR_H
#define CROFT_TESTS_DOCS_DOOR_H

#include <string.h>

#include "base/arena.h"
#include "base/left.h"
#include "core/app.h"
#include "core/digest.h"
#include "core/http.h"
#include "core/module.h"
#include "core/networks.h"
#include "core/schema.h"
#include "core/service.h"

/* ---- the settings ---- */

struct door_options {
	const char *networks, *key;
};

static void check_options(struct config_check *check, const void *values)
{
	const struct door_options *options = values;
	struct networks allowed;
	if (networks_read(config_check_ctx(check), options->networks, &allowed))
		config_check_failure(check, "networks");
}

OPTION_GROUP_CHECKED(door_option_group, "door", struct door_options, "Who may ask.", check_options,
		     OPTION(struct door_options, networks, .preset = "127.0.0.0/8 ::1",
			    .doc = "Addresses and networks of those who may."),
		     OPTION(struct door_options, key, .secret = true, .doc = "What they show."));

/* ---- the service ---- */

/* What the settings come to, read once. */
struct door {
	struct networks allowed;
	unsigned char key[DIGEST_BYTES];
};
SERVICE_DECLARE(door);

static enum app_err start_door(struct ctx *c, struct door *door)
{
	const struct door_options *options = config_group(c->app->config, &door_option_group);
	digest_bytes(options->key, strlen(options->key), door->key);
	return networks_read(c, options->networks, &door->allowed);
}

static void stop_door(struct ctx *c, struct door *door)
{
	(void)c;
	memset(door->key, 0, sizeof(door->key));
}

SERVICE(door, start_door, stop_door);

/* ---- the stages ---- */

static enum app_err check_address(struct ctx *c, struct http_exchange *x)
{
	struct door *door;
	enum app_err err = door_get(c, &door);
	if (!err && !http_client_is_in(x, &door->allowed))
		err = ctx_fail(c, APP_FORBIDDEN, "Not from %s", http_client(x));
	return err;
}

/* What the stage leaves, and the operation answers. */
struct visit {
	const char *from;
};
LEFT_DECLARE(visit);
LEFT(visit);

enum { KEY };

/* Digests, so that the time tells nothing of the key. */
static enum app_err check_key(struct ctx *c, struct http_exchange *x)
{
	const char *shown = http_stage_header(x, KEY);
	unsigned char digest[DIGEST_BYTES];
	struct door *door;
	enum app_err err = door_get(c, &door);
	if (err)
		return err;
	if (shown)
		digest_bytes(shown, strlen(shown), digest);
	if (!shown || memcmp(digest, door->key, sizeof(digest)) != 0)
		return ctx_fail(c, APP_UNAUTHENTICATED, "Show the key as X-Door-Key");
	visit_leave(c)->from = http_client(x);
	return APP_OK;
}

enum { TIMING };

static void tell_time(struct ctx *c, struct http_exchange *x)
{
	double ms = (double)http_took_us(x) / 1000;
	http_stage_set(x, TIMING, arena_printf(c->arena, "app;dur=%.3f", ms));
}

static const struct module_stage door_stages[] = STAGES(
	{
		.name = "addresses",
		.place = BEFORE_SENDER,
		.all_routes = true,
		.light = true,
		.run = check_address,
		.fails_with = { APP_FORBIDDEN },
	},
	{
		.name = "key",
		.place = BEFORE_SENDER,
		.light = true,
		.run = check_key,
		.takes = { [KEY] = { .name = "X-Door-Key", .required = true } },
		.fails_with = { APP_UNAUTHENTICATED },
		.challenge = "ApiKey",
	},
	{
		.name = "timing",
		.place = OVER_ANSWER,
		.all_routes = true,
		.light = true,
		.finish = tell_time,
		.sets = { [TIMING] = { .name = "Server-Timing", .doc = "How long it took" } },
	});

/* ---- the operation ---- */

SCHEMA(visit, FIELD(struct visit, from, .required = true, .nullable = true));

/* From the command line no stage was passed, and so nothing was left. */
static enum app_err tell_visit(struct ctx *c, const struct nothing *in, struct visit *ret)
{
	const struct visit *visit = visit_left(c);
	(void)in;
	ret->from = visit ? visit->from : NULL;
	return APP_OK;
}

OPERATION_FN(tell_visit, struct nothing, struct visit)

static const struct operation door_visit = {
	.name = "door.visit",
	.summary = "Tell where it was asked from",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &visit_schema,
	.light = true,
	RUN(tell_visit),
};

/* ---- the module ---- */

static const struct route door_routes[] = ROUTES({ GET, "/visit", &door_visit, .status = 200 });
static const struct service *const door_services[] = SERVICES(&door_service);

static const struct module door_module = {
	.name = "door",
	.doc = "Who may ask at all.",
	.options = &door_option_group,
	.routes = door_routes,
	.stages = door_stages,
	.services = door_services,
};

#endif
