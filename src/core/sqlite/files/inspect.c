/*
 * Before a database is opened: whether the file and the log beside it are those that croft left
 * (mark.c), and whether what may have been changed by others is sound. They are looked at on a
 * connection that only reads and never checkpoints, so that what is refused is left as it was:
 * whoever closes the last connection in the ordinary way copies the log into the file and removes
 * it, and of a log of another file that would make a ruin. Who has the file open already knows more
 * of it.
 *
 * A log that begins anew is of the same file only when all of the one before is in the file. One
 * that fits the mark goes with the file of the mark, and with no other: pages of it over those of
 * an older copy may well look sound. Where the mark cannot be sure (a checkpoint was cut off, the
 * power failed, other programs wrote) file and log are looked through together.
 */
#include <string.h>
#include <sys/stat.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/buf.h"
#include "core/log.h"
#include "core/sqlite/internal.h"
#include "files.h"

enum { FOUND_MOST = 200 };

/*
 * *ret_found: what is wrong with what the connection reads; NULL: nothing is. Returns SQLite's
 * code.
 */
static int damage_find(struct ctx *c, sqlite3 *handle, bool thorough, const char **ret_found)
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

enum found {
	FOUND_FINE,
	FOUND_CHANGED,
	FOUND_CHANGED_WITH_LOG,
	FOUND_RUIN,
	FOUND_FILE_OTHER,
	FOUND_LOG_OTHER,
	FOUND_LOG_SHORT,
	FOUND_LOG_GONE,
};

/* What was found, and what to do; $F is the file. */
static const char *const texts[] = {
	[FOUND_RUIN] = "the database file '$F' was written by something other than " APP_NAME ", "
		       "and is damaged; nothing was changed. Keep a copy of it with its -wal, if "
		       "there is one, and restore a backup with " APP_NAME " restore",
	[FOUND_FILE_OTHER] =
		"the database file '$F' is not the one that " APP_NAME " left, and the log "
		"'$F-wal' is of that one; nothing was changed. Keep a copy of both. If the file "
		"was put there on purpose move the log away, else put the right file back, or "
		"restore a backup with " APP_NAME " restore; if both were copied here together "
		"remove '$F-lock', and they are looked through",
	[FOUND_LOG_OTHER] = "the log '$F-wal' is not the one that " APP_NAME
			    " left beside '$F'; nothing was "
			    "changed. Keep a copy of both, then move the log away, or restore a "
			    "backup with " APP_NAME
			    " restore; if another program wrote it remove '$F-lock', and both are "
			    "looked through",
	[FOUND_LOG_SHORT] =
		"the log '$F-wal' is damaged, or shorter than " APP_NAME " left it: what was "
		"committed last is missing; nothing was changed. Put the right one back, or "
		"restore a backup with " APP_NAME " restore; to go on with what is there keep a "
		"copy of both and remove '$F-lock'",
	[FOUND_LOG_GONE] =
		"the log '$F-wal' is missing, and with it what was committed last into '$F'; "
		"nothing was changed. Put the log back, or restore a backup with " APP_NAME " "
		"restore; to go on with what is there keep a copy and remove '$F-lock'",
};

struct look {
	const char *database;
	enum sqlite_mark_state mark;
	struct sqlite_note note, log; /* log.frames: 0: there is none, or nothing in it */
	sqlite3 *handle;
};

static void look_auto(struct look *look)
{
	sqlite3_close_v2(look->handle);
}

static bool has_bytes(const char *path)
{
	struct stat st;
	return !stat(path, &st) && st.st_size > 0;
}

static enum app_err fail_found(struct ctx *c, const char *database, enum found found)
{
	AUTO(buf) text = { 0 };
	for (const char *at = texts[found]; *at; at++) {
		if (at[0] == '$' && at[1] == 'F')
			buf_add_text(&text, database), at++;
		else
			buf_add_char(&text, *at);
	}
	return ctx_fail(c, APP_INVALID, "%s", buf_text(&text));
}

static bool is_short(const struct look *look)
{
	const struct sqlite_note *note = &look->note, *log = &look->log;
	return log->frames < note->frames ||
	       (log->frames == note->frames &&
		memcmp(log->sums, note->sums, sizeof(log->sums)) != 0);
}

static enum found compare_log(const struct look *look)
{
	const struct sqlite_note *note = &look->note;
	bool same_file = look->mark == SQLITE_MARK_SAME;
	if (memcmp(look->log.salt, note->salt, sizeof(note->salt)) != 0) {
		bool began = note->begins && (note->copied >= note->frames || note->copying);
		return began && (same_file || note->copying) ? FOUND_CHANGED_WITH_LOG
							     : FOUND_LOG_OTHER;
	}
	/* an older copy of it, when all of it is in the file: nothing is missing */
	if (is_short(look))
		return note->copied < note->frames ? FOUND_LOG_SHORT : FOUND_LOG_OTHER;
	if (same_file)
		return FOUND_FINE;
	return note->copying ? FOUND_CHANGED_WITH_LOG : FOUND_FILE_OTHER;
}

