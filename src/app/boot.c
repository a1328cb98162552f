/* Building and tearing down the process; see boot.h for the order. */
#include "app/boot.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/conceal.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/cli.h"
#include "core/config.h"
#include "core/db.h"
#include "core/http.h"
#include "core/log.h"
#include "core/migrate.h"
#include "core/module.h"
#include "core/pool.h"
#include "core/security.h"
#include "options.h"

enum {
	WORK_WAITING_MAX = 4096,
	/* Who asks whether the server is ready: one that hangs does not keep the next from being told so. */
	VITAL_RUNNING = 2,
	VITAL_WAITING = 64,
	VITAL_WAITING_EACH = 8, /* anyone may ask, and shall not keep a load balancer from it */
};

struct boot {
	struct arena arena;
	struct ctx c;
	struct app app;
	size_t started; /* modules whose start hook has run */
};

struct ctx *boot_ctx(struct boot *boot)
{
	return &boot->c;
}

struct app *boot_app(struct boot *boot)
{
	return &boot->app;
}

static void print_faults(struct buf *faults)
{
	buf_text(faults);
	char *rest = faults->data;
	for (char *line; (line = strsep(&rest, "\n"));)
		if (*line)
			cli_error("%s", line);
}

/* What only the server and those who sign need. */
static const char *const optional[] = { "auth.secret", "first_superuser.password", NULL };

static int boot_config(struct boot *boot, const struct boot_args *args)
{
	struct config_sources sources = {
		.optional = args->needs_all ? NULL : optional,
		.ini_path = args->config_path,
		.ini_required = args->config_required,
		.env_path = args->env_path,
		.env_required = args->env_required,
		.environ = environ,
		.sets = args->sets,
	};
	AUTO(buf) faults = { 0 };
	struct app *app = &boot->app;
	if (config_load(&boot->c, app_option_groups, &sources, &faults, &app->config)) {
		print_faults(&faults);
		return CLI_CONFIG;
	}
	config_sources_forget(app->config, &sources);
	app->options = config_group(app->config, &app_option_group);
	if (app->options->debuggable)
		conceal_end();
	else
		conceal_stay();
	app->log = log_new(config_group(app->config, &log_option_group), STDERR_FILENO);
	if (app->log)
		return CLI_OK;
	cli_error("cannot start the thread that writes the log");
	return CLI_FAILED;
}

static bool wants_generated_secret(const struct app *app)
{
	const struct security_options *options = config_group(app->config, &security_option_group);
	return !*options->secret && app->options->environment != ENV_PRODUCTION;
}

