/*
 * The lock between processes: `<database>-lock` is held with flock(2) during each transaction and checkpoint.
 * SQLite 3.40 can corrupt a log when two connections write or checkpoint at once ("WAL-reset bug"); inside the
 * process there is one writer, and this keeps a `croft run` beside a running server from being a second one.
 * The kernel drops it when a process dies.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "sqlite.h"

enum { LOCK_POLL_NS = 1000000 };

enum app_err sqlite_lock_open(struct ctx *c, struct sqlite *s)
{
	const char *path = arena_printf(c->arena, "%s-lock", s->path);
	s->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->lock_fd < 0)
		return app_fail(c, APP_UNAVAILABLE, "cannot open '%s': %s", path, strerror(errno));
	return APP_OK;
}

void sqlite_lock_close(struct sqlite *s)
{
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	s->lock_fd = -1;
}

bool sqlite_lock_take(struct sqlite *s, int64_t wait_ms)
{
	if (s->lock_fd < 0)
		return true;
	int64_t end_us = 0;
	while (flock(s->lock_fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return false;
		int64_t now_us = clock_system.monotonic_us(&clock_system);
		if (!end_us)
			end_us = now_us + MILLISECONDS_US(wait_ms);
		if (now_us >= end_us)
			return false;
		nanosleep(&(struct timespec){ .tv_nsec = LOCK_POLL_NS }, NULL);
	}
	return true;
}

void sqlite_lock_give(struct sqlite *s)
{
	if (s->lock_fd >= 0)
		flock(s->lock_fd, LOCK_UN);
}
