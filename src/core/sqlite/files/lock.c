/*
 * The locks between processes, both on the file `<database>-lock`; the kernel drops them when a
 * process dies.
 *
 * flock(2), held during each transaction and checkpoint: SQLite 3.40 can corrupt a log when two
 * connections write or checkpoint at once ("WAL-reset bug"); inside the process there is one
 * writer, and this keeps a `croft run` beside a running server from being a second one.
 *
 * A lock on one byte (fcntl(2), of the open file), shared and held as long as the database is open:
 * whoever gets it alone knows that nobody has the file open, and may put another in its place. The
 * next byte is held by whoever has found the file sound (inspect.c), so that others need not look
 * again. The two kinds of lock do not touch each other. Whoever has the file open by another name
 * has another lock, and is found by name.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/clock.h"
#include "core/app.h"
#include "core/sqlite/internal.h"
#include "files.h"

enum { LOCK_POLL_NS = 1000000, OPEN_BYTE = 0, INSPECTED_BYTE = 1 };

static void pause_briefly(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = LOCK_POLL_NS }, NULL);
}

/* Between the two there is no moment without the byte: a shared one becomes whole, or stays. */
static bool byte_lock(int fd, short type, off_t at)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1 };
	return !fcntl(fd, F_OFD_SETLK, &lock);
}

static bool byte_is_locked(int fd, off_t at)
{
	struct flock others = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = at, .l_len = 1
	};
	return fd >= 0 && !fcntl(fd, F_OFD_GETLK, &others) && others.l_type != F_UNLCK;
}

static enum app_err file_open(struct ctx *c, const char *database, int *ret_fd)
{
	const char *path = arena_printf(c->arena, "%s-lock", database);
	/* what a link leads to would be given to the owner of the database, were this root */
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 && errno == ELOOP)
		return ctx_fail(c, APP_UNAVAILABLE, "'%s' is a link: remove it, no file of ours is",
				path);
	if (fd < 0)
		return ctx_fail(c, APP_UNAVAILABLE, "cannot open '%s': %s", path, strerror(errno));
	sqlite_file_own(fd, database);
	*ret_fd = fd;
	return APP_OK;
}

static enum app_err hold_complete(struct ctx *c, const char *database, int lock_fd,
				  struct sqlite_hold *ret)
{
	struct sqlite_hold hold = { lock_fd, -1 };
	enum app_err err = sqlite_name_take(c, database, lock_fd, &hold.file_fd);
	if (err)
		sqlite_hold_auto(&hold);
	else
		*ret = hold;
	return err;
}

enum app_err sqlite_hold_shared(struct ctx *c, const char *database, int64_t wait_ms,
				struct sqlite_hold *ret)
{
	int fd;
	enum app_err err = file_open(c, database, &fd);
	if (err)
		return err;
	int64_t end_us = clock_monotonic_us() + MILLISECONDS_US(wait_ms);
	while (!byte_lock(fd, F_RDLCK, OPEN_BYTE)) {
		int why = errno;
		bool held = why == EAGAIN || why == EACCES;
		if (!held && why != EINTR) {
			close(fd);
			return ctx_fail(c, APP_UNAVAILABLE, "cannot lock '%s-lock': %s", database,
					strerror(why));
		}
		if (clock_monotonic_us() >= end_us) {
			close(fd);
			return ctx_fail_retry(c, APP_UNAVAILABLE, DB_RETRY_S,
					      "the database '%s' is being restored from a backup; "
					      "try again when that is done",
					      database);
		}
		pause_briefly();
	}
	return hold_complete(c, database, fd, ret);
}

enum app_err sqlite_hold_alone(struct ctx *c, const char *database, struct sqlite_hold *ret)
{
	int fd;
	enum app_err err = file_open(c, database, &fd);
	if (err)
		return err;
	if (byte_lock(fd, F_WRLCK, OPEN_BYTE))
		return hold_complete(c, database, fd, ret);
	int why = errno;
	close(fd);
	if (why != EAGAIN && why != EACCES)
		return ctx_fail(c, APP_UNAVAILABLE, "cannot lock '%s-lock': %s", database,
				strerror(why));
	return ctx_fail(c, APP_CONFLICT,
			"a " APP_NAME " process has the database '%s' open: stop the server and "
			"every other " APP_NAME " command on it first",
			database);
}

void sqlite_hold_auto(struct sqlite_hold *hold)
{
	sqlite_name_drop(&hold->file_fd);
	if (hold->lock_fd >= 0)
		close(hold->lock_fd);
	*hold = SQLITE_HOLD_NONE;
}

enum app_err sqlite_lock_open(struct ctx *c, struct sqlite *s)
{
	return sqlite_hold_shared(c, s->path, s->options->busy_ms, &s->hold);
}

bool sqlite_is_shared(struct ctx *c)
{
	return sqlite_lock_is_shared(c->app->db->state);
}

bool sqlite_hold_is_shared(int lock_fd)
{
	return byte_is_locked(lock_fd, OPEN_BYTE);
}

bool sqlite_hold_is_inspected(int lock_fd)
{
	return byte_is_locked(lock_fd, INSPECTED_BYTE);
}

void sqlite_hold_inspected(int lock_fd)
{
	/* when it fails the next who opens it looks once more */
	bool unused = byte_lock(lock_fd, F_RDLCK, INSPECTED_BYTE);
	(void)unused;
}

bool sqlite_lock_is_shared(const struct sqlite *s)
{
	return sqlite_hold_is_shared(s->hold.lock_fd);
}

bool sqlite_lock_take(struct sqlite *s, int64_t wait_ms)
{
	if (s->hold.lock_fd < 0)
		return true;
	int64_t end_us = 0;
	while (flock(s->hold.lock_fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return false;
		int64_t at_us = clock_monotonic_us();
		if (!end_us)
			end_us = at_us + MILLISECONDS_US(wait_ms);
		if (at_us >= end_us)
			return false;
		pause_briefly();
	}
	return true;
}

void sqlite_lock_give(struct sqlite *s)
{
	if (s->hold.lock_fd >= 0)
		flock(s->hold.lock_fd, LOCK_UN);
}
