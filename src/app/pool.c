/* The pool of threads: how many each lane has, and how many tasks may wait there. */
#include "core/pool.h"

#include "core/config.h"
#include "core/http.h"
#include "core/security.h"
#include "internal.h"

enum {
	WORK_WAITING_MAX = 4096,
	/*
	 * Who asks whether the server is ready: one that hangs does not keep the next from being
	 * told so.
	 */
	VITAL_RUNNING = 2,
	VITAL_WAITING = 4096,     /* nearly all of them share one answer */
	VITAL_WAITING_EACH = 256, /* anyone may ask, and shall not keep a load balancer from it */
};

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
