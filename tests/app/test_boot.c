/* What a module finds when a server starts and stops. The modules of this program are its own. */
#include "app/boot.h"

#include <stdatomic.h>

#include "app/modules.h"
#include "core/config.h"
#include "core/db.h"
#include "core/http.h"
#include "core/idempotency.h"
#include "core/log.h"
#include "core/module.h"
#include "core/openapi.h"
#include "core/security.h"
#include "core/service.h"
#include "core/ticker.h"
#include "testing/await.h"
#include "testing/rows.h"
#include "testing/scene.h"

#include "app/options.h"

/* ---- a service ---- */

struct kettle {
	bool is_hot;
};
SERVICE_DECLARE(kettle);

static atomic_int kettles;

static enum app_err start_kettle(struct ctx *c, struct kettle *kettle)
{
	(void)c;
	atomic_fetch_add(&kettles, 1);
	kettle->is_hot = true;
	return APP_OK;
}

static void stop_kettle(struct ctx *c, struct kettle *kettle)
{
	(void)c, (void)kettle;
	atomic_fetch_sub(&kettles, 1);
}

SERVICE(kettle, start_kettle, stop_kettle);

static const struct service *const services[] = SERVICES(&kettle_service);

/* ---- a module that has something done again and again ---- */

static struct tick *tick;
static atomic_int ticks;

static void on_tick(void *arg)
{
	atomic_fetch_add((atomic_int *)arg, 1);
}

/* Whether the service was there for the start hook. */
static struct kettle *found;

static enum app_err ticking_start(struct ctx *c)
{
	enum app_err err = kettle_get(c, &found);
	if (err)
		return err;
	tick = ticker_add(c->app->ticker, 1, on_tick, &ticks);
	return APP_OK;
}

static void ticking_stop(struct ctx *c)
{
	(void)c;
	ticker_remove(tick);
}

static const struct module ticking = { .name = "ticking",
				       .doc = "Does something again and again.",
				       .services = services,
				       .start = ticking_start,
				       .stop = ticking_stop };
const struct module *const app_modules[] = { &ticking, NULL };

const struct option_group *const *app_option_groups(void)
{
	static const struct option_group *const groups[] = {
		&app_option_group,     &http_option_group,        &http_limits_option_group,
		&db_option_group,      &security_option_group,    &log_option_group,
		&openapi_option_group, &idempotency_option_group, NULL
	};
	return groups;
}

/* ---- rows ---- */

static void show_fault(const char *line)
{
	fail_msg("%s", line);
}

static void show_failure(const struct ctx *c, enum app_err err)
{
	fail_msg("%s", ctx_failure_text(c, err));
}

/* A server of the modules, up to `use`, and down again. */
static void with_server(const struct service_given *given, void (*use)(void))
{
	static const struct boot_report report = { show_fault, show_failure };
	struct scene scene;
	struct boot *boot = NULL;
	scene_open(&scene);
	const char *data = arena_printf(&scene.arena, "app.data_dir=%s", scene.folder);
	const char *const sets[] = { "server.port=0", "log.level=error", "app.environment=local",
				     data, NULL };
	const struct boot_args args = { .report = &report,
					.config_path = "/dev/null",
					.env_path = "/dev/null",
					.sets = sets,
					.given = given,
					.serves = true,
					.signs = true };
	assert_int_equal(boot_up(&args, BOOT_SERVING, &boot), BOOT_OK);
	use();
	boot_down(boot);
	scene_close(&scene);
}

static void await_ticks(void)
{
	AWAIT(atomic_load(&ticks) > 1);
}

static void a_module_may_use_the_ticker(void **state)
{
	(void)state;
	with_server(NULL, await_ticks);
}

static void find_the_services_own(void)
{
	assert_int_equal(atomic_load(&kettles), 1);
	assert_true(found->is_hot);
}

static void a_start_hook_finds_the_services(void **state)
{
	(void)state;
	with_server(NULL, find_the_services_own);
	assert_int_equal(atomic_load(&kettles), 0);
}

static struct kettle cold;

static void find_what_was_given(void)
{
	assert_int_equal(atomic_load(&kettles), 0);
	assert_ptr_equal(found, &cold);
}

static void a_test_may_give_one_in_its_place(void **state)
{
	(void)state;
	with_server((const struct service_given[]){ GIVEN(kettle, &cold), { 0 } },
		    find_what_was_given);
	assert_int_equal(atomic_load(&kettles), 0);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a module may use the ticker from its start to its stop",
		    a_module_may_use_the_ticker),
		ROW("its start hook finds the services", a_start_hook_finds_the_services),
		ROW("a test may give one in their place", a_test_may_give_one_in_its_place),
	};
	return rows_run("app/boot", rows, COUNT_OF(rows));
}
