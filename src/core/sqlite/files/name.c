/*
 * One file, one name. SQLite keeps the log beside the name by which a file was opened, and so do we
 * the lock: two servers that open one file by two names know nothing of each other, and each copies
 * its log over the other's pages (https://www.sqlite.org/howtocorrupt.html, "Multiple links to the
 * same file").
 *
 * While it is open each process holds a lock on a byte of the file itself, far behind its end,
 * whose place tells where the process keeps log and lock. Whoever finds another byte locked would
 * be the second. First one's own byte is locked and then the others are looked at, so that of two
 * who come at once at least one sees the other. What is known before that, name_check.c tells.
 *
 * The locks are of the open file (fcntl(2), F_OFD_SETLK). SQLite's are of the process, which loses
 * all that it has on a file with the first descriptor of it that is closed: so there is one for all
 * who hold a file in this process, and it is closed after their last connection.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/app_name.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/sqlite/internal.h"
#include "files.h"

/* Databases end at 2^48, and SQLite's own locks are at 2^30. */
static const off_t PLACES_AT = (off_t)1 << 62;
static const uint64_t PLACES_MASK = ((uint64_t)1 << 61) - 1;

struct held {
	dev_t device;
	ino_t inode;
	off_t place;
	int fd, uses;
	struct held *next;
};

static pthread_mutex_t helds_lock = PTHREAD_MUTEX_INITIALIZER;
static struct held *helds;

/* FNV-1a: the same in each version of croft, or two of them would not meet. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * 0x100000001b3u;
	return hash;
}

static uint64_t mix_number(uint64_t hash, uint64_t number)
{
	return mix(hash, &number, sizeof(number));
}

static const uint64_t MIX_START = 0xcbf29ce484222325u;

uint64_t sqlite_name_of(struct ctx *c, const char *database)
{
	struct stat st;
	const char *folder = str_folder(c->arena, database), *slash = strrchr(database, '/');
	const char *name = slash ? slash + 1 : database;
	if (stat(folder, &st))
		return 0;
	return mix(mix_number(MIX_START, st.st_ino), name, strlen(name));
}

/*
 * Devices have other numbers after the next start of the machine, and in two containers inodes may
 * have the same.
 */
static off_t place_of(struct ctx *c, const char *database, int lock_fd)
{
	struct stat folder = { 0 }, lock = { 0 };
	int unused = stat(str_folder(c->arena, database), &folder) | fstat(lock_fd, &lock);
	(void)unused;
	const uint64_t numbers[] = { folder.st_dev, folder.st_ino, lock.st_dev, lock.st_ino };
	uint64_t hash = mix(MIX_START, numbers, sizeof(numbers));
	return PLACES_AT + 1 + (off_t)(hash & PLACES_MASK);
}

/* ---- while it is open ---- */

/* An `len` of 0 is all there is behind. */
static bool is_locked(int fd, off_t start, off_t len)
{
	struct flock other = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = len
	};
	return !fcntl(fd, F_OFD_GETLK, &other) && other.l_type != F_UNLCK;
}

/* Where a file system has no such locks, nothing is known. */
static bool place_lock(int fd, off_t place)
{
	struct flock own = {
		.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = place, .l_len = 1
	};
	int unused = fcntl(fd, F_OFD_SETLK, &own);
	(void)unused;
	return !is_locked(fd, PLACES_AT, place - PLACES_AT) && !is_locked(fd, place + 1, 0);
}

static struct held *held_find(const struct stat *st)
{
	struct held *at = helds;
	while (at && (at->device != st->st_dev || at->inode != st->st_ino))
		at = at->next;
	return at;
}

static struct held *held_new(const char *database, off_t place)
{
	struct stat st;
	int fd = open(database, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return NULL; /* the next who opens it says why */
	if (fstat(fd, &st))
		memset(&st, 0, sizeof(st));
	struct held *held = mem_new(1, sizeof(*held));
	*held = (struct held){ st.st_dev, st.st_ino, place, fd, 0, helds };
	return helds = held;
}

static void held_free(struct held *held)
{
	struct held **at = &helds;
	while (*at != held)
		at = &(*at)->next;
	*at = held->next;
	close(held->fd);
	free(held);
}

/*
 * Under the lock; -1: there is nothing to be held. *ret_alone: nobody has it open by another name.
 */
static int hold(const char *database, off_t place, bool *ret_alone)
{
	struct stat st;
	struct held *held = stat(database, &st) ? NULL : held_find(&st);
	if (!held)
		held = held_new(database, place);
	*ret_alone = !held || (held->place == place && place_lock(held->fd, place));
	if (!held)
		return -1;
	if (*ret_alone)
		held->uses++;
	else if (!held->uses)
		held_free(held);
	return *ret_alone ? held->fd : -1;
}

enum app_err sqlite_name_take(struct ctx *c, const char *database, int lock_fd, int *ret_fd)
{
	bool alone;
	off_t place = place_of(c, database, lock_fd);
	pthread_mutex_lock(&helds_lock);
	*ret_fd = hold(database, place, &alone);
	pthread_mutex_unlock(&helds_lock);
	if (alone)
		return APP_OK;
	return ctx_fail(c, APP_CONFLICT,
			"a " APP_NAME " process has the file '%s' open under another name, with a "
			"log and a lock of its own: what both commit would be lost. Stop that one, "
			"or let both use one name of the file in one folder",
			database);
}

void sqlite_name_drop(int *fd)
{
	pthread_mutex_lock(&helds_lock);
	struct held *held = helds;
	while (held && held->fd != *fd)
		held = held->next;
	if (held && !--held->uses)
		held_free(held);
	pthread_mutex_unlock(&helds_lock);
	*fd = -1;
}
