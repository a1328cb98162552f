/*
 * The database file on disk and what is kept beside it: making them when a database is opened, and
 * afterwards whether their names still lead to them, before each commit and for readiness. Opens no
 * connection.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/folder.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/log.h"
#include "core/sqlite/internal.h"
#include "core/sqlite/writer/writer.h"
#include "files.h"

static enum app_err fail_path(struct ctx *c, const char *what, const char *path)
{
	return ctx_fail(c, APP_UNAVAILABLE, "cannot %s '%s': %s", what, path, strerror(errno));
}

/* Makes each missing folder above the file. */
static enum app_err folder_make(struct ctx *c, const char *path)
{
	char *part = arena_strdup(c->arena, path);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0700) && errno != EEXIST)
			return fail_path(c, "create the folder", part);
		*slash = '/';
	}
	return APP_OK;
}

/*
 * Creates the file before SQLite does: SQLite gives its -wal and -shm files the mode of the
 * database file. An existing file is not opened here, because closing it would drop the locks this
 * process may hold on it.
 */
static enum app_err file_make(struct ctx *c, const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0) {
		close(fd);
		return APP_OK;
	}
	if (errno != EEXIST)
		return fail_path(c, "create the database file", path);
	struct stat st;
	if (stat(path, &st))
		return fail_path(c, "look at the database file", path);
	if (!S_ISREG(st.st_mode))
		return ctx_fail(c, APP_UNAVAILABLE,
				"'%s' is not a file: database.url must name one", path);
	return APP_OK;
}

/*
 * The path as it is said, so that a link in it which is set anew is seen; absolute for the same
 * reason as the other.
 */
static char *absolute(struct ctx *c, const char *place)
{
	char folder[PATH_MAX];
	if (*place == '/' || !getcwd(folder, sizeof(folder)))
		return mem_strdup(place);
	return mem_strdup(arena_printf(c->arena, "%s/%s", folder, place));
}

/*
 * What no wait can mend. What else can be wrong depends on who looks, and is told when the file is
 * opened.
 */
enum app_err sqlite_file_check(struct ctx *c, const char *path)
{
	struct stat st;
	size_t len = strlen(path);
	bool there = !stat(path, &st);
	if (!there && errno == ENOTDIR)
		return ctx_fail(c, APP_INVALID, "database.url: '%s' is below what is no folder",
				path);
	if (there ? S_ISDIR(st.st_mode) : path[len - 1] == '/')
		return ctx_fail(c, APP_INVALID,
				"database.url: '%s' is a folder; write the name of a file in it",
				path);
	if (there && !S_ISREG(st.st_mode))
		return ctx_fail(c, APP_INVALID, "'%s' is not a file: database.url must name one",
				path);
	const char *obstacle = folder_obstacle(c->arena, path);
	if (obstacle)
		return ctx_fail(c, APP_INVALID, "database.url: '%s' cannot be made: %s", path,
				obstacle);
	return APP_OK;
}

enum app_err sqlite_file_prepare(struct ctx *c, struct sqlite *s, const char *place)
{
	enum app_err err = folder_make(c, place);
	if (!err)
		err = sqlite_leftover_check(c, place);
	if (!err)
		err = sqlite_name_check(c, s->options, place);
	if (!err)
		err = file_make(c, place);
	if (err)
		return err;
	/*
	 * Absolute, so that a thread that opens its reader later is not misled by a change of
	 * folder.
	 */
	s->path = realpath(place, NULL);
	if (!s->path)
		return fail_path(c, "resolve the path", place);
	s->named = absolute(c, place);
	return APP_OK;
}

enum app_err sqlite_file_remember(struct ctx *c, struct sqlite *s)
{
	struct stat st;
	if (lstat(s->path, &st))
		return fail_path(c, "look at the database file", s->path);
	s->device = st.st_dev;
	s->inode = st.st_ino;
	return APP_OK;
}

static const char *const beside[SQLITE_BESIDE] = { "-wal", "-shm", "-lock" };

