/*
 * Before a database is opened: whether the file, read with the log beside it, is sound. It is looked at on a connection that
 * only reads and never checkpoints, so that what is refused is left as it was: whoever closes the last connection in the
 * ordinary way copies the log into the file and removes it, and of a log of another file that would make a ruin. What may
 * have been changed by others is looked through; who has the file open already knows more of it.
 */
#include <string.h>
#include <sys/stat.h>

#include "backup.h"
#include "base/arena.h"
#include "core/log.h"
#include "internal.h"

enum { FOUND_MOST = 200 };

int sqlite_look_through(struct ctx *c, sqlite3 *handle, bool thorough, const char **ret_found)
{
	sqlite3_stmt *stmt = NULL;
	const char *sql = thorough ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)";
	*ret_found = NULL;
	int code = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
	if (code)
		return code;
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(stmt, 0);
		if (text && strcmp(text, "ok") != 0)
			*ret_found = arena_strndup(c->arena, text, strnlen(text, FOUND_MOST));
	}
	return sqlite3_finalize(stmt);
}

static bool has_bytes(const char *path)
{
	struct stat st;
	return !stat(path, &st) && st.st_size > 0;
}

static enum app_err fail_ruin(struct ctx *c, const struct sqlite *s, bool has_log,
			      const char *found)
{
	log_error(c, "the database file is damaged", LOG_TEXT("file", s->path),
		  LOG_TEXT("found", found));
	if (has_log)
		return app_fail(c, APP_INVALID,
				"the database file '%s', read with its log '%s-wal', is damaged; "
				"nothing was changed. Keep a copy of both; if the file was put "
				"there in the place of another, move that log away, else restore a "
				"backup with croft restore",
				s->path, s->path);
	return app_fail(
		c, APP_INVALID,
		"the database file '%s' was written by something other than croft, and is "
		"damaged; nothing was changed. Keep a copy of it, and restore a backup with "
		"croft restore",
		s->path);
}

/* What keeps the file from being read at all is told by the connection that comes next. */
static enum app_err judge(struct ctx *c, const struct sqlite *s, bool has_log, int code,
			  const char *found)
{
	int kind = code & 0xff;
	if (kind == SQLITE_CORRUPT || (kind == SQLITE_NOTADB && has_log))
		found = sqlite3_errstr(code);
	else if (kind == SQLITE_IOERR || kind == SQLITE_NOMEM || kind == SQLITE_BUSY)
		return sqlite_fail(c, NULL, code, NULL);
	return found ? fail_ruin(c, s, has_log, found) : APP_OK;
}

static bool is_there(struct ctx *c, const struct sqlite *s, const char *beside)
{
	struct stat st;
	return !lstat(arena_printf(c->arena, "%s%s", s->path, beside), &st);
}

/*
 * Where there is no log SQLite makes an empty one to read the file, and who may write removes it again at the close: there is
 * nothing in it to be copied. A journal of another program would be played back at once, so there nothing may be written.
 */
static int handle_open(struct ctx *c, const struct sqlite *s, sqlite3 **ret_handle)
{
	if (is_there(c, s, "-wal") || is_there(c, s, "-journal"))
		return backup_handle_open(s->path, SQLITE_OPEN_READONLY, ret_handle);
	int code = backup_handle_open(s->path, SQLITE_OPEN_READWRITE, ret_handle);
	if (!code)
		sqlite3_db_config(*ret_handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	return code;
}

static enum app_err look(struct ctx *c, const struct sqlite *s, bool has_log)
{
	sqlite3 *handle = NULL;
	const char *found = NULL;
	if (s->mark == SQLITE_MARK_OTHER)
		log_warn(c, "the database file is not as croft left it: it is being looked through",
			 LOG_TEXT("file", s->path));
	int code = handle_open(c, s, &handle);
	/* pages of a log over those of another file may well fit, but for the indexes */
	if (!code)
		code = sqlite_look_through(c, handle, has_log, &found);
	sqlite3_close_v2(handle);
	return judge(c, s, has_log, code, found);
}

enum app_err sqlite_inspect(struct ctx *c, struct sqlite *s)
{
	sqlite_mark_look(s);
	s->marks = s->mark == SQLITE_MARK_SAME;
	if (sqlite_lock_is_shared(s))
		return APP_OK;
	bool has_log = has_bytes(arena_printf(c->arena, "%s-wal", s->path));
	bool look_needed = has_bytes(s->path) && (has_log || s->mark != SQLITE_MARK_SAME);
	enum app_err err = look_needed ? look(c, s, has_log) : APP_OK;
	s->marks = !err;
	return err;
}
