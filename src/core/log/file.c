/*
 * A log that is a file: when the next lines belong into a new one, and making way for that. Done by
 * the thread that writes; from others it is only told to open the file anew.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/say.h"
#include "base/way.h"

static int64_t today(void)
{
	return clock_system.now(&clock_system).us / DAY_US;
}

/* What is in it already is of the day on which it was written to last. */
static void look_at(struct log_file *file)
{
	struct stat st;
	file->day = today();
	if (!fstat(file->fd, &st) && st.st_size)
		file->day = (int64_t)st.st_mtim.tv_sec / (24 * 60 * 60);
}

static int open_as(const struct way_end *end, int flags)
{
	return openat(end->folder, end->name, O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0600);
}

/* Root would be led astray by what a user made. */
static int refuse(int fd)
{
	if (fd >= 0)
		close(fd);
	errno = EPERM;
	return -1;
}

/* Whether somebody else may have given the file its second name, in a folder of his. */
static bool is_named_by_others(const struct stat *st, const struct stat *folder)
{
	bool others_write = folder->st_mode & (S_IWGRP | S_IWOTH);
	bool is_others = folder->st_uid && folder->st_uid != st->st_uid;
	return S_ISREG(st->st_mode) && st->st_nlink > 1 && (others_write || is_others);
}

/* What was opened is judged, not what was there before. */
static int keep_if_fine(int fd, struct way_end *end)
{
	struct stat folder;
	if (fd < 0 || geteuid() != 0)
		return fd;
	if (fstat(fd, &end->way.st) || fstat(end->folder, &folder) || way_is_astray(&end->way) ||
	    is_named_by_others(&end->way.st, &folder))
		return refuse(fd);
	return fd;
}

/* What root makes in another's folder is his, so that a server of his can open it, too. */
static int make_at(const struct way_end *end)
{
	struct stat folder;
	if (geteuid() == 0 && way_is_astray(&end->way))
		return refuse(-1);
	int fd = open_as(end, O_CREAT | O_EXCL | O_NOFOLLOW);
	if (fd < 0 || geteuid() != 0 || fstat(end->folder, &folder))
		return fd;
	int unused = fchown(fd, folder.st_uid, folder.st_gid);
	(void)unused;
	return fd;
}

static int open_at(struct way_end *end)
{
	if (end->folder < 0)
		return -1;
	int fd = open_as(end, end->is_open_file ? 0 : O_NOFOLLOW);
	return fd < 0 && errno == ENOENT ? make_at(end) : keep_if_fine(fd, end);
}

static void way_leave(struct way_end *end)
{
	int why = errno;
	if (end->folder >= 0)
		close(end->folder);
	errno = why;
}

enum { TRIES = 8 };

/*
 * EPERM: root would be led astray. Who puts a link or a file there meanwhile has the way looked at
 * anew.
 */
static int path_open(const char *path)
{
	int fd = -1;
	for (int i = 0; i < TRIES && fd < 0; i++) {
		AUTO(arena) arena = { 0 };
		struct way_end end = way_end_find(&arena, path);
		fd = open_at(&end);
		way_leave(&end);
		if (fd < 0 && errno != ELOOP && errno != EEXIST)
			break;
	}
	return fd;
}

struct log_file *log_file_open(const struct log_options *options)
{
	int fd = path_open(options->file);
	if (fd < 0)
		return NULL;
	struct log_file *file = mem_new(1, sizeof(*file));
	file->path = mem_strdup(options->file);
	file->bytes = options->rotate_bytes;
	file->daily = options->rotate_daily;
	file->keep = (int)options->keep;
	file->fd = fd;
	look_at(file);
	return file;
}

void log_file_close(struct log_file *file)
{
	close(file->fd);
	free(file->path);
	free(file);
}

/* ---- a new file ---- */

/* Once, until it goes well again: it comes with each batch of lines. */
static void tell(struct log_file *file, const char *what, const char *path)
{
	if (!file->told)
		say_error(APP_NAME ": %s: the log cannot be %s: %s; it goes on where it was\n",
			  path, what, strerror(errno));
	file->told = true;
}

/* "croft.log.3"; number 0 is the file itself. */
static const char *numbered(struct arena *arena, const char *name, int number)
{
	return number ? arena_printf(arena, "%s.%d", name, number) : name;
}

/* Each becomes the next older one; the oldest is replaced. */
static bool rename_at(struct log_file *file, struct arena *arena, const struct way_end *end)
{
	for (int number = file->keep - 1; number >= 0; number--) {
		const char *from = numbered(arena, end->name, number);
		const char *to = numbered(arena, end->name, number + 1);
		if (renameat(end->folder, from, end->folder, to) == 0 ||
		    (number && errno == ENOENT))
			continue;
		tell(file, "renamed", numbered(arena, file->path, number));
		return false;
	}
	return true;
}

/* All names are of the one folder that the way led to. None is renamed when the file is gone. */
static bool make_way(struct log_file *file)
{
	AUTO(arena) arena = { 0 };
	struct stat st;
	struct way_end end = way_end_find(&arena, file->path);
	bool is_refused = end.is_open_file || (geteuid() == 0 && way_is_astray(&end.way));
	bool is_gone = end.folder >= 0 && !is_refused &&
		       fstatat(end.folder, end.name, &st, AT_SYMLINK_NOFOLLOW) && errno == ENOENT;
	if (is_refused)
		errno = EPERM;
	if (is_refused || end.folder < 0)
		tell(file, "renamed", file->path);
	bool done = is_gone || (!is_refused && end.folder >= 0 && rename_at(file, &arena, &end));
	way_leave(&end);
	return done;
}

/* The path may be another file by now. */
static void open_anew(struct log_file *file)
{
	int fd = path_open(file->path);
	if (fd < 0) {
		tell(file, "opened anew", file->path);
		return;
	}
	close(file->fd);
	file->fd = fd;
	file->told = false;
	look_at(file);
}

static bool is_full(struct log_file *file, size_t more)
{
	struct stat st;
	if ((!file->daily && !file->bytes) || fstat(file->fd, &st) || !S_ISREG(st.st_mode))
		return false;
	if (!st.st_size) {
		file->day = today();
		return false;
	}
	return (file->daily && file->day != today()) ||
	       (file->bytes && st.st_size + (int64_t)more > file->bytes);
}

int log_file_for(struct log_file *file, size_t more)
{
	if (atomic_exchange(&file->wanted_anew, false))
		open_anew(file);
	if (is_full(file, more) && make_way(file))
		open_anew(file);
	return file->fd;
}

void log_file_want_anew(struct log_file *file)
{
	atomic_store(&file->wanted_anew, true);
}
