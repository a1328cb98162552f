/*
 * Whether the database file is as croft left it: its inode, size and time of change stand in `<database>-lock`, written
 * after each checkpoint of ours and when the file is closed. A start that finds another file, or one that was written by
 * others since, looks through it before anything is added, as a copy that was put over it may be under a log that is not
 * its own. Neither a stop by force nor commits of ours alter the file, so that an ordinary start costs nothing; one
 * after a checkpoint that was cut off does.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "core/log.h"
#include "internal.h"

enum { MARK_AT = 64 /* bytes; version.c has the first eight */, FOUND_MOST = 200 };

/* Version 1 of this, in a file of croft. */
static const uint64_t MARK_MAGIC = 0x636d61726b303031U;

struct mark {
	uint64_t magic, inode;
	int64_t bytes, seconds, nanoseconds;
};

static struct mark mark_of(uint64_t inode, int64_t bytes, const struct timespec *changed)
{
	return (struct mark){ MARK_MAGIC, inode, bytes, changed->tv_sec, changed->tv_nsec };
}

static void mark_write(int lock_fd, const struct mark *mark)
{
	/* when it fails the next start looks through the file */
	ssize_t unused = pwrite(lock_fd, mark, sizeof(*mark), MARK_AT);
	(void)unused;
}

static bool has_log(struct ctx *c, const struct sqlite *s)
{
	struct stat st;
	return !stat(arena_printf(c->arena, "%s-wal", s->path), &st) && st.st_size > 0;
}

void sqlite_mark_look(struct ctx *c, struct sqlite *s)
{
	struct stat st;
	struct mark mark;
	if (lstat(s->path, &st) ||
	    pread(s->lock_fd, &mark, sizeof(mark), MARK_AT) != (ssize_t)sizeof(mark) ||
	    mark.magic != MARK_MAGIC) {
		s->mark = SQLITE_MARK_NONE;
		return;
	}
	struct mark now = mark_of(st.st_ino, st.st_size, &st.st_mtim);
	if (!memcmp(&now, &mark, sizeof(now)))
		s->mark = SQLITE_MARK_SAME;
	else
		s->mark = has_log(c, s) ? SQLITE_MARK_OTHER_WITH_LOG : SQLITE_MARK_OTHER;
}

/* *ret_found: what is wrong; NULL: nothing is. Returns SQLite's code. */
static int look_through(struct ctx *c, sqlite3 *handle, bool thorough, const char **ret_found)
{
	sqlite3_stmt *stmt = NULL;
	const char *sql = thorough ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)";
	int code = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
	if (code)
		return code;
	*ret_found = NULL;
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(stmt, 0);
		if (text && strcmp(text, "ok") != 0)
			*ret_found = arena_strndup(c->arena, text, strnlen(text, FOUND_MOST));
	}
	return sqlite3_finalize(stmt);
}

static enum app_err fail_ruin(struct ctx *c, const struct sqlite *s, const char *found)
{
	log_error(c, "the database file is damaged", LOG_TEXT("file", s->path),
		  LOG_TEXT("found", found));
	return app_fail(c, APP_INVALID,
			"the database file '%s' was written by something other than croft, and is "
			"damaged: keep a copy of it with its -wal, and restore a backup with croft "
			"restore",
			s->path);
}

static enum app_err check(struct ctx *c, struct sqlite *s, sqlite3 *handle)
{
	const char *found = NULL;
	log_warn(c, "the database file is not as croft left it: it is being looked through",
		 LOG_TEXT("file", s->path));
	/* pages of a log over those of another file may well fit, but for the indexes */
	int code = look_through(c, handle, s->mark == SQLITE_MARK_OTHER_WITH_LOG, &found);
	int kind = code & 0xff;
	if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB)
		found = sqlite3_errstr(code);
	else if (code)
		return sqlite_fail(c, NULL, code, NULL);
	return found ? fail_ruin(c, s, found) : APP_OK;
}

enum app_err sqlite_mark_check(struct ctx *c, struct sqlite *s, sqlite3 *handle)
{
	if (s->memory)
		return APP_OK;
	bool other = s->mark == SQLITE_MARK_OTHER || s->mark == SQLITE_MARK_OTHER_WITH_LOG;
	/* whoever has it open already knows more of it than the mark says */
	if (other && sqlite_lock_is_shared(s))
		return APP_OK;
	enum app_err err = other ? check(c, s, handle) : APP_OK;
	s->marks = !err;
	sqlite_mark_now(s);
	return err;
}

void sqlite_mark_ground(const struct sqlite *s)
{
	struct mark mark = { 0 };
	const struct sqlite_ground *ground = &s->ground;
	if (!s->marks)
		return;
	if (ground->known)
		mark = mark_of(s->inode, ground->bytes, &ground->changed);
	else
		mark.magic = MARK_MAGIC; /* that of no file */
	mark_write(s->lock_fd, &mark);
}

static void mark_file(int lock_fd, const char *database)
{
	struct stat st;
	if (lstat(database, &st))
		return;
	struct mark mark = mark_of(st.st_ino, st.st_size, &st.st_mtim);
	mark_write(lock_fd, &mark);
}

void sqlite_mark_now(const struct sqlite *s)
{
	if (s->marks && !s->overwritten)
		mark_file(s->lock_fd, s->path);
}

void sqlite_mark_restored(struct ctx *c, const char *database)
{
	int fd = open(arena_printf(c->arena, "%s-lock", database), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	mark_file(fd, database);
	close(fd);
}
