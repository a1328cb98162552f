/*
 * How croft left the database: its file and its log, in the first page of `<database>-lock` at the
 * place that struct sqlite_shared gives it (changes/shared.c). A start compares it with what it
 * finds (inspect.c), so that a copy put over the file, or a log that is another's, shorter or gone,
 * is told before anything is read from it.
 *
 * Of the file: inode, size and time of change, as they were after the last checkpoint of ours and
 * at the close; and whether a checkpoint is under way, which alone changes them while the log is in
 * use.
 *
 * Of the log: its two salts, drawn anew each time it begins; how many frames were committed into
 * it, with the checksum that runs through all of them up to the last; and how many of them are in
 * the file. Written after each commit, which a create does not feel (one write of a hundred bytes
 * into memory), so what stands here was on the disk before: the log of a stop by force has at least
 * these frames. Before a commit that begins the log anew a flag says that its salts are not known
 * yet.
 *
 * It is flushed when a checkpoint begins, so that a file is never changed by one that is not told
 * here, at the start and at a clean stop. After a stop by force of the process all of it is exact.
 * After a power cut it may be older than the log, which may have begun anew, so the flag for that
 * counts as set; this is known by the kernel's id of the boot in which it was written. A clean stop
 * writes none: that holds in every boot.
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "core/sqlite/changes/versions.h"
#include "core/sqlite/internal.h"
#include "files.h"

enum { MARK_AT = offsetof(struct sqlite_shared, mark), BOOT_TEXT = 36 };

/* Version 3 of this, in a file of croft. */
static const uint64_t MARK_MAGIC = 0x636d61726b303033U;

struct mark {
	uint64_t magic;
	char boot[BOOT_TEXT]; /* zeros: it holds in every boot */
	uint32_t unused;
	uint64_t inode; /* with the next three: the file; all 0: of no file */
	int64_t bytes, seconds, nanoseconds;
	uint64_t name; /* by which it was open; see name.c */
	struct sqlite_note note;
};

_Static_assert(MARK_AT == 64, "files have it there");
_Static_assert(MARK_AT + sizeof(struct mark) <= offsetof(struct sqlite_shared, signals),
	       "it would be written over the signals");

static void boot_read(char ret[BOOT_TEXT])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, ret, BOOT_TEXT) != BOOT_TEXT)
		memset(ret, '?', BOOT_TEXT); /* where there is none, each is taken for another */
	if (fd >= 0)
		close(fd);
}

static void file_set(struct mark *mark, uint64_t name, uint64_t inode,
		     const struct sqlite_stamp *stamp)
{
	mark->name = name;
	mark->inode = inode;
	mark->bytes = stamp->bytes;
	mark->seconds = stamp->changed.tv_sec;
	mark->nanoseconds = stamp->changed.tv_nsec;
}

/* ---- a start ---- */

static bool is_as_left(const struct mark *mark, const struct stat *st)
{
	const struct sqlite_stamp left = { mark->bytes, { mark->seconds, mark->nanoseconds } };
	const struct sqlite_stamp now = sqlite_stamp_of(st);
	return mark->inode == st->st_ino && sqlite_stamp_same(&left, &now);
}

/* A time of change reaches the disk later than what was changed. */
static bool has_older_time(const struct mark *mark, const struct stat *st)
{
	bool older = st->st_mtim.tv_sec < mark->seconds ||
		     (st->st_mtim.tv_sec == mark->seconds &&
		      st->st_mtim.tv_nsec < mark->nanoseconds);
	return mark->inode == st->st_ino && mark->bytes == st->st_size && older;
}

static bool mark_get(int lock_fd, struct mark *ret)
{
	return pread(lock_fd, ret, sizeof(*ret), MARK_AT) == (ssize_t)sizeof(*ret) &&
	       ret->magic == MARK_MAGIC;
}

