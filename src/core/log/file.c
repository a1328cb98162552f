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

enum { NUMBER_ROOM = 16 };

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

static int path_open_as(const char *path, int flags)
{
	return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0600);
}

/* What root makes in another's folder is his, so that a server of his can open it, too. */
static int path_make(const char *path, const struct stat *folder)
{
	int fd = path_open_as(path, O_EXCL);
	if (fd < 0)
		return errno == EEXIST ? path_open_as(path, 0) : -1;
	int unused = fchown(fd, folder->st_uid, folder->st_gid);
	(void)unused;
	return fd;
}

/* EPERM: root would be led astray by a link. */
static int path_open(const char *path)
{
	AUTO(arena) arena = { 0 };
	if (geteuid() != 0)
		return path_open_as(path, 0);
	const struct way way = way_find(&arena, path);
	if (!way_is_astray(&way))
		return S_ISDIR(way.st.st_mode) ? path_make(path, &way.st) : path_open_as(path, 0);
	errno = EPERM;
	return -1;
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
static void numbered(const struct log_file *file, int number, char *ret, size_t room)
{
	if (number)
		snprintf(ret, room, "%s.%d", file->path, number);
	else
		snprintf(ret, room, "%s", file->path);
}

/*
 * Each becomes the next older one; the oldest is replaced. None does when the file itself is gone.
 */
static bool make_way(struct log_file *file)
{
	if (access(file->path, F_OK) && errno == ENOENT)
		return true;
	size_t room = strlen(file->path) + NUMBER_ROOM;
	char *from = mem_new(2, room), *to = from + room;
	bool done = true;
	for (int number = file->keep - 1; number >= 0 && done; number--) {
		numbered(file, number, from, room);
		numbered(file, number + 1, to, room);
		done = rename(from, to) == 0 || (number && errno == ENOENT);
		if (!done)
			tell(file, "renamed", from);
	}
	free(from);
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
