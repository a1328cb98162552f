/*
 * Builds the process in order and tears it down in reverse: settings, log, signing key, database,
 * pool, migrations, services, modules, and the server. Every command starts as much of it as it
 * needs. Prints nothing: what is wrong is reported.
 */
#ifndef CROFT_APP_BOOT_H
#define CROFT_APP_BOOT_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/app.h"

struct boot;
struct service_given;

enum boot_level {
	/* Settings and log; for a server also its address. */
	BOOT_CONFIG,
	/* That, the signing key, an open database and the pool. */
	BOOT_DATABASE,
	/* That, migrations as the settings say, and tables that are as the models are. */
	BOOT_READY,
	/* That, and the services of all modules; a server has the ticker, too. */
	BOOT_SERVICES,
	/*
	 * That, and the start hooks of all modules, which make the first superuser among others; a
	 * server answers.
	 */
	BOOT_SERVING,
};

/* How it went. What is wrong was reported. */
enum boot_result {
	BOOT_OK = 0,
	/* It was tried and did not work. */
	BOOT_FAILED,
	/* The settings are wrong, or files are open to others, and nothing was done. */
	BOOT_REFUSED,
};

/* Who is told what is wrong, on the thread that called. */
struct boot_report {
	/* One line; of what is only unwise it begins with "warning: ". */
	void (*fault)(const char *line);
	/* What `c` recorded about `err`. */
	void (*failure)(const struct ctx *c, enum app_err err);
};

struct boot_args {
	/* Lives as long as what is booted. */
	const struct boot_report *report;
	const char *config_path;
	bool config_required;
	const char *env_path;
	bool env_required;
	/* NULL-terminated "section.key=value", or NULL. */
	const char *const *sets;
	/* Services in place of the modules' own; ends with a zero row, or NULL. */
	const struct service_given *given;
	/* Try again with growing pauses while the database cannot be reached. */
	bool patient;
	/* A server: it logs to log.file where that is set, and listens. */
	bool serves;
	/*
	 * Production demands the secrets that only a server needs, too, and a file of one that
	 * cannot be read is a fault. For `serve` and `config check`; other commands do without
	 * them.
	 */
	bool needs_all;
	/*
	 * Something may be signed: outside production a secret is made in the data directory when
	 * there is none. What is to be signed without one fails, and nothing else does.
	 */
	bool signs;
};

/* On failure nothing is left, and *ret_boot is untouched. */
enum boot_result boot_up(const struct boot_args *args, enum boot_level level,
			 struct boot **ret_boot) MUST_USE;
/* Stops in reverse what was started and closes everything. NULL is fine. */
void boot_down(struct boot *boot);

/* A context of the process itself; its actor is ACTOR_SYSTEM. */
struct ctx *boot_ctx(struct boot *boot);
struct app *boot_app(struct boot *boot);
/*
 * Why what is in the open database counts as in use, so that what may lose it wants --yes: a
 * clause such as "this is production", or that another croft process has it open. NULL: it is not.
 */
const char *boot_live_reason(struct boot *boot);
/*
 * What a server would refuse of its own settings and of the files and folders that they name.
 * Makes nothing.
 */
enum app_err boot_check(struct boot *boot) MUST_USE;
/*
 * The url of the database: the setting, or that of the file in the data directory. A server that
 * is up has forgotten it.
 */
const char *boot_database_url(struct boot *boot);
/*
 * When the database is an SQLite file and we are root: becomes the user whom it belongs to.
 * APP_INVALID when a link of somebody else's leads to it.
 */
enum app_err boot_become_owner(struct boot *boot) MUST_USE;
/* That refusal alone, of any url. */
enum app_err boot_links_check(struct boot *boot, const char *url) MUST_USE;

#endif
