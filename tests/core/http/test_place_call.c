/* threaded */
/*
 * Operations of modules that go on elsewhere: what they take there is not taken out of the event
 * loop's budget. The server runs in this process, with a module made for it.
 */
#include "core/http.h"
#include "core/model.h"
#include "core/module.h"
#include "core/pool.h"
#include "testing/client.h"
#include "testing/stage.h"

enum { WORK_US = 100000, ROUNDS = 3 };

/* Uses the thread's time, then reads: the moment at which a budget would be looked at. */
static enum app_err work_and_read(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	(void)in, (void)ret;
	int64_t until_us = clock_system.thread_us(&clock_system) + WORK_US, users;
	while (clock_system.thread_us(&clock_system) < until_us)
		;
	return model_int(c, "SELECT count(*) FROM users", BIND(), &users);
}

OPERATION_FN(work_and_read, struct nothing, struct nothing)

static enum app_err prepare_work(struct ctx *c, struct nothing *in, struct nothing *ret)
{
	return work_and_read(c, in, ret);
}

PREPARE_FN(prepare_work, struct nothing, struct nothing)

static const struct operation waits = {
	.name = "away.wait",
	.summary = "Wait for another system",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.blocks = true,
	RUN(work_and_read),
};

static const struct operation prepares = {
	.name = "away.prepare",
	.summary = "Do something first",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	PREPARE(prepare_work),
	.prepare_lane = POOL_HASH,
	RUN(work_and_read),
};

static const struct route routes[] = {
	{ GET, "/waits", &waits, .status = 204 },
	{ GET, "/prepares", &prepares, .status = 204 },
	{ 0 },
};

static const struct module away = { "away", "Goes on elsewhere.", .routes = routes };

static void is_under_no_budget_of_the_loop(void **state)
{
	struct stage s;
	stage_open_empty(&s, (const char *const[]){ "server.threads=1", NULL });
	struct ctx *c = &s.scene.c;
	struct app *app = &s.scene.app;
	app->modules = (const struct module *const[]){ &away, NULL };
	app->pool = pool_new(&(struct pool_options){ .waiting = { 1, 1, 1 } });
	struct http_options options = *(const struct http_options *)config_group(
		app->config, &http_option_group);
	options.host = "127.0.0.1";
	options.port = 0;
	stage_ok(&s, http_server_start(c, app, &options, &app->http));

	const struct server server = { .port = http_server_port(app->http) };
	for (int i = 0; i < ROUNDS; i++) {
		struct reply reply;
		client_call(&server, &(struct request){ .method = "GET", .target = *state },
			    &reply);
		assert_int_equal(reply.status, 204);
		reply_done(&reply);
	}

	http_server_stop(app->http);
	pool_drop(app->pool);
	app->pool = NULL;
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("a query that waits elsewhere", is_under_no_budget_of_the_loop,
		       "/api/v1/waits"),
		ROW_OF("a query that is prepared", is_under_no_budget_of_the_loop,
		       "/api/v1/prepares"),
	};
	return rows_run("core/http/place call", rows, COUNT_OF(rows));
}
