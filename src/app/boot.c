/*
 * The process as a table of parts, walked down to start and back up to stop. What a part does is
 * told by the files that internal.h names.
 */
#include "app/boot.h"

#include <stdlib.h>

#include "app/modules.h"
#include "base/app_name.h"
#include "base/mem.h"
#include "core/db.h"
#include "core/log.h"
#include "core/module.h"
#include "internal.h"

enum who { EVERYONE, SERVER, COMMANDS };

struct part {
	const char *name;
	enum boot_level level;
	enum who who;
	enum boot_result (*start)(struct boot *boot);
	/* or NULL */
	void (*stop)(struct boot *boot);
};

/* Whatever can be wrong with a server itself is told before anything is made in the database. */
/* clang-format off */
static const struct part parts[] = {
	{ "settings",        BOOT_CONFIG,   EVERYONE, boot_settings_start,     boot_settings_stop },
	{ "log",             BOOT_CONFIG,   EVERYONE, boot_log_start,          boot_log_stop },
	{ "settings' files", BOOT_CONFIG,   EVERYONE, exposure_check_settings, NULL },
	{ "log file",        BOOT_CONFIG,   SERVER,   exposure_check_log,      NULL },
	{ "server check",    BOOT_CONFIG,   SERVER,   boot_server_check,       NULL },
	{ "listener",        BOOT_CONFIG,   SERVER,   boot_listener_start,     NULL },
	{ "data's files",    BOOT_DATABASE, EVERYONE, exposure_check_data,     NULL },
	{ "clock",           BOOT_DATABASE, EVERYONE, boot_clock_check,        NULL },
	/* before anything is made; what a server has to do with it is in its check */
	{ "owner",           BOOT_DATABASE, COMMANDS, boot_owner_start,        NULL },
	{ "data directory",  BOOT_DATABASE, EVERYONE, boot_data_dir_make,      NULL },
	{ "signing key",     BOOT_DATABASE, EVERYONE, boot_security_start,     boot_security_stop },
	{ "database",        BOOT_DATABASE, EVERYONE, boot_database_start,     boot_database_stop },
	/* after the database, so that its threads are gone before that is closed */
	{ "pool",            BOOT_DATABASE, EVERYONE, boot_pool_start,         boot_pool_stop },
	{ "migrations",      BOOT_READY,    EVERYONE, boot_migrate,            NULL },
	{ "tables",          BOOT_READY,    EVERYONE, boot_tables_check,       NULL },
	/* before the modules, which may have something done again and again */
	{ "ticker",          BOOT_SERVICES, SERVER,   boot_ticker_start,       boot_ticker_stop },
	{ "services",        BOOT_SERVICES, EVERYONE, boot_services_start,     boot_services_stop },
	{ "modules",         BOOT_SERVING,  EVERYONE, boot_modules_start,      boot_modules_stop },
	{ "passwords",       BOOT_SERVING,  EVERYONE, boot_forget_urls,        NULL },
	{ "search keeper",   BOOT_SERVING,  SERVER,   boot_keeper_start,       boot_keeper_stop },
	{ "kept answers",    BOOT_SERVING,  SERVER,   boot_answers_start,      boot_answers_stop },
	{ "other processes", BOOT_SERVING,  SERVER,   boot_others_start,       boot_others_stop },
	{ "http",            BOOT_SERVING,  SERVER,   boot_http_start,         boot_http_stop },
};
/* clang-format on */

struct ctx *boot_ctx(struct boot *boot)
{
	return &boot->c;
}

struct app *boot_app(struct boot *boot)
{
	return &boot->app;
}

const char *boot_live_reason(struct boot *boot)
{
	if (boot->app.options->environment == ENV_PRODUCTION)
		return "this is production";
	if (db_is_shared(&boot->c))
		return "a server, or another " APP_NAME " process, has this database open";
	return NULL;
}

static bool has_part(const struct boot *boot, const struct part *part)
{
	return part->who == EVERYONE || (part->who == SERVER) == boot->args.serves;
}

static enum boot_result parts_start(struct boot *boot, enum boot_level level)
{
	while (boot->begun < COUNT_OF(parts) && parts[boot->begun].level <= level) {
		const struct part *part = &parts[boot->begun++];
		if (!has_part(boot, part))
			continue;
		enum boot_result result = part->start(boot);
		if (result)
			return result;
		log_debug(&boot->c, "started", LOG_TEXT("part", part->name));
	}
	return BOOT_OK;
}

static void parts_stop(struct boot *boot)
{
	while (boot->begun > 0) {
		const struct part *part = &parts[--boot->begun];
		if (has_part(boot, part) && part->stop)
			part->stop(boot);
	}
}

enum boot_result boot_up(const struct boot_args *args, enum boot_level level,
			 struct boot **ret_boot)
{
	struct boot *boot = mem_new(1, sizeof(*boot));
	boot->args = *args;
	arena_init(&boot->arena, 0);
	ctx_init(&boot->c, &boot->app, &boot->arena);
	boot->c.actor.kind = ACTOR_SYSTEM;
	boot->app.modules = app_modules;
	boot->app.keeps_audit = modules_keep_audit(app_modules);
	boot->app.authenticator = modules_authenticator(app_modules);
	enum boot_result result = parts_start(boot, level);
	if (result)
		boot_down(boot);
	else
		*ret_boot = boot;
	return result;
}

void boot_down(struct boot *boot)
{
	if (!boot)
		return;
	parts_stop(boot);
	arena_done(&boot->arena);
	free(boot);
}