/* SQLite keeps what is beside the database beside the file itself, not beside a link to it. */
void sqlite_files(struct ctx *c, const struct db_options *options, const char *place,
		  db_file_fn *tell, void *arg)
{
	(void)options;
	if (!*place || str_eq(place, SQLITE_MEMORY))
		return;
	char *real = realpath(place, NULL);
	struct stat link;
	bool is_link = real && !lstat(place, &link) && S_ISLNK(link.st_mode);
	tell(arg, place, EXPOSURE_DATA);
	for (int i = 0; i < SQLITE_BESIDE; i++)
		tell(arg, arena_printf(c->arena, "%s%s", is_link ? real : place, beside[i]),
		     EXPOSURE_DATA);
	free(real);
}

/*
 * 0: there is none, or none that can be looked at. A link counts as itself: what it leads to may be
 * the very file, yet the next who opens the database looks beside what it leads to.
 */
static ino_t inode_beside(const struct sqlite *s, int which)
{
	char path[PATH_MAX];
	struct stat st;
	int len = snprintf(path, sizeof(path), "%s%s", s->path, beside[which]);
	return len < (int)sizeof(path) && !lstat(path, &st) ? st.st_ino : 0;
}

void sqlite_file_remember_beside(struct sqlite *s)
{
	for (int i = 0; i < SQLITE_BESIDE; i++)
		if (!s->beside[i])
			s->beside[i] = inode_beside(s, i);
}

/* A log or a lock that others do not see is as bad as a file that they do not see. */
static bool beside_moved(const struct sqlite *s)
{
	for (int i = 0; i < SQLITE_BESIDE; i++) {
		ino_t known = s->beside[i];
		if (known && inode_beside(s, i) != known)
			return true;
	}
	return false;
}

static struct app *app_of(const struct sqlite *s)
{
	return s->writer ? s->writer->app : NULL;
}

void sqlite_file_tell(const struct sqlite *s, const char *event)
{
	AUTO(ctx_own) own;
	ctx_own_init(&own, app_of(s));
	log_error(&own.c, event, LOG_TEXT("file", s->path));
}

/*
 * Once, until it has one name again. Backups make links, and must not stop a server: nobody can be
 * served by the other name while this one is (name.c).
 */
static void note_links(struct sqlite *s, const struct stat *st)
{
	if (st->st_nlink <= 1) {
		s->linked = false;
		return;
	}
	if (atomic_exchange(&s->linked, true))
		return;
	AUTO(ctx_own) own;
	ctx_own_init(&own, app_of(s));
	log_warn(&own.c,
		 "the database file has another name, a hard link: that is no backup, for it "
		 "changes with the file, and nothing may open it by that name; make copies "
		 "with " APP_NAME " backup",
		 LOG_TEXT("file", s->path), LOG_INT("names", (int64_t)st->st_nlink));
}

static bool is_ours(const struct sqlite *s, const struct stat *st)
{
	return st->st_dev == s->device && st->st_ino == s->inode;
}

/*
 * The file under its own name must be the file itself, no link to it; and the name in the URL,
 * which may be a link from the start, must still lead to it.
 */
static bool names_moved(struct sqlite *s)
{
	struct stat st;
	if (lstat(s->path, &st) || !is_ours(s, &st))
		return true;
	note_links(s, &st);
	return strcmp(s->named, s->path) != 0 && (stat(s->named, &st) || !is_ours(s, &st));
}

/* What is committed into a file without its name is lost: told once, with what helps. */
bool sqlite_file_moved(struct sqlite *s)
{
	bool moved = !s->memory && (names_moved(s) || beside_moved(s));
	if (!moved)
		s->moved = false;
	else if (!atomic_exchange(&s->moved, true))
		sqlite_file_tell(s, "the database file, its -wal, -shm or -lock was moved, removed "
				    "or replaced while the server runs; writes are refused: stop "
				    "the server, put the right file in its place without the -wal "
				    "and -shm of another, and start again");
	return moved;
}

void sqlite_file_damaged(struct sqlite *s)
{
	if (s->memory || atomic_exchange(&s->damaged, true))
		return;
	sqlite_file_tell(s, "the database file is damaged: stop the server, keep a copy of the "
			    "file with its -wal, and restore a backup with " APP_NAME " restore");
}
