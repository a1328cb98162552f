/* What the files that look at copies share. */
#ifndef CROFT_SRC_CORE_SQLITE_BACKUP_BACKUP_H
#define CROFT_SRC_CORE_SQLITE_BACKUP_BACKUP_H

#include "core/sqlite/internal.h"

/*
 * A connection that trusts nothing in the file and touches no log; returns SQLite's code. Close it
 * in any case.
 */
int backup_handle_open(const char *path, int flags, sqlite3 **ret_handle);
enum app_err backup_fail_sqlite(struct ctx *c, const char *what, const char *file, sqlite3 *handle,
				int code) MUST_USE;

#endif
