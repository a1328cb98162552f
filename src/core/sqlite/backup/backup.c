/*
 * Copying a live SQLite database and looking through a copy. Works on read-only connections of its
 * own that never checkpoint: the writer's connection stays the only one that does.
 */
#include "core/sqlite_backup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "core/sqlite/files/files.h"
#include "core/sqlite/internal.h"

enum {
	STEP_PAGES = 256, /* between two reports of progress */
	HOLD_WAIT_MS = 5000,
};

static const char SQL_SCHEMA[] =
	"SELECT number, name, checksum FROM croft_migrations ORDER BY number DESC LIMIT 1";

/* One copy under way; both connections are closed on every path. */
struct copy {
	sqlite3 *from, *to;
	struct sqlite_hold hold;
	bool made; /* the file is ours to remove */
};

static void copy_auto(struct copy *copy)
{
	sqlite3_close_v2(copy->to);
	sqlite3_close_v2(copy->from);
	sqlite_hold_auto(&copy->hold);
}

/*
 * An open read keeps the state it saw: later commits neither show up in the copy nor make it start
 * again.
 */
static enum app_err source_open(struct ctx *c, const char *database, struct copy *copy)
{
	if (access(database, F_OK))
		return ctx_fail(c, APP_NOT_FOUND, "there is no database '%s': %s", database,
				strerror(errno));
	enum app_err err = sqlite_hold_shared(c, database, HOLD_WAIT_MS, &copy->hold);
	struct sqlite_note note;
	if (!err && !sqlite_hold_is_inspected(copy->hold.lock_fd))
		err = sqlite_inspect_file(c, database, copy->hold.lock_fd, &note);
	if (err)
		return err;
	int code = sqlite_untrusted_open(database, SQLITE_OPEN_READONLY, &copy->from);
	if (!code)
		code = sqlite3_exec(copy->from, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL,
				    NULL, NULL);
	return code ? sqlite_untrusted_fail(c, "read", database, copy->from, code) : APP_OK;
}

/*
 * Created before SQLite does it, for its mode. Speed is safe here: what is not finished is thrown
 * away. A journal in a file would stay behind then, and no journal at all is refused to a defensive
 * connection.
 */
static enum app_err target_open(struct ctx *c, const char *file, struct copy *copy)
{
	int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return ctx_fail(c, APP_UNAVAILABLE, "cannot create '%s': %s", file,
				strerror(errno));
	close(fd);
	copy->made = true;
	int code = sqlite_untrusted_open(file, SQLITE_OPEN_READWRITE, &copy->to);
	if (!code)
		code = sqlite3_exec(copy->to, "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY",
				    NULL, NULL, NULL);
	return code ? sqlite_untrusted_fail(c, "write", file, copy->to, code) : APP_OK;
}

static enum app_err pages_copy(struct ctx *c, struct copy *copy, const char *file,
			       const struct sqlite_backup_progress *progress)
{
	sqlite3_backup *backup = sqlite3_backup_init(copy->to, "main", copy->from, "main");
	if (!backup)
		return sqlite_untrusted_fail(c, "write", file, copy->to, sqlite3_errcode(copy->to));
	int code;
	do {
		code = sqlite3_backup_step(backup, STEP_PAGES);
		int64_t total = sqlite3_backup_pagecount(backup);
		if (progress->tell && code != SQLITE_BUSY)
			progress->tell(progress->arg, total - sqlite3_backup_remaining(backup),
				       total);
	} while (code == SQLITE_OK);
	sqlite3_backup_finish(backup);
	return code == SQLITE_DONE ? APP_OK
				   : sqlite_untrusted_fail(c, "write", file, copy->to, code);
}

static enum app_err copy_run(struct ctx *c, const char *database, const char *file,
			     const struct sqlite_backup_progress *progress)
{
	__attribute__((cleanup(copy_auto))) struct copy copy = { .hold = SQLITE_HOLD_NONE };
	enum app_err err = source_open(c, database, &copy);
	if (!err)
		err = target_open(c, file, &copy);
	if (!err)
		err = pages_copy(c, &copy, file, progress);
	if (err && copy.made)
		unlink(file);
	return err;
}

