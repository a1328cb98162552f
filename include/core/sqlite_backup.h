/*
 * Copies of an SQLite database file: made while others write to it, looked through, and put in its
 * place. Knows of no manifest: that is core/backup.h.
 */
#ifndef CROFT_CORE_SQLITE_BACKUP_H
#define CROFT_CORE_SQLITE_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

/* The newest migration that is applied to a database; number 0: none is. Texts are in the arena. */
struct sqlite_backup_schema {
	int64_t number;
	const char *name, *checksum;
};

/* Told now and then how many of the pages are copied; tell may be NULL. */
struct sqlite_backup_progress {
	void (*tell)(void *arg, int64_t done, int64_t total);
	void *arg;
};

/*
 * The path of the database that a url names: absolute, in the arena; it need not exist. APP_INVALID
 * when the url is not that of an SQLite file.
 */
enum app_err sqlite_backup_database_path(struct ctx *c, const char *url,
					 const char **ret_path) MUST_USE;

/*
 * Copies the database into `file`, which must not exist: one state of it, complete and on disk when
 * this returns, mode 0600, a single file without a log beside it. Writers go on meanwhile. On
 * failure nothing is left.
 */
enum app_err sqlite_backup_copy(struct ctx *c, const char *database, const char *file,
				const struct sqlite_backup_progress *progress) MUST_USE;

/*
 * Looks through the whole of a copy, which nobody may have open. APP_CONFLICT says what is wrong
 * with it.
 */
enum app_err sqlite_backup_examine(struct ctx *c, const char *file,
				   struct sqlite_backup_schema *ret) MUST_USE;

/*
 * Whether the full-text indexes of a copy hold together and have the words of their tables:
 * *ret_fault (in the arena) says which does not, NULL: all do. No row is lost with an index;
 * _mend() has it made anew by whoever opens the database next.
 */
enum app_err sqlite_backup_indexes_check(struct ctx *c, const char *file,
					 const char **ret_fault) MUST_USE;
enum app_err sqlite_backup_indexes_mend(struct ctx *c, const char *file,
					const char **ret_fault) MUST_USE;

struct sqlite_backup_column {
	const char *table, *name;
};
/* Runs SQL in a copy that has the column, and has it on disk; in another it does nothing. */
enum app_err sqlite_backup_change(struct ctx *c, const char *file,
				  const struct sqlite_backup_column *column,
				  const char *sql) MUST_USE;

/*
 * Refuses (APP_CONFLICT) a schema that this program does not have, such as that of a newer version.
 */
enum app_err sqlite_backup_schema_check(struct ctx *c,
					const struct sqlite_backup_schema *schema) MUST_USE;

/*
 * That a process has the database open, or that no other has it: here the latter. Its members are
 * core/sqlite's.
 */
struct sqlite_hold {
	/* of the -lock file; -1: none */
	int lock_fd;
	/* of the database itself, never to be closed but by this; -1: none */
	int file_fd;
};
#define SQLITE_HOLD_NONE ((struct sqlite_hold){ -1, -1 })
/*
 * `database` is the absolute path. APP_CONFLICT when another process has it open; those that want
 * to open it wait until it is given back.
 */
enum app_err sqlite_hold_alone(struct ctx *c, const char *database,
			       struct sqlite_hold *ret) MUST_USE;
/* Gives it back, after the last connection to the file is closed. */
void sqlite_hold_auto(struct sqlite_hold *hold);

/*
 * Whether a restore may put a database in the place of what is there: nothing, an empty file, or
 * one that begins as an SQLite database does, damaged further on or not. APP_CONFLICT: anything
 * else; another error: it cannot be read.
 */
enum app_err sqlite_backup_place_check(struct ctx *c, const char *database) MUST_USE;

/*
 * Under the hold: copies a backup into `beside`, a new file in the folder of the database with its
 * owner, mode 0600, on disk. On failure nothing is left.
 */
enum app_err sqlite_backup_bring(struct ctx *c, const char *file, const char *beside,
				 const char *database) MUST_USE;

/*
 * Under the hold: puts `file` (in the same folder, on disk) in the place of the database, which
 * stays as `kept` with the log it may have; ret_kept (may be NULL) tells whether there was one.
 * There is a whole database under the name at any moment.
 */
enum app_err sqlite_backup_swap(struct ctx *c, const char *file, const char *database,
				const char *kept, bool *ret_kept) MUST_USE;

/*
 * Writes what is in the folder of `path` down to the disk, so that a rename survives a power cut.
 */
enum app_err sqlite_backup_sync_folder(struct ctx *c, const char *path) MUST_USE;

#endif
