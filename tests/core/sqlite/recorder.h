/*
 * Records each write, truncation and flush that SQLite makes to the database t.db and its log, in
 * order. For tests that ask what a disk may hold after the power was cut. One recorder a program:
 * SQLite's system calls are the process's.
 */
#ifndef CROFT_TESTS_CORE_SQLITE_RECORDER_H
#define CROFT_TESTS_CORE_SQLITE_RECORDER_H

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RECORDER_FDS = 1024 };
enum file { DATABASE, LOG, FILES, OTHER };
static const char *const file_names[FILES] = { "t.db", "t.db-wal" };

struct event {
	enum { WRITE, TRUNCATE, FLUSH } what;
	enum file file;
	int64_t at; /* offset, or the new size */
	size_t len;
	char *bytes;
};

static struct recorder {
	pthread_mutex_t lock;
	struct event *events;
	size_t count, room;
	enum file files[RECORDER_FDS]; /* which file a descriptor is */
	bool on;
} recorder = { .lock = PTHREAD_MUTEX_INITIALIZER };

static inline void record(int fd, struct event event, const void *bytes)
{
	struct recorder *r = &recorder;
	pthread_mutex_lock(&r->lock);
	event.file = fd >= 0 && fd < RECORDER_FDS ? r->files[fd] : OTHER;
	if (r->on && event.file != OTHER) {
		if (r->count == r->room) {
			r->room = r->room ? r->room * 2 : 1024;
			r->events = realloc(r->events, r->room * sizeof(*r->events));
			assert_non_null(r->events);
		}
		if (event.len && bytes) {
			event.bytes = malloc(event.len);
			assert_non_null(event.bytes);
			memcpy(event.bytes, bytes, event.len);
		}
		r->events[r->count++] = event;
	}
	pthread_mutex_unlock(&r->lock);
}

static inline size_t recorded(void)
{
	pthread_mutex_lock(&recorder.lock);
	size_t count = recorder.count;
	pthread_mutex_unlock(&recorder.lock);
	return count;
}

static int on_open(const char *path, int flags, int mode)
{
	int fd = open(path, flags, mode);
	if (fd < 0 || fd >= RECORDER_FDS)
		return fd;
	const char *slash = strrchr(path, '/');
	enum file file = OTHER;
	for (int i = 0; i < FILES; i++)
		if (slash && !strcmp(slash + 1, file_names[i]))
			file = (enum file)i;
	pthread_mutex_lock(&recorder.lock);
	recorder.files[fd] = file;
	pthread_mutex_unlock(&recorder.lock);
	return fd;
}

static ssize_t on_pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	ssize_t done = pwrite(fd, bytes, len, at);
	if (done > 0)
		record(fd, (struct event){ .what = WRITE, .at = at, .len = (size_t)done }, bytes);
	return done;
}

static int on_ftruncate(int fd, off_t size)
{
	int failed = ftruncate(fd, size);
	if (!failed)
		record(fd, (struct event){ .what = TRUNCATE, .at = size }, NULL);
	return failed;
}

/* SQLite calls this one by its name: a program's own comes before the C library's. */
int fdatasync(int fd)
{
	int failed = (int)syscall(SYS_fdatasync, fd);
	if (!failed)
		record(fd, (struct event){ .what = FLUSH }, NULL);
	return failed;
}

static inline void recorder_install(void)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	const struct {
		const char *name;
		sqlite3_syscall_ptr call;
	} calls[] = {
		{ "open", (sqlite3_syscall_ptr)on_open },
		{ "pwrite", (sqlite3_syscall_ptr)on_pwrite },
		{ "pwrite64", (sqlite3_syscall_ptr)on_pwrite },
		{ "ftruncate", (sqlite3_syscall_ptr)on_ftruncate },
	};
	for (size_t i = 0; i < COUNT_OF(calls); i++)
		assert_int_equal(vfs->xSetSystemCall(vfs, calls[i].name, calls[i].call), SQLITE_OK);
}

static inline void recorder_clear(void)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	vfs->xSetSystemCall(vfs, NULL, NULL);
	for (size_t i = 0; i < recorder.count; i++)
		free(recorder.events[i].bytes);
	free(recorder.events);
	recorder.events = NULL;
	recorder.count = recorder.room = 0;
	recorder.on = false;
}

#endif
