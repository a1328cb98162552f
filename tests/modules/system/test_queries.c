/* What the server says about itself. */
#include "core/http.h"

#include <string.h>

#include "core/pool.h"
#include "modules/system/internal.h"
#include "testing/json.h"
#include "testing/stage.h"

static enum app_err pass(struct ctx *c)
{
	(void)c;
	return APP_OK;
}

static enum app_err fail_publicly(struct ctx *c)
{
	return ctx_fail(c, APP_UNAVAILABLE, "the mail server does not answer");
}

static enum app_err fail_privately(struct ctx *c)
{
	return ctx_fail_cause(c, APP_INTERNAL, "password of the mail server is wrong");
}

static int counted;

static enum app_err count(struct ctx *c)
{
	counted++;
	return ctx_fail(c, APP_UNAVAILABLE, "check %d", counted);
}

static const struct module counting = {
	.name = "counting",
	.checks = (const struct health_check[]){ { "count", count }, { 0 } },
};
static const struct module plain = { .name = "plain" };
static const struct module healthy = {
	.name = "healthy",
	.checks = (const struct health_check[]){ { "disk", pass }, { "cache", pass }, { 0 } },
};
static const struct module sick = {
	.name = "sick",
	.checks = (const struct health_check[]){ { "mail", fail_publicly },
						 { "secrets", fail_privately },
						 { "queue", pass },
						 { 0 } },
};

#define DATABASE_OK "{'name':'database','ok':true,'detail':null}"

struct system_case {
	const struct module *const *modules;
	const struct operation *op;
	const char *answer;
	enum app_environment environment;
	int status;
};

static int status_of(const struct operation *op, const void *out)
{
	for (const struct route *route = system_routes; !route_is_end(route); route++) {
		if (route->op == op)
			return route->status_of ? route->status_of(out) : 200;
	}
	return 0;
}

static void answers(void **state)
{
	const struct system_case *want = *state;
	struct stage s;
	stage_open_empty(&s, NULL);
	s.scene.app.modules = want->modules;
	s.options.environment = want->environment;
	struct ctx *c = &s.scene.c;
	void *out = op_out_new(c, want->op);
	stage_ok(&s, want->op->run(c, NULL, out));
	buf_init(&s.out, c->arena);
	schema_render(want->op->out, out, &s.out);
	assert_json_equal(buf_text(&s.out), want->answer);
	assert_int_equal(status_of(want->op, out), want->status);
	assert_int_equal(c->failure.err, APP_OK);
	stage_close(&s);
}

/* Asks anew, as somebody who began to at that time. */
static const char *ready_asked_at(struct stage *s, int64_t asked_us)
{
	struct ctx *c = &s->scene.c;
	c->asked_us = asked_us;
	void *out = op_out_new(c, &system_ready);
	stage_ok(s, system_ready.run(c, NULL, out));
	buf_init(&s->out, c->arena);
	schema_render(system_ready.out, out, &s->out);
	return buf_text(&s->out);
}

static void sharing_open(struct stage *s, const struct module *const *modules)
{
	stage_open_empty(s, NULL);
	s->scene.app.modules = modules;
	stage_ok(s, system_module.start(&s->scene.c));
	counted = 0;
}

static void sharing_close(struct stage *s)
{
	system_module.stop(&s->scene.c);
	stage_close(s);
}

static void who_asked_before_a_check_shares_it(void **state)
{
	(void)state;
	struct stage s;
	sharing_open(&s, (const struct module *const[]){ &counting, NULL });
	int64_t asked = ++s.clock.us;
	assert_json_has(ready_asked_at(&s, asked), "check 1");
	assert_json_has(ready_asked_at(&s, asked), "check 1");
	asked = ++s.clock.us;
	assert_json_has(ready_asked_at(&s, asked), "check 2");
	assert_json_has(ready_asked_at(&s, 0), "check 3");
	assert_json_has(ready_asked_at(&s, asked), "check 2");
	assert_int_equal(counted, 3);
	sharing_close(&s);
}

static void what_a_late_one_found_is_its_own(void **state)
{
	(void)state;
	struct stage s;
	sharing_open(&s, (const struct module *const[]){ &counting, NULL });
	int64_t asked = s.clock.us++;
	s.scene.c.deadline_us = s.clock.us;
	assert_json_has(ready_asked_at(&s, asked), "check 1");
	s.scene.c.deadline_us = s.clock.us + 1;
	assert_json_has(ready_asked_at(&s, asked), "check 2");
	assert_json_has(ready_asked_at(&s, asked), "check 2");
	assert_int_equal(counted, 2);
	sharing_close(&s);
}

static struct stage *overtaken;

/* The first of them takes so long that another one is asked for, begins and ends meanwhile. */
static enum app_err count_overtaken(struct ctx *c)
{
	if (counted == 0) {
		counted++;
		int64_t asked = ++overtaken->clock.us;
		overtaken->clock.us++;
		assert_json_has(ready_asked_at(overtaken, asked), "check 2");
		return ctx_fail(c, APP_UNAVAILABLE, "check 1");
	}
	return count(c);
}

static const struct module slow = {
	.name = "slow",
	.checks = (const struct health_check[]){ { "slow", count_overtaken }, { 0 } },
};

