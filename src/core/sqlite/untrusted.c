/* Connections to copies, and to databases before anything is known of them. */
#include "internal.h"

enum { BUSY_MS = 5000 };

enum app_err sqlite_untrusted_fail(struct ctx *c, const char *what, const char *file,
				   sqlite3 *handle, int code)
{
	int kind = sqlite_full_code(handle, code) & 0xff;
	const char *why = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
	if (kind == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE)
		return ctx_fail(c, APP_STORAGE_FULL, "cannot %s '%s': the storage is full", what,
				file);
	if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB)
		return ctx_fail(c, APP_CONFLICT, "'%s' is damaged or no SQLite database: %s", file,
				why);
	return ctx_fail(c, APP_UNAVAILABLE, "cannot %s '%s': %s", what, file, why);
}

/* Nothing in a file from elsewhere is trusted, and closing it touches no log. */
int sqlite_untrusted_open(const char *path, int flags, sqlite3 **ret_handle)
{
	int code = sqlite3_open_v2(path, ret_handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (code)
		return code;
	sqlite3_extended_result_codes(*ret_handle, 1);
	sqlite3_busy_timeout(*ret_handle, BUSY_MS);
	sqlite3_wal_autocheckpoint(*ret_handle, 0);
	sqlite3_db_config(*ret_handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_db_config(*ret_handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(*ret_handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return SQLITE_OK;
}
