/*
 * Builds the process in order and tears it down in reverse: settings, log, signing key, pool, database, migrations,
 * modules. Every command starts as much of it as it needs.
 */
#ifndef CROFT_APP_BOOT_H
#define CROFT_APP_BOOT_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/app.h"

struct option_group;

struct boot;

enum boot_level {
	BOOT_CONFIG,   /* settings and log */
	BOOT_DATABASE, /* and the signing key, the pool and an open database */
	BOOT_READY,    /* and migrations as the settings say */
	BOOT_SERVING, /* and the start hooks of all modules, which make the first superuser among others */
};

struct boot_args {
	const char *config_path;
	bool config_required;
	const char *env_path;
	const char *const *sets; /* NULL-terminated "section.key=value", or NULL */
	bool patient; /* try again with growing pauses while the database cannot be reached */
};

/* Returns 0, or the exit code after printing what is wrong to stderr: 3 for settings, 1 for the rest. */
int boot_up(const struct boot_args *args, enum boot_level level, struct boot **ret_boot) MUST_USE;
/* Stops the modules in reverse, closes everything. NULL is fine. */
void boot_down(struct boot *boot);

/* A context of the process itself; its actor is ACTOR_SYSTEM. */
struct ctx *boot_ctx(struct boot *boot);
struct app *boot_app(struct boot *boot);
/* The url of the database: the setting, or that of the file in the data directory. */
const char *boot_database_url(struct boot *boot);

/* prestart.c: folders, clock and database, each with a clear word about what is wrong. */
struct db_options;
enum app_err prestart_data_dir(struct ctx *c, const char *data_dir) MUST_USE;
enum app_err prestart_clock(struct ctx *c) MUST_USE;
enum app_err prestart_database(struct ctx *c, const struct db_options *options,
			       bool patient) MUST_USE;

/* secret.c: the signing secret that local and staging environments keep in the data directory, mode 0600. */
enum app_err secret_from_data_dir(struct ctx *c, const char *data_dir, const char **ret_secret,
				  const char **ret_path) MUST_USE;

/* modules.c: both end with NULL */
extern const struct module *const app_modules[];
extern const struct option_group *const app_option_groups[];

#endif