/* The copy says of itself that it has a log; as a plain file it is complete without one. */
static enum app_err copy_finish(struct ctx *c, const char *file)
{
	__attribute__((cleanup(copy_auto))) struct copy copy = { .hold = SQLITE_HOLD_NONE };
	int code = sqlite_untrusted_open(file, SQLITE_OPEN_READWRITE, &copy.to);
	if (!code)
		code = sqlite3_exec(copy.to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
	return code ? sqlite_untrusted_fail(c, "write", file, copy.to, code) : APP_OK;
}

static enum app_err file_sync(struct ctx *c, const char *file)
{
	int fd = open(file, O_RDWR | O_CLOEXEC);
	bool done = fd >= 0 && !fsync(fd);
	int why = errno;
	if (fd >= 0)
		close(fd);
	return done ? APP_OK
		    : ctx_fail(c, APP_UNAVAILABLE, "cannot write '%s' to the disk: %s", file,
			       strerror(why));
}

enum app_err sqlite_backup_copy(struct ctx *c, const char *database, const char *file,
				const struct sqlite_backup_progress *progress)
{
	enum app_err err = copy_run(c, database, file, progress);
	if (err)
		return err;
	err = copy_finish(c, file);
	if (!err)
		err = file_sync(c, file);
	if (err)
		unlink(file);
	return err;
}

/* The first row of a query whose one column is text; NULL: no row. */
static int first_text(struct ctx *c, sqlite3 *handle, const char *sql, const char **ret_text)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
	if (!code) {
		code = sqlite3_step(stmt);
		const char *text = (const char *)sqlite3_column_text(stmt, 0);
		*ret_text = code == SQLITE_ROW && text ? arena_strdup(c->arena, text) : NULL;
		code = code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
	}
	sqlite3_finalize(stmt);
	return code;
}

static enum app_err integrity_check(struct ctx *c, sqlite3 *handle, const char *file)
{
	const char *says = NULL;
	int code = first_text(c, handle, "PRAGMA integrity_check(1)", &says);
	if (code)
		return sqlite_untrusted_fail(c, "read", file, handle, code);
	if (!says || strcmp(says, "ok") != 0)
		return ctx_fail(c, APP_CONFLICT, "'%s' is damaged: %s", file,
				says ? says : "it does not say why");
	code = first_text(c, handle, "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1",
			  &says);
	if (code)
		return sqlite_untrusted_fail(c, "read", file, handle, code);
	if (says)
		return ctx_fail(c, APP_CONFLICT,
				"'%s' is damaged: rows of the table %s refer to rows that are not "
				"there",
				file, says);
	return APP_OK;
}

static enum app_err schema_read(struct ctx *c, sqlite3 *handle, const char *file,
				struct sqlite_backup_schema *ret)
{
	const char *table = NULL;
	struct sqlite_backup_schema schema = { .name = "", .checksum = "" };
	int code = first_text(c, handle,
			      "SELECT name FROM sqlite_schema WHERE name = 'croft_migrations'",
			      &table);
	sqlite3_stmt *stmt = NULL;
	if (!code && table)
		code = sqlite3_prepare_v2(handle, SQL_SCHEMA, -1, &stmt, NULL);
	if (!code && stmt && sqlite3_step(stmt) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(stmt, 1);
		const char *checksum = (const char *)sqlite3_column_text(stmt, 2);
		schema.number = sqlite3_column_int64(stmt, 0);
		schema.name = arena_strdup(c->arena, name ? name : "");
		schema.checksum = arena_strdup(c->arena, checksum ? checksum : "");
	}
	sqlite3_finalize(stmt);
	if (code)
		return sqlite_untrusted_fail(c, "read", file, handle, code);
	*ret = schema;
	return APP_OK;
}

enum app_err sqlite_backup_examine(struct ctx *c, const char *file,
				   struct sqlite_backup_schema *ret)
{
	__attribute__((cleanup(copy_auto))) struct copy copy = { .hold = SQLITE_HOLD_NONE };
	int code = sqlite_untrusted_open(file, SQLITE_OPEN_READONLY, &copy.from);
	if (code)
		return sqlite_untrusted_fail(c, "open", file, copy.from, code);
	enum app_err err = integrity_check(c, copy.from, file);
	return err ? err : schema_read(c, copy.from, file, ret);
}

enum app_err sqlite_backup_change(struct ctx *c, const char *file,
				  const struct sqlite_backup_column *column, const char *sql)
{
	__attribute__((cleanup(copy_auto))) struct copy copy = { .hold = SQLITE_HOLD_NONE };
	int code = sqlite_untrusted_open(file, SQLITE_OPEN_READWRITE, &copy.to);
	if (!code) {
		code = sqlite3_table_column_metadata(copy.to, "main", column->table, column->name,
						     NULL, NULL, NULL, NULL, NULL);
		/* what is not there; every other failure has a code of its own */
		if (code == SQLITE_ERROR)
			return APP_OK;
	}
	if (!code)
		code = sqlite3_exec(copy.to, sql, NULL, NULL, NULL);
	return code ? sqlite_untrusted_fail(c, "change", file, copy.to, code) : APP_OK;
}