static void an_older_check_replaces_no_newer_one(void **state)
{
	(void)state;
	struct stage s;
	overtaken = &s;
	sharing_open(&s, (const struct module *const[]){ &slow, NULL });
	int64_t asked = s.clock.us;
	assert_json_has(ready_asked_at(&s, asked), "check 1");
	assert_json_has(ready_asked_at(&s, asked + 1), "check 2");
	assert_int_equal(counted, 2);
	sharing_close(&s);
}

static void nothing_is_shared_beyond_a_stop(void **state)
{
	(void)state;
	struct stage s;
	sharing_open(&s, (const struct module *const[]){ &counting, NULL });
	int64_t asked = s.clock.us;
	assert_json_has(ready_asked_at(&s, asked), "check 1");
	system_module.stop(&s.scene.c);
	assert_json_has(ready_asked_at(&s, asked), "check 2");
	assert_json_has(ready_asked_at(&s, asked), "check 3");
	stage_ok(&s, system_module.start(&s.scene.c));
	assert_json_has(ready_asked_at(&s, asked), "check 4");
	sharing_close(&s);
}

static const char *info_of(struct stage *s, const char *environment)
{
	return arena_printf(&s->scene.arena,
			    "{'app':'croft','environment':'%s','env':'%s','version':'%s'}",
			    environment, environment, app_version);
}

static void names_the_server(void **state)
{
	(void)state;
	static const char *const names[] = { "local", "testing", "staging", "production" };
	struct stage s;
	stage_open_empty(&s, NULL);
	for (int64_t i = 0; i < 4; i++) {
		s.options.environment = i;
		stage_expect(&s, &(struct stage_case){ AS_NOBODY, &system_info, "", APP_OK,
						       info_of(&s, names[i]) });
	}
	stage_expect(&s, &(struct stage_case){
				 AS_NOBODY, &system_version, "", APP_OK,
				 arena_printf(&s.scene.arena, "{'version':'%s'}", app_version) });
	stage_close(&s);
}

/* A real server on a free port, whose operator has asked it to stop. */
static void is_not_ready_while_draining(void **state)
{
	(void)state;
	struct stage s;
	stage_open_empty(&s, (const char *const[]){ "server.threads=1", NULL });
	struct ctx *c = &s.scene.c;
	struct app *app = &s.scene.app;
	app->modules = (const struct module *const[]){ &plain, NULL };
	app->pool = pool_new(&(struct pool_options){ .waiting = { 1, 1 } });
	struct http_options options = *(const struct http_options *)config_group(
		app->config, &http_option_group);
	options.host = "127.0.0.1";
	options.port = 0;
	stage_ok(&s, http_server_start(c, app, &options, &app->http));

	struct system_ready ready = { 0 };
	stage_ok(&s, system_ready.run(c, NULL, &ready));
	assert_string_equal(ready.status, "ready");
	http_server_drain(app->http);
	memset(&ready, 0, sizeof(ready));
	stage_ok(&s, system_ready.run(c, NULL, &ready));
	assert_string_equal(ready.status, "stopping");
	assert_int_equal(ready.checks.count, 0);
	assert_int_equal(status_of(&system_ready, &ready), 503);

	http_server_stop(app->http);
	pool_drop(app->pool);
	stage_close(&s);
}

#define MODULES(...) ((const struct module *const[]){ __VA_ARGS__, NULL })
#define ANSWERS(...) (&(struct system_case){ __VA_ARGS__ })

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("system.info and system.version name the server", names_the_server),
		ROW_OF("system.live says ok", answers,
		       ANSWERS(MODULES(&sick), &system_live, "{'status':'ok'}", .status = 200)),
		ROW_OF("system.ready looks at the database", answers,
		       ANSWERS(MODULES(&plain), &system_ready,
			       "{'status':'ready','checks':[" DATABASE_OK "]}", .status = 200)),
		ROW("who asked before a check began shares what it found",
		    who_asked_before_a_check_shares_it),
		ROW("who ran out of time shares with nobody what it found",
		    what_a_late_one_found_is_its_own),
		ROW("a check that began before another one and ends after it does not replace it",
		    an_older_check_replaces_no_newer_one),
		ROW("nothing that a check found outlives the stop of the server",
		    nothing_is_shared_beyond_a_stop),
		ROW_OF("system.ready looks at every module", answers,
		       ANSWERS(MODULES(&plain, &healthy), &system_ready,
			       "{'status':'ready','checks':[" DATABASE_OK
			       ",{'name':'disk','ok':true,'detail':null},{'name':'cache','ok':true,"
			       "'detail':null}]}",
			       .status = 200)),
		ROW_OF("system.ready tells what fails, but no private cause", answers,
		       ANSWERS(MODULES(&sick, &plain), &system_ready,
			       "{'status':'unavailable','checks':[" DATABASE_OK
			       ",{'name':'mail','ok':false,"
			       "'detail':'the mail server does not answer'},{'name':'secrets',"
			       "'ok':false,'detail':'Internal Server Error'},{'name':'queue',"
			       "'ok':true,'detail':null}]}",
			       .status = 503)),
		ROW("system.ready says stopping while the server drains",
		    is_not_ready_while_draining),
	};
	return rows_run("modules/system/queries", rows, COUNT_OF(rows));
}
