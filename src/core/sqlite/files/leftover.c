/*
 * What is left of a database whose file is gone, empty or under another name. SQLite removes a log
 * without asking when the file that it belongs to is missing or empty, and does not see one that is
 * beside a link: what was committed into it would be gone without a word. So these are refused,
 * with what helps. Called before anything is created.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "core/sqlite/internal.h"
#include "files.h"

/* -1: there is no such file. */
static off_t bytes_of(const char *path)
{
	struct stat st;
	return stat(path, &st) ? -1 : st.st_size;
}

/* Commits were made by croft, ever: see changes/version.c for the number. */
static bool was_written(struct ctx *c, const char *real)
{
	uint64_t commits = 0;
	/* its locks belong to descriptors, so that closing one takes none from another */
	int fd = open(arena_printf(c->arena, "%s-lock", real), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool got = pread(fd, &commits, sizeof(commits), 0) == (ssize_t)sizeof(commits);
	close(fd);
	return got && commits;
}

/*
 * Whoever creates the file commits later, and its log comes later still: so the size is looked at
 * last.
 */
static enum app_err empty_check(struct ctx *c, const char *real)
{
	const char *log = arena_printf(c->arena, "%s-wal", real);
	bool has_log = bytes_of(log) > 0, written = was_written(c, real);
	off_t bytes = bytes_of(real);
	if (bytes > 0)
		return APP_OK;
	if (has_log)
		return ctx_fail(c, APP_INVALID,
				"the database file '%s' is %s, but its log '%s' is there: put the "
				"file back, or restore a backup with " APP_NAME " restore; for a "
				"new, empty database move the log away first",
				real, bytes < 0 ? "missing" : "empty", log);
	if (!bytes && written)
		return ctx_fail(c, APP_INVALID,
				"the database file '%s' is empty, but '%s-lock' shows that it was "
				"not: restore a backup with " APP_NAME " restore; for a new, empty "
				"database remove the file first",
				real, real);
	return APP_OK;
}

/* The file was moved and a link put in its place: the log is still where the file was. */
static enum app_err link_check(struct ctx *c, const char *place, const char *real)
{
	struct stat st;
	const char *log = arena_printf(c->arena, "%s-wal", place);
	if (lstat(place, &st) || !S_ISLNK(st.st_mode) || bytes_of(log) <= 0)
		return APP_OK;
	return ctx_fail(c, APP_INVALID,
			"'%s' is a link to '%s', but there is a log beside the link, '%s', which "
			"would not be read: if it belongs to that file remove the link and move "
			"the file back to its name, else move the log away",
			place, real, log);
}

enum app_err sqlite_leftover_check(struct ctx *c, const char *place)
{
	char *real = realpath(place, NULL);
	enum app_err err = empty_check(c, real ? real : place);
	if (!err && real)
		err = link_check(c, place, real);
	free(real);
	return err;
}
