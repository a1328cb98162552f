/* Which database the process opens, how, and what is done to it before anyone else may use it. */
#include "core/db.h"

#include <assert.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "core/config.h"
#include "core/log.h"
#include "core/migrate.h"
#include "core/module.h"
#include "internal.h"

const char *boot_database_url(struct boot *boot)
{
	assert(!boot->urls_forgotten && "an empty setting would be taken for the preset");
	const struct db_options *options = config_group(boot->app.config, &db_option_group);
	if (*options->url)
		return options->url;
	return arena_printf(&boot->arena, "sqlite:%s/" APP_NAME ".db", boot->app.options->data_dir);
}

struct db_options boot_database_options(struct boot *boot)
{
	struct db_options options = *(const struct db_options *)config_group(boot->app.config,
									     &db_option_group);
	options.url = boot_database_url(boot);
	return options;
}

enum app_err boot_become_owner(struct boot *boot)
{
	return owner_become(&boot->c, boot_database_url(boot));
}

static enum app_err database_reach(struct boot *boot)
{
	struct ctx *c = &boot->c;
	enum app_err err = boot->app.db ? APP_OK : db_open(c, &boot->database, &boot->app.db);
	return err ? err : db_reach(c);
}

enum app_err boot_links_check(struct boot *boot, const char *url)
{
	return owner_links_check(&boot->c, url);
}

enum boot_result boot_owner_start(struct boot *boot)
{
	return boot_outcome(boot, boot_become_owner(boot));
}

enum boot_result boot_database_start(struct boot *boot)
{
	struct db_options *options = &boot->database;
	*options = boot_database_options(boot);
	if (!boot->args.serves)
		options->application_name = arena_printf(&boot->arena, "%s" DB_COMMAND_SUFFIX,
							 options->application_name);
	return boot_outcome(boot, prestart_patiently(boot, database_reach));
}

void boot_database_stop(struct boot *boot)
{
	if (boot->app.db)
		db_close(boot->app.db);
}

/*
 * Safe to run again, even when nobody knows whether the last commit was made: each migration is
 * one write with the line that says it is applied, and each turn looks first which lines there
 * are.
 */
static enum app_err migrate(struct boot *boot)
{
	struct ctx *c = &boot->c;
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
		return ctx_fail(c, APP_CONFLICT,
				"%lld migrations are pending: run `" APP_NAME " migrate up`, or "
				"set database.migrate = always",
				(long long)number);
	err = migrate_up(c, list, count, &number);
	if (!err)
		log_info(c, "migrations applied", LOG_INT("count", number));
	return err;
}

enum boot_result boot_migrate(struct boot *boot)
{
	return boot_outcome(boot, prestart_patiently(boot, migrate));
}

/* Asks the primary: a replica may be behind the migrations. */
static enum app_err tables_check(struct boot *boot)
{
	struct ctx *c = &boot->c;
	const struct arena_mark mark = arena_mark(c->arena);
	c->reads_primary = true;
	enum app_err err = modules_check_tables(c, boot->app.modules);
	c->reads_primary = false;
	if (!err)
		arena_rewind(c->arena, mark);
	return err;
}

enum boot_result boot_tables_check(struct boot *boot)
{
	return boot_outcome(boot, prestart_patiently(boot, tables_check));
}

enum boot_result boot_forget_urls(struct boot *boot)
{
	if (db_place_of(boot_database_url(boot), NULL) != DB_PLACE_SERVER)
		return BOOT_OK;
	boot->urls_forgotten = true;
	config_forget(boot->app.config, &db_option_group, "url");
	config_forget(boot->app.config, &db_option_group, "replica_url");
	return BOOT_OK;
}