enum sqlite_mark_state sqlite_mark_read(const char *database, int lock_fd, struct sqlite_note *ret)
{
	struct stat st;
	struct mark mark;
	char boot[BOOT_TEXT];
	memset(ret, 0, sizeof(*ret));
	if (lstat(database, &st) || !mark_get(lock_fd, &mark))
		return SQLITE_MARK_NONE;
	*ret = mark.note;
	boot_read(boot);
	if (mark.boot[0] && (boot[0] == '?' || memcmp(boot, mark.boot, sizeof(boot)) != 0)) {
		ret->begins = true;
		ret->copying = ret->copying || has_older_time(&mark, &st);
	}
	return is_as_left(&mark, &st) ? SQLITE_MARK_SAME : SQLITE_MARK_OTHER;
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
	if (!here && !lstat(database, &st) && mark_get(fd, &mark))
		here = mark.name == sqlite_name_of(c, database) &&
		       (mark.note.copying ? mark.inode == st.st_ino : is_as_left(&mark, &st));
	close(fd);
	return here;
}

/* ---- while it is open ---- */

/* When it fails the next start takes what it finds for another's, and says so. */
static void mark_write(int lock_fd, const struct mark *mark)
{
	ssize_t unused = pwrite(lock_fd, mark, sizeof(*mark), MARK_AT);
	(void)unused;
}

static void mark_all(const struct sqlite *s, bool for_ever)
{
	struct mark mark = { .magic = MARK_MAGIC, .note = s->mark.note };
	file_set(&mark, s->name, s->inode, &s->mark.left);
	if (!for_ever)
		memcpy(mark.boot, s->mark.boot, sizeof(mark.boot));
	mark_write(s->hold.lock_fd, &mark);
}

static void left_look(struct sqlite *s)
{
	struct stat st;
	if (!lstat(s->path, &st))
		s->mark.left = sqlite_stamp_of(&st);
}

void sqlite_mark_open(struct sqlite *s)
{
	if (!s->mark.kept)
		return;
	boot_read(s->mark.boot);
	left_look(s);
	mark_all(s, false);
	/* or after a power cut it would still say that nothing can have happened since */
	fdatasync(s->hold.lock_fd);
}

void sqlite_mark_begins(struct sqlite *s)
{
	if (!s->mark.kept)
		return;
	pthread_mutex_lock(&s->ground_lock);
	bool may_begin = s->mark.note.copied >= s->mark.note.frames && !s->mark.note.begins;
	if (may_begin) {
		s->mark.note.begins = true;
		mark_all(s, false);
	}
	pthread_mutex_unlock(&s->ground_lock);
}

void sqlite_mark_copying(struct sqlite *s, bool copying)
{
	s->mark.note.copying = copying;
	if (!s->mark.kept)
		return;
	mark_all(s, false);
	if (copying)
		fdatasync(s->hold.lock_fd);
}

void sqlite_mark_ground(struct sqlite *s, const struct sqlite_note *log)
{
	struct sqlite_note note = s->mark.note;
	const struct sqlite_ground *ground = &s->ground;
	note.begins = false;
	if (log->frames) {
		note = *log;
		note.copying = s->mark.note.copying;
	} else {
		note.copied = note.frames; /* only what is in the file is given up */
	}
	bool same_file = !ground->known || sqlite_stamp_same(&ground->stamp, &s->mark.left);
	if (!s->mark.kept || (same_file && !memcmp(&note, &s->mark.note, sizeof(note))))
		return;
	s->mark.note = note;
	if (ground->known)
		s->mark.left = ground->stamp;
	mark_all(s, false);
}

void sqlite_mark_close(struct sqlite *s)
{
	struct stat st;
	char log[4096];
	if (!s->mark.kept || s->overwritten)
		return;
	bool shared = sqlite_lock_is_shared(s);
	snprintf(log, sizeof(log), "%s-wal", s->path);
	if (!shared && (lstat(log, &st) || !st.st_size)) {
		s->mark.note.copied = s->mark.note.frames;
		s->mark.note.begins = false;
	}
	left_look(s);
	mark_all(s, !shared);
	if (!shared)
		fdatasync(s->hold.lock_fd);
}

void sqlite_mark_restored(struct ctx *c, const char *database)
{
	struct stat st;
	struct mark mark = { .magic = MARK_MAGIC };
	int fd = open(arena_printf(c->arena, "%s-lock", database), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if (!lstat(database, &st)) {
		const struct sqlite_stamp now = sqlite_stamp_of(&st);
		file_set(&mark, sqlite_name_of(c, database), st.st_ino, &now);
		mark_write(fd, &mark);
		fdatasync(fd);
	}
	close(fd);
}
