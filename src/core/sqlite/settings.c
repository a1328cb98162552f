/*
 * What a connection is told before it is used: all that is off by default and should not be, and
 * the bounds of what it takes.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

enum {
	VALUE_MOST = 8 * 1024 * 1024,      /* bytes of one text, blob or row */
	WAL_KEPT_BYTES = 64 * 1024 * 1024, /* a log that grew beyond is cut when it starts over */
};

static int switches_set(sqlite3 *handle, bool writes)
{
	const struct {
		int what, value;
	} switches[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		/*
		 * Triggers may write to an FTS5 table only where the schema is trusted, and those
		 * of an older migration do. That is safe on the writer: what function.c adds is not
		 * for schemas to call, extensions are not loaded, and DEFENSIVE keeps shadow tables
		 * from statements. Who only reads needs no trust.
		 */
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, writes },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
		/* who has written says so at its end: sqlite_writer_drop() */
		{ SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1 },
	};
	for (size_t i = 0; i < COUNT_OF(switches); i++) {
		int is = -1;
		int code = sqlite3_db_config(handle, switches[i].what, switches[i].value, &is);
		if (code)
			return code;
		if (is != switches[i].value)
			return SQLITE_MISUSE;
	}
	return SQLITE_OK;
}

static void limits_set(sqlite3 *handle)
{
	sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, VALUE_MOST);
	sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, 1000000);
	sqlite3_limit(handle, SQLITE_LIMIT_EXPR_DEPTH, 100);
	sqlite3_limit(handle, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256);
	sqlite3_limit(handle, SQLITE_LIMIT_VARIABLE_NUMBER, SQLITE_BINDS_MAX);
	sqlite3_limit(handle, SQLITE_LIMIT_COMPOUND_SELECT, 50);
	sqlite3_limit(handle, SQLITE_LIMIT_TRIGGER_DEPTH, 20);
	sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 1);
	sqlite3_limit(handle, SQLITE_LIMIT_WORKER_THREADS, 0);
}

static int pragmas_set(const struct sqlite *s, sqlite3 *handle, bool writes)
{
	char sql[320];
	snprintf(sql, sizeof(sql),
		 "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA cache_size=-%lld; %s",
		 (long long)s->options->cache_kib,
		 writes ? "PRAGMA synchronous=FULL" : "PRAGMA query_only=ON");
	return sqlite3_exec(handle, sql, NULL, NULL, NULL);
}

/* Asks for write-ahead logging and makes sure it was granted. */
static int wal_set(sqlite3 *handle)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(handle, "PRAGMA journal_mode=WAL", -1, &stmt, NULL);
	if (code)
		return code;
	bool granted = sqlite3_step(stmt) == SQLITE_ROW &&
		       !strcmp((const char *)sqlite3_column_text(stmt, 0), "wal");
	code = sqlite3_finalize(stmt);
	if (code)
		return code;
	if (!granted)
		return SQLITE_IOERR;
	char sql[64];
	snprintf(sql, sizeof(sql), "PRAGMA journal_size_limit=%d", WAL_KEPT_BYTES);
	return sqlite3_exec(handle, sql, NULL, NULL, NULL);
}

int sqlite_settings_make(const struct sqlite *s, sqlite3 *handle, bool writes)
{
	sqlite3_extended_result_codes(handle, 1);
	sqlite3_busy_timeout(handle, (int)s->options->busy_ms);
	int code = switches_set(handle, writes);
	if (code)
		return code;
	limits_set(handle);
	if (writes && !s->memory)
		code = wal_set(handle);
	if (!code)
		code = pragmas_set(s, handle, writes);
	return code;
}
