/*
 * Whether the database file is as croft left it: its inode, size and time of change stand in `<database>-lock`, written
 * after each checkpoint of ours and when the file is closed. A start that finds another file, or one that was written by
 * others since, looks through it first (inspect.c), as a copy that was put over it may be under a log that is not its own.
 * Neither a stop by force nor commits of ours alter the file, so that an ordinary start costs nothing; one
 * after a checkpoint that was cut off does.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "internal.h"

enum { MARK_AT = 64 /* bytes; version.c has the first eight */ };

/* Version 2 of this, in a file of croft. */
static const uint64_t MARK_MAGIC = 0x636d61726b303032U;

struct mark {
	uint64_t magic, inode;
	int64_t bytes, seconds, nanoseconds; /* bytes: -1 when it is not known how it was left */
	uint64_t name;                       /* by which it was open; see name.c */
};

static struct mark mark_of(const struct stat *st, uint64_t name)
{
	return (struct mark){ MARK_MAGIC,         st->st_ino,          st->st_size,
			      st->st_mtim.tv_sec, st->st_mtim.tv_nsec, name };
}

static void mark_write(int lock_fd, const struct mark *mark)
{
	/* when it fails the next start looks through the file */
	ssize_t unused = pwrite(lock_fd, mark, sizeof(*mark), MARK_AT);
	(void)unused;
}

static bool mark_read(int lock_fd, struct mark *ret)
{
	return pread(lock_fd, ret, sizeof(*ret), MARK_AT) == (ssize_t)sizeof(*ret) &&
	       ret->magic == MARK_MAGIC;
}

static bool is_same_file(const struct mark *a, const struct mark *b)
{
	return a->inode == b->inode && a->bytes == b->bytes && a->seconds == b->seconds &&
	       a->nanoseconds == b->nanoseconds;
}

void sqlite_mark_look(struct sqlite *s)
{
	struct stat st;
	struct mark mark;
	if (lstat(s->path, &st) || !mark_read(s->hold.lock_fd, &mark)) {
		s->mark = SQLITE_MARK_NONE;
		return;
	}
	struct mark now = mark_of(&st, s->name);
	s->mark = is_same_file(&now, &mark) ? SQLITE_MARK_SAME : SQLITE_MARK_OTHER;
}

void sqlite_mark_ground(const struct sqlite *s)
{
	const struct sqlite_ground *ground = &s->ground;
	const struct stat st = { .st_ino = s->inode,
				 .st_size = ground->known ? ground->bytes : -1,
				 .st_mtim = ground->changed };
	struct mark mark = mark_of(&st, s->name);
	if (s->marks)
		mark_write(s->hold.lock_fd, &mark);
}

static void mark_file(int lock_fd, const char *database, uint64_t name)
{
	struct stat st;
	if (lstat(database, &st))
		return;
	struct mark mark = mark_of(&st, name);
	mark_write(lock_fd, &mark);
}

void sqlite_mark_now(const struct sqlite *s)
{
	if (s->marks && !s->overwritten)
		mark_file(s->hold.lock_fd, s->path, s->name);
}

void sqlite_mark_restored(struct ctx *c, const char *database)
{
	int fd = open(arena_printf(c->arena, "%s-lock", database), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	mark_file(fd, database, sqlite_name_of(c, database));
	close(fd);
}

bool sqlite_mark_is_here(struct ctx *c, const char *database)
{
	struct stat st;
	struct mark mark;
	/* its locks belong to descriptors, so that closing one takes none from another */
	int fd = open(arena_printf(c->arena, "%s-lock", database),
		      O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool here = sqlite_hold_is_shared(fd);
	if (!here && !lstat(database, &st) && mark_read(fd, &mark)) {
		struct mark now = mark_of(&st, sqlite_name_of(c, database));
		here = now.name == mark.name &&
		       (mark.bytes < 0 ? now.inode == mark.inode : is_same_file(&now, &mark));
	}
	close(fd);
	return here;
}
