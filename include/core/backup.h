/*
 * Backups of the SQLite database: a file and its manifest FILE.json, which says what it must be,
 * and putting one back. Built on core/sqlite_backup.h. PostgreSQL has tools of its own.
 */
#ifndef CROFT_CORE_BACKUP_H
#define CROFT_CORE_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/ctx.h"

/* Who is told what goes on. */
struct backup_watch {
	/* Now and then how many of the pages are copied; only by backup_make(). */
	void (*tell)(void *arg, int64_t done, int64_t total);
	/* The full-text index that does not hold together; every row is there all the same. */
	void (*index_fault)(void *arg, const char *text);
	void *arg;
};

/* Texts are in the arena. */
struct backup_made {
	const char *database;
	/* Of the backup, in bytes. */
	int64_t size;
	/* Number of the newest migration that is applied; 0: none is. */
	int64_t schema;
	const char *schema_name;
};

/* The path of the manifest of a backup, in the arena. */
const char *backup_manifest_path(struct ctx *c, const char *file) MUST_USE;

/*
 * Copies the database of the url into `file` while others write to it: one state of it, looked
 * through and on disk before it gets its name. `force` replaces a backup of that name; without it
 * that is an APP_CONFLICT, and so is another backup into it under way. On failure nothing is left.
 */
enum app_err backup_make(struct ctx *c, const char *url, const char *file, bool force,
			 const struct backup_watch *watch, struct backup_made *ret) MUST_USE;

/*
 * What must not come back with a backup: SQL (of SQLite) that the copy runs before it takes the
 * place of the database. One that lacks the column, as the schema of an older croft may, is left as
 * it is: what the SQL is about is not in it.
 */
struct backup_change {
	const char *table;
	const char *column;
	const char *sql;
	/* A sentence for whoever restores. */
	const char *note;
};

struct backup_restored {
	const char *database;
	/* The path at which the old database is kept; NULL: there was none. */
	const char *kept;
	/* The version of the croft that made the backup. */
	const char *version;
	struct instant created_at;
};

/*
 * Puts a backup in the place of the database of the url, once it is what its manifest says, whole,
 * and of a schema that this program has; nobody may have the database open (APP_CONFLICT). The
 * changes, which end with NULL, are made to it.
 */
enum app_err backup_restore(struct ctx *c, const char *url, const char *file,
			    const struct backup_change *const *changes,
			    const struct backup_watch *watch, struct backup_restored *ret) MUST_USE;

#endif
