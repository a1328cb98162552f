/*
 * What stands between the settings and the database: the signing key and the pool of threads; and
 * the modules above it.
 */
#include "base/arena.h"
#include "core/config.h"
#include "core/http.h"
#include "core/module.h"
#include "core/pool.h"
#include "core/security.h"
#include "internal.h"

enum {
	WORK_WAITING_MAX = 4096,
	/*
	 * Who asks whether the server is ready: one that hangs does not keep the next from being
	 * told so.
	 */
	VITAL_RUNNING = 2,
	VITAL_WAITING = 64,
	VITAL_WAITING_EACH = 8, /* anyone may ask, and shall not keep a load balancer from it */
};

/* ---- the signing key ---- */

static enum app_err security_open(struct boot *boot)
{
	struct ctx *c = &boot->c;
	struct app *app = &boot->app;
	const struct security_options *options = config_group(app->config, &security_option_group);
	const struct arena_mark mark = arena_mark(c->arena);
	if (boot->args.signs && secret_is_generated(app)) {
		const char *secret, *path;
		enum app_err err = secret_from_data_dir(c, app->options->data_dir, &secret, &path);
		if (err)
			return err;
		config_set_generated(app->config, &security_option_group, "secret", secret, path);
	}
	enum app_err err = security_new(c, options, &app->security);
	if (err)
		return err;
	config_forget(app->config, &security_option_group, "secret");
	arena_rewind(c->arena, mark);
	return APP_OK;
}

enum boot_result boot_security_start(struct boot *boot)
{
	return boot_outcome(boot, security_open(boot));
}

void boot_security_stop(struct boot *boot)
{
	if (boot->app.security)
		security_drop(boot->app.security);
}

/* ---- the pool ---- */

static struct pool_options pool_options(const struct app *app)
{
	const struct http_options *http = config_group(app->config, &http_option_group);
	const struct security_options *security = config_group(app->config, &security_option_group);
	struct pool_options options = { .running[POOL_WORK] = http->workers };
	options.running[POOL_HASH] = security->hash_running;
	options.waiting[POOL_HASH] = security->hash_waiting;
	options.waiting_each[POOL_HASH] = (security->hash_waiting + 1) / 2;
	options.waiting[POOL_WORK] = WORK_WAITING_MAX;
	options.running[POOL_VITAL] = VITAL_RUNNING;
	options.waiting[POOL_VITAL] = VITAL_WAITING;
	options.waiting_each[POOL_VITAL] = VITAL_WAITING_EACH;
	options.running[POOL_READ] = http->long_reads;
	options.waiting[POOL_READ] = http->long_reads_waiting;
	options.waiting_each[POOL_READ] = http->long_reads_waiting_each;
	return options;
}

enum boot_result boot_pool_start(struct boot *boot)
{
	const struct pool_options options = pool_options(&boot->app);
	boot->app.pool = pool_new(&options);
	if (boot->app.pool)
		return BOOT_OK;
	return boot_outcome(boot,
			    ctx_fail(&boot->c, APP_UNAVAILABLE, "Cannot start %lld worker threads",
				     (long long)options.running[POOL_WORK]));
}

void boot_pool_stop(struct boot *boot)
{
	pool_drop(boot->app.pool);
}

/* ---- the modules ---- */

static enum app_err start_modules(struct boot *boot)
{
	return modules_start(&boot->c, boot->app.modules, &boot->modules);
}

enum boot_result boot_modules_start(struct boot *boot)
{
	return boot_outcome(boot, prestart_patiently(boot, start_modules));
}

void boot_modules_stop(struct boot *boot)
{
	modules_stop(&boot->c, boot->app.modules, &boot->modules);
}
