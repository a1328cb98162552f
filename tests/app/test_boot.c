/* What a module finds when a server starts and stops. The modules of this program are its own. */
#include "app/boot.h"

#include <stdatomic.h>

#include "app/modules.h"
#include "core/config.h"
#include "core/db.h"
#include "core/http.h"
#include "core/log.h"
#include "core/module.h"
#include "core/openapi.h"
#include "core/security.h"
#include "core/ticker.h"
#include "testing/await.h"
#include "testing/rows.h"
#include "testing/scene.h"

#include "app/options.h"

/* ---- a module that has something done again and again ---- */

static struct tick *tick;
static atomic_int ticks;

static void on_tick(void *arg)
{
	atomic_fetch_add((atomic_int *)arg, 1);
}

static enum app_err ticking_start(struct ctx *c)
{
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
				       .start = ticking_start,
				       .stop = ticking_stop };
const struct module *const app_modules[] = { &ticking, NULL };

const struct option_group *const *app_option_groups(void)
{
	static const struct option_group *const groups[] = { &app_option_group,
							     &http_option_group,
							     &db_option_group,
							     &security_option_group,
							     &log_option_group,
							     &openapi_option_group,
							     NULL };
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

static void a_module_may_use_the_ticker(void **state)
{
	(void)state;
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
					.serves = true,
					.signs = true };
	assert_int_equal(boot_up(&args, BOOT_SERVING, &boot), BOOT_OK);
	AWAIT(atomic_load(&ticks) > 1);
	boot_down(boot);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a module may use the ticker from its start to its stop",
		    a_module_may_use_the_ticker),
	};
	return rows_run("app/boot", rows, COUNT_OF(rows));
}