static enum found compare(const struct look *look)
{
	const struct sqlite_note *note = &look->note;
	if (look->mark == SQLITE_MARK_NONE)
		return look->log.frames ? FOUND_CHANGED_WITH_LOG : FOUND_CHANGED;
	if (look->log.frames)
		return compare_log(look);
	/* another program copies all of the log into the file and removes it, too */
	if (look->mark != SQLITE_MARK_SAME || (note->copying && note->copied < note->frames))
		return FOUND_CHANGED;
	return note->copied < note->frames ? FOUND_LOG_GONE : FOUND_FINE;
}

static bool is_there(struct ctx *c, const char *database, const char *beside)
{
	struct stat st;
	return !lstat(arena_printf(c->arena, "%s%s", database, beside), &st);
}

/*
 * Where there is no log SQLite makes an empty one to read the file, and who may write removes it
 * again at the close: there is nothing in it to be copied. A journal of another program would be
 * played back at once, so there nothing may be written.
 */
static int handle_open(struct ctx *c, struct look *look)
{
	if (is_there(c, look->database, "-wal") || is_there(c, look->database, "-journal"))
		return sqlite_untrusted_open(look->database, SQLITE_OPEN_READONLY, &look->handle);
	int code = sqlite_untrusted_open(look->database, SQLITE_OPEN_READWRITE, &look->handle);
	if (!code)
		sqlite3_db_config(look->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	return code;
}

/* Reading something makes SQLite read the log to its last commit. */
static int log_read(struct ctx *c, struct look *look)
{
	if (!has_bytes(arena_printf(c->arena, "%s-wal", look->database)))
		return SQLITE_OK;
	int code = handle_open(c, look);
	if (!code)
		code = sqlite3_exec(look->handle, "PRAGMA schema_version", NULL, NULL, NULL);
	sqlite_log_note(look->handle, &look->log);
	return code;
}

/*
 * SQLITE_OK: nothing is wrong, or the connection that comes next tells why the file cannot be read
 * at all.
 */
static int damage_of(const struct look *look, int code, const char **ret_text)
{
	int kind = code & 0xff;
	if (kind == SQLITE_CORRUPT || (kind == SQLITE_NOTADB && look->log.frames))
		*ret_text = sqlite3_errstr(code);
	else if (kind == SQLITE_IOERR || kind == SQLITE_NOMEM || kind == SQLITE_BUSY)
		return code;
	return SQLITE_OK;
}

static enum app_err look_through(struct ctx *c, struct look *look, bool thorough)
{
	const char *text = NULL;
	if (look->mark != SQLITE_MARK_NONE)
		log_warn(c,
			 "the database file is not as " APP_NAME " left it: it is being looked "
			 "through",
			 LOG_TEXT("file", look->database));
	int code = look->handle ? SQLITE_OK : handle_open(c, look);
	if (!code)
		code = damage_find(c, look->handle, thorough, &text);
	code = damage_of(look, code, &text);
	if (code)
		return sqlite_fail(c, NULL, code, NULL);
	if (!text)
		return APP_OK;
	log_error(c, "the database file is damaged", LOG_TEXT("file", look->database),
		  LOG_TEXT("found", text));
	return fail_found(c, look->database, FOUND_RUIN);
}

enum app_err sqlite_inspect_file(struct ctx *c, const char *database, int lock_fd,
				 struct sqlite_note *ret_note)
{
	__attribute__((cleanup(look_auto))) struct look look = { .database = database };
	look.mark = sqlite_mark_read(database, lock_fd, &look.note);
	*ret_note = look.note;
	if (!has_bytes(database))
		return APP_OK;
	int code = log_read(c, &look);
	const char *text = NULL;
	if (damage_of(&look, code, &text))
		return sqlite_fail(c, NULL, code, NULL);
	enum found found = compare(&look);
	if (found > FOUND_CHANGED_WITH_LOG)
		return fail_found(c, database, found);
	/* pages of a log over those of another file may well fit, but for the indexes */
	bool thorough = found == FOUND_CHANGED_WITH_LOG || look.note.copying;
	return found == FOUND_FINE ? APP_OK : look_through(c, &look, thorough);
}

/* Of two who come at once the second waits, and then need not look. */
enum app_err sqlite_inspect(struct ctx *c, struct sqlite *s)
{
	if (!sqlite_lock_take(s, s->options->busy_ms))
		return sqlite_fail(c, NULL, SQLITE_BUSY, NULL);
	enum app_err err = APP_OK;
	int lock_fd = s->hold.lock_fd;
	if (sqlite_hold_is_inspected(lock_fd)) {
		s->mark.kept = sqlite_mark_read(s->path, lock_fd, &s->mark.note) ==
			       SQLITE_MARK_SAME;
	} else {
		err = sqlite_inspect_file(c, s->path, lock_fd, &s->mark.note);
		s->mark.note.copying = false;
		s->mark.kept = !err;
	}
	if (!err)
		sqlite_hold_inspected(lock_fd);
	sqlite_lock_give(s);
	return err;
}
