/* What the files of src/app share: the process that is being built, and the parts it is made of. */
#ifndef CROFT_SRC_APP_INTERNAL_H
#define CROFT_SRC_APP_INTERNAL_H

#include <sys/types.h>

#include "app/boot.h"
#include "app/exposure.h"
#include "base/arena.h"
#include "core/db.h"
#include "core/http.h"

struct db_search_keeper;
struct idempotency_keeper;

struct boot {
	struct arena arena;
	struct ctx c;
	struct app app;
	struct boot_args args;
	/* as it is opened */
	struct db_options database;
	/* of the database: nobody may ask the settings for them any more */
	bool urls_forgotten;
	/* of a server, with its listener */
	struct http_options http;
	struct db_search_keeper *keeper;
	struct idempotency_keeper *answers;
	/* parts of the table in boot.c */
	size_t begun;
	/* whose start hook has run */
	size_t modules;
};

/* outcome.c: reports a failure, if there is one. */
enum boot_result boot_outcome(struct boot *boot, enum app_err err) MUST_USE;

/*
 * The parts, in the order of boot.c's table. A stop undoes what its start has done, also when
 * that failed halfway.
 */

/* settings.c */
enum boot_result boot_settings_start(struct boot *boot) MUST_USE;
void boot_settings_stop(struct boot *boot);
enum boot_result boot_log_start(struct boot *boot) MUST_USE;
/* Whether a server could log to log.file. Makes nothing. */
enum app_err boot_log_check(struct boot *boot) MUST_USE;
void boot_log_stop(struct boot *boot);

/* signing.c */
enum boot_result boot_security_start(struct boot *boot) MUST_USE;
void boot_security_stop(struct boot *boot);

/* pool.c */
enum boot_result boot_pool_start(struct boot *boot) MUST_USE;
void boot_pool_stop(struct boot *boot);

/* start_hooks.c */
enum boot_result boot_services_start(struct boot *boot) MUST_USE;
void boot_services_stop(struct boot *boot);
enum boot_result boot_modules_start(struct boot *boot) MUST_USE;
void boot_modules_stop(struct boot *boot);

/* database.c */
enum boot_result boot_owner_start(struct boot *boot) MUST_USE;
enum boot_result boot_database_start(struct boot *boot) MUST_USE;
void boot_database_stop(struct boot *boot);
enum boot_result boot_migrate(struct boot *boot) MUST_USE;
enum boot_result boot_tables_check(struct boot *boot) MUST_USE;
/* A server opens no other database: the open one has what the URL says, password and all. */
enum boot_result boot_forget_urls(struct boot *boot) MUST_USE;
/* The settings, with the url that an empty one stands for. */
struct db_options boot_database_options(struct boot *boot);

/* server.c */
enum boot_result boot_server_check(struct boot *boot) MUST_USE;
enum boot_result boot_listener_start(struct boot *boot) MUST_USE;
enum boot_result boot_ticker_start(struct boot *boot) MUST_USE;
void boot_ticker_stop(struct boot *boot);
enum boot_result boot_keeper_start(struct boot *boot) MUST_USE;
void boot_keeper_stop(struct boot *boot);
/* Of changes that were asked for with a key. */
enum boot_result boot_answers_start(struct boot *boot) MUST_USE;
void boot_answers_stop(struct boot *boot);
enum boot_result boot_others_start(struct boot *boot) MUST_USE;
void boot_others_stop(struct boot *boot);
enum boot_result boot_http_start(struct boot *boot) MUST_USE;
void boot_http_stop(struct boot *boot);

/* exposure.c, beside app/exposure.h */
enum boot_result exposure_check_settings(struct boot *boot) MUST_USE;

/*
 * conceal.c, once the settings are known: neither this process nor what it starts can raise the
 * limit on core files again.
 */
void conceal_stay(void);

/* prestart.c: folders, clock and database, each with a clear word about what is wrong. */
enum boot_result boot_clock_check(struct boot *boot) MUST_USE;
enum boot_result boot_data_dir_make(struct boot *boot) MUST_USE;
/* Without `make` a folder that is missing is only asked whether it could be made. */
enum app_err prestart_data_dir(struct ctx *c, const char *data_dir, bool make) MUST_USE;
/* Whether the files of an SQLite database can be written, or made. Makes nothing. */
enum app_err prestart_files(struct ctx *c, const struct db_options *options) MUST_USE;
/*
 * Runs a step that is safe to run again; when patient, again with growing pauses while it is
 * APP_UNAVAILABLE.
 */
enum app_err prestart_patiently(struct boot *boot,
				enum app_err (*step)(struct boot *boot)) MUST_USE;

/*
 * owner.c: root becomes the user whom the SQLite file of the url belongs to, or will, since the
 * last folder on the way that is there is his. Refused (APP_INVALID) when a link on the way is
 * neither root's nor that user's.
 */
enum app_err owner_become(struct ctx *c, const char *url) MUST_USE;
/* That refusal alone; and that of any path. */
enum app_err owner_links_check(struct ctx *c, const char *url) MUST_USE;
enum app_err owner_path_check(struct ctx *c, const char *path) MUST_USE;
/*
 * That user; where the database is no SQLite file that of the data directory, root when there is
 * none.
 */
uid_t owner_of_data(struct ctx *c, const char *url);

/* secret.c */

/* Whether a signing secret is to be made, for none is set and this is not production. */
bool secret_is_generated(const struct app *app);
/*
 * The signing secret that local and staging environments keep in the data directory, mode 0600.
 * It is in the arena of `c`, which is to be rewound.
 */
enum app_err secret_from_data_dir(struct ctx *c, const char *data_dir, const char **ret_secret,
				  const char **ret_path) MUST_USE;
/* Whether that could read one that is there; none is made. */
enum app_err secret_check(struct ctx *c, const char *data_dir) MUST_USE;

#endif
