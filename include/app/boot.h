/*
 * Builds the process in order and tears it down in reverse: settings, log, signing key, pool, database, migrations,
 * modules. Every command starts as much of it as it needs.
 */
#ifndef CROFT_APP_BOOT_H
#define CROFT_APP_BOOT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "base/exposure.h"
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
	bool env_required;
	const char *const *sets; /* NULL-terminated "section.key=value", or NULL */
	bool patient; /* try again with growing pauses while the database cannot be reached */
	bool serves;  /* a server: standard error is its log */
	/*
	 * Production demands the secrets that only a server needs, too, and a file of one that cannot be read is a fault. For
	 * `serve` and `config check`; other commands do without them.
	 */
	bool needs_all;
	/*
	 * Something may be signed: outside production a secret is made in the data directory when there is none. What
	 * is to be signed without one fails, and nothing else does.
	 */
	bool signs;
};

/* Returns 0, or the exit code after printing what is wrong to stderr: 3 for settings, 1 for the rest. */
int boot_up(const struct boot_args *args, enum boot_level level, struct boot **ret_boot) MUST_USE;
/* Goes on from BOOT_CONFIG to a higher level, once. On failure what is there stays for boot_down(). */
int boot_raise(struct boot *boot, const struct boot_args *args, enum boot_level level) MUST_USE;
/* Stops the modules in reverse, closes everything. NULL is fine. */
void boot_down(struct boot *boot);

/* A context of the process itself; its actor is ACTOR_SYSTEM. */
struct ctx *boot_ctx(struct boot *boot);
struct app *boot_app(struct boot *boot);
/*
 * Whether what is in the open database is in use: it is production's, or another croft process has the file open. Then
 * what may lose it wants --yes. *ret_why is a clause such as "this is production"; NULL: it is not.
 */
void boot_is_live(struct boot *boot, const char **ret_why);
/* What the server would refuse of the files and folders that the settings name. Makes nothing. */
enum app_err boot_check(struct boot *boot) MUST_USE;
/* The url of the database: the setting, or that of the file in the data directory. */
const char *boot_database_url(struct boot *boot);

/* prestart.c: folders, clock and database, each with a clear word about what is wrong. */
struct db_options;
/* Without `make` a folder that is missing is only asked whether it could be made. */
enum app_err prestart_data_dir(struct ctx *c, const char *data_dir, bool make) MUST_USE;
/* Whether the files of an SQLite database can be written, or made. Makes nothing. */
enum app_err prestart_files(struct ctx *c, const struct db_options *options) MUST_USE;
enum app_err prestart_clock(struct ctx *c) MUST_USE;
/* Runs a step that is safe to run again; when patient, again with growing pauses while it is APP_UNAVAILABLE. */
enum app_err prestart_patiently(struct ctx *c, enum app_err (*step)(struct ctx *c, void *arg),
				void *arg, bool patient) MUST_USE;
enum app_err prestart_database(struct ctx *c, const struct db_options *options,
			       bool patient) MUST_USE;

/* owner.c: root becomes the user whom the SQLite file of the url belongs to. */
enum app_err owner_become(struct ctx *c, const char *url) MUST_USE;
/* That user; without an SQLite file, or folder for it, that of the data directory; root when there is none. */
uid_t owner_of_data(struct ctx *c, const char *url);

/*
 * exposure.c: whether others than its owner can read, or change, what holds secrets or data. In production each fault is
 * told and CLI_CONFIG returned; elsewhere it is a warning, in the log of a server, and 0. `url` is the database's: root may
 * work for its owner. boot_up() looks at the settings, boot_raise() at the data; others look at what they read besides.
 */
int exposure_check_settings(struct ctx *c, const char *url, bool in_log) MUST_USE;
int exposure_check_data(struct ctx *c, const char *url, bool in_log) MUST_USE;
int exposure_check_database(struct ctx *c, const char *url) MUST_USE; /* of another one */
int exposure_check_file(struct ctx *c, const char *url, const char *path,
			enum exposure_kind kind) MUST_USE;
/* Of a file that is to be made, and is nobody else's from its first moment: the folder it is to be in. */
int exposure_check_place(struct ctx *c, const char *url, const char *path) MUST_USE;
/* The file that a server's log is written to, if it is one: a warning everywhere. */
void exposure_check_log(struct ctx *c);

/*
 * secret.c: the signing secret that local and staging environments keep in the data directory, mode 0600. It is in the arena
 * of `c`, which is to be rewound.
 */
enum app_err secret_from_data_dir(struct ctx *c, const char *data_dir, const char **ret_secret,
				  const char **ret_path) MUST_USE;
/* Whether that could read one that is there; none is made. */
enum app_err secret_check(struct ctx *c, const char *data_dir) MUST_USE;

/* modules.c: both end with NULL */
extern const struct module *const app_modules[];
extern const struct option_group *const app_option_groups[];

#endif