static enum app_err boot_security(struct boot *boot, const struct boot_args *args)
{
	struct ctx *c = &boot->c;
	struct app *app = &boot->app;
	const struct security_options *options = config_group(app->config, &security_option_group);
	const struct arena_mark mark = arena_mark(c->arena);
	if (args->signs && wants_generated_secret(app)) {
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

static enum app_err boot_pool(struct boot *boot)
{
	const struct http_options *http = config_group(boot->app.config, &http_option_group);
	const struct security_options *security = config_group(boot->app.config,
							       &security_option_group);
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
	boot->app.pool = pool_new(&options);
	if (!boot->app.pool)
		return app_fail(&boot->c, APP_UNAVAILABLE, "Cannot start %lld worker threads",
				(long long)http->workers);
	return APP_OK;
}

const char *boot_database_url(struct boot *boot)
{
	const struct db_options *options = config_group(boot->app.config, &db_option_group);
	if (*options->url)
		return options->url;
	return arena_printf(&boot->arena, "sqlite:%s/croft.db", boot->app.options->data_dir);
}

void boot_is_live(struct boot *boot, const char **ret_why)
{
	*ret_why = NULL;
	if (boot->app.options->environment == ENV_PRODUCTION)
		*ret_why = "this is production";
	else if (db_is_shared(&boot->c))
		*ret_why = "a server, or another croft process, has this database open";
}

/* As they are set, with the url that an empty one stands for. */
static struct db_options database_options(struct boot *boot)
{
	struct db_options options = *(const struct db_options *)config_group(boot->app.config,
									     &db_option_group);
	options.url = boot_database_url(boot);
	return options;
}

enum app_err boot_check(struct boot *boot)
{
	struct ctx *c = &boot->c;
	const struct db_options options = database_options(boot);
	enum app_err err = prestart_data_dir(c, boot->app.options->data_dir, false);
	if (!err)
		err = db_check(c, &options);
	if (!err)
		err = prestart_files(c, &options);
	if (!err && wants_generated_secret(&boot->app))
		err = secret_check(c, boot->app.options->data_dir);
	return err;
}

static enum app_err boot_database(struct boot *boot, const struct boot_args *args)
{
	struct db_options options = database_options(boot);
	if (!args->serves) {
		options.application_name = arena_printf(&boot->arena, "%s" DB_COMMAND_SUFFIX,
							options.application_name);
		enum app_err err = owner_become(&boot->c, options.url);
		if (err)
			return err;
	}
	return prestart_database(&boot->c, &options, args->patient);
}

static enum app_err boot_services(struct boot *boot, const struct boot_args *args)
{
	enum app_err err = prestart_clock(&boot->c);
	if (!err)
		err = prestart_data_dir(&boot->c, boot->app.options->data_dir, true);
	if (!err)
		err = boot_security(boot, args);
	if (!err)
		err = boot_pool(boot);
	if (!err)
		err = boot_database(boot, args);
	return err;
}

/*
 * Safe to run again, even when nobody knows whether the last commit was made: each migration is one write with the line
 * that says it is applied, and each turn looks first which lines there are.
 */
static enum app_err boot_migrate(struct ctx *c, void *arg)
{
	struct boot *boot = arg;
	const struct db_options *options = config_group(boot->app.config, &db_option_group);
	bool apply = options->migrate == 1 ||
		     (options->migrate == 0 && boot->app.options->environment != ENV_PRODUCTION);
	const struct migration *list;
	size_t count;
	int64_t number = 0;
	migrate_embedded(c, db_driver(boot->app.db), &list, &count);
	enum app_err err = migrate_pending(c, list, count, &number);
	if (err || !number)
		return err;
	if (!apply)
		return app_fail(c, APP_CONFLICT,
				"%lld migrations are pending: run `croft migrate up`, or set "
				"database.migrate = always",
				(long long)number);
	err = migrate_up(c, list, count, &number);
	if (!err)
		log_info(c, "migrations applied", LOG_INT("count", number));
	return err;
}

/* Goes on with the hook that failed. Hooks are safe to run again: they run at every start. */
static enum app_err boot_modules(struct ctx *c, void *arg)
{
	struct boot *boot = arg;
	for (; app_modules[boot->started]; boot->started++) {
		const struct module *module = app_modules[boot->started];
		const struct arena_mark mark = arena_mark(c->arena);
		enum app_err err = module->start ? module->start(c) : APP_OK;
		if (err)
			return err;
		arena_rewind(c->arena, mark);
	}
	return APP_OK;
}

/* A server opens no other database: the open one has what the URL says, password and all. */
static void boot_forget_urls(struct boot *boot)
{
	if (str_starts(boot_database_url(boot), "sqlite:"))
		return;
	config_forget(boot->app.config, &db_option_group, "url");
	config_forget(boot->app.config, &db_option_group, "replica_url");
}

int boot_raise(struct boot *boot, const struct boot_args *args, enum boot_level level)
{
	enum app_err err = APP_OK;
	if (level >= BOOT_DATABASE) {
		int code = exposure_check_data(&boot->c, boot_database_url(boot), args->serves);
		if (code)
			return code;
		err = boot_services(boot, args);
	}
	if (!err && level >= BOOT_READY)
		err = prestart_patiently(&boot->c, boot_migrate, boot, args->patient);
	if (!err && level >= BOOT_SERVING)
		err = prestart_patiently(&boot->c, boot_modules, boot, args->patient);
	if (!err && level >= BOOT_SERVING)
		boot_forget_urls(boot);
	return err ? cli_failure(&boot->c, err, "start") : CLI_OK;
}

int boot_up(const struct boot_args *args, enum boot_level level, struct boot **ret_boot)
{
	struct boot *boot = mem_new(1, sizeof(*boot));
	arena_init(&boot->arena, 0);
	ctx_init(&boot->c, &boot->app, &boot->arena);
	boot->c.actor.kind = ACTOR_SYSTEM;
	boot->app.modules = app_modules;

	int code = boot_config(boot, args);
	if (!code)
		code = exposure_check_settings(&boot->c, boot_database_url(boot), args->serves);
	if (!code)
		code = boot_raise(boot, args, level);
	if (code) {
		boot_down(boot);
		return code;
	}
	*ret_boot = boot;
	return CLI_OK;
}

void boot_down(struct boot *boot)
{
	if (!boot)
		return;
	struct app *app = &boot->app;
	while (boot->started > 0) {
		const struct module *module = app_modules[--boot->started];
		if (module->stop)
			module->stop(&boot->c);
	}
	pool_drop(app->pool);
	if (app->db)
		db_close(app->db);
	if (app->security)
		security_drop(app->security);
	if (app->log)
		log_drop(app->log);
	if (app->config)
		config_drop(app->config);
	arena_done(&boot->arena);
	free(boot);
}
