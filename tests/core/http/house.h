/*
 * A server in this process with modules of a test's own, for all rows of a program: their setup
 * and teardown. The program says "threaded", since it is.
 */
#ifndef CROFT_TESTS_CORE_HTTP_HOUSE_H
#define CROFT_TESTS_CORE_HTTP_HOUSE_H

#include "core/config.h"
#include "core/http.h"
#include "core/module.h"
#include "core/pool.h"
#include "testing/server.h"
#include "testing/stage.h"

static struct stage house_stage;
/* For the client: only the port. */
static struct server house_server;

/* `modules` end with NULL and stay; `sets` are as those of stage_open_empty(). */
static inline void house_open(const struct module *const *modules, const char *const *sets)
{
	stage_open_empty(&house_stage, sets);
	struct app *app = &house_stage.scene.app;
	app->modules = modules;
	app->pool = pool_new(&(struct pool_options){ .waiting = { 8, 8, 8, 8 } });
	struct http_options options = *(const struct http_options *)config_group(
		app->config, &http_option_group);
	options.port = 0;
	options.limits = config_group(app->config, &http_limits_option_group);
	stage_ok(&house_stage, http_server_start(&house_stage.scene.c, app, &options, &app->http));
	house_server.port = http_server_port(app->http);
}

static inline int house_close(void **state)
{
	struct app *app = &house_stage.scene.app;
	(void)state;
	http_server_stop(app->http);
	pool_drop(app->pool);
	app->pool = NULL;
	app->http = NULL;
	stage_close(&house_stage);
	return 0;
}

#endif
