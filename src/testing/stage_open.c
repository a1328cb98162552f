/*
 * The beginning and the end of a stage: its settings, its database, its accounts; and a row that is
 * one call between them.
 */
#include "testing/stage.h"

#include <string.h>

#include "app/modules.h"
#include "base/arena.h"
#include "core/config.h"
#include "core/db.h"
#include "core/http.h"
#include "core/module.h"
#include "core/security.h"
#include "core/service.h"
#include "modules/users.h"
#include "testing/json.h"
#include "testing/store.h"

enum { OWN_SETS = 10, SETS_MOST = 24 };

/*
 * Those that `sets` leaves open: hashing is cheap, and a machine that is slow meets no limit on
 * time.
 */
static void settings_load(struct stage *s, const char *const *sets)
{
	struct ctx *c = &s->scene.c;
	const char *all[SETS_MOST + 1] = {
		"auth.secret=0123456789abcdef0123456789abcdef",
		"auth.hash_memory_kib=8192",
		"auth.hash_passes=1",
		"database.busy_ms=5m",
		"database.query_ms=5m",
		"database.write_ms=5m",
		"database.acquire_ms=5m",
		"database.lock_ms=5m",
		"database.connect_ms=5m",
		arena_printf(c->arena, "database.url=%s", store_url(&s->scene, "test.db")),
	};
	for (size_t i = OWN_SETS; sets && *sets; i++) {
		assert_true(i < SETS_MOST);
		all[i] = *sets++;
	}
	AUTO(buf) faults = { 0 };
	const struct config_sources sources = { .sets = all };
	if (config_load(c, app_option_groups(), &sources, &faults, &s->scene.app.config))
		fail_msg("%s", buf_text(&faults));
}

void stage_open_empty(struct stage *s, const char *const *sets)
{
	memset(s, 0, sizeof(*s));
	scene_open(&s->scene);
	struct ctx *c = &s->scene.c;
	struct app *app = &s->scene.app;
	s->options = (struct app_options){ .name = "croft",
					   .environment = ENV_LOCAL,
					   .data_dir = s->scene.folder,
					   .base_url = "https://app.example.com" };
	app->options = &s->options;
	app->modules = app_modules;
	app->keeps_audit = modules_keep_audit(app_modules);
	modules_number_permissions(app_modules);
	app->authenticator = modules_authenticator(app_modules);
	frozen_clock_set(&s->clock, STAGE_TIME);
	c->clock = &s->clock.clock;
	settings_load(s, sets);
	stage_ok(s, security_new(c, config_group(app->config, &security_option_group),
				 &app->security));
	stage_ok(s, db_open(c, config_group(app->config, &db_option_group), &app->db));
	stage_migrate_up(s);
}

void stage_open(struct stage *s)
{
	stage_open_with(s, NULL);
}

void stage_open_with(struct stage *s, const char *const *sets)
{
	stage_open_empty(s, sets);
	stage_call_ok(s, AS_SYSTEM, &users_create,
		      "{'username':'root','email':'root@example.com',"
		      "'password':'" ROOT_PASSWORD "','is_superuser':true}");
	stage_call_ok(s, AS_SYSTEM, &users_create,
		      "{'username':'Ada','email':'Ada@Example.com',"
		      "'full_name':'Ada King','password':'" ADA_PASSWORD "'}");
	/* random otherwise; so that a row can name it */
	stage_exec(s, "UPDATE users SET token_version = 1");
}

void stage_open_three(struct stage *s)
{
	stage_open(s);
	stage_account(s, "bob");
}

int64_t stage_account(struct stage *s, const char *username)
{
	const char *json = arena_printf(
		s->scene.c.arena, "{'username':'%s','email':'%s@example.com'}", username, username);
	stage_call_ok(s, AS_SYSTEM, &users_create, json);
	return json_int(buf_text(&s->out), "id");
}

void stage_start_services(struct stage *s, const struct service_given *given)
{
	struct ctx *c = &s->scene.c;
	c->app->services = services_new(given);
	stage_ok(s, modules_add_services(c, app_modules, c->app->services));
	stage_ok(s, services_start(c, c->app->services));
}

void stage_close(struct stage *s)
{
	struct services *services = s->scene.app.services;
	if (services)
		services_stop(&s->scene.c, services);
	services_drop(services);
	db_close(s->scene.app.db);
	security_drop(s->scene.app.security);
	config_drop(s->scene.app.config);
	scene_close(&s->scene);
}

void stage_answers(void **state)
{
	struct stage s;
	stage_open(&s);
	stage_expect(&s, *state);
	stage_close(&s);
}
