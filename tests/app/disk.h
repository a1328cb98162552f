/*
 * A disk that fills up and fails, for test programs that run the server as themselves: disk_main()
 * is their main(). The calls that SQLite and the log write with are defined here and so take the
 * place of libc's in the whole process; no preloaded library and no mount is needed. What they do
 * is said in a page that the test and its servers share.
 */
#ifndef CROFT_TESTS_APP_DISK_H
#define CROFT_TESTS_APP_DISK_H

#include "testing/rows.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/main.h"

#define DISK_FD "TEST_DISK_FD"
#define DISK_ROOMY INT64_MAX

struct disk {
	_Atomic int64_t room;   /* bytes that files may still grow by */
	atomic_int write_fails; /* errno of pwrite(); 0: none */
	_Atomic ino_t limited;  /* the one file whose pwrite() fails with EFBIG; 0: none */
	atomic_int sync_fails;  /* errno of fdatasync() */
	atomic_int log_fails;   /* errno of write() to standard error */
	atomic_long failed;     /* calls that did */
};

static struct disk *disk; /* NULL: nothing fails */

static int disk_fail(int why)
{
	disk->failed++;
	errno = why;
	return -1;
}

static bool disk_take(int64_t bytes)
{
	int64_t room = disk->room;
	while (room >= bytes)
		if (room == DISK_ROOMY ||
		    atomic_compare_exchange_weak(&disk->room, &room, room - bytes))
			return true;
	return false;
}

/*
 * Only what lies beyond the end of the file needs room; as on a real disk, what fits of it is
 * written.
 */
ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	struct stat st;
	if (!disk)
		return syscall(SYS_pwrite64, fd, bytes, len, at);
	if (disk->write_fails)
		return disk_fail(disk->write_fails);
	bool known = !fstat(fd, &st);
	if (known && disk->limited == st.st_ino)
		return disk_fail(EFBIG);
	int64_t end = at + (int64_t)len;
	int64_t growth = !known || end <= st.st_size ? 0 : end - st.st_size;
	if (disk_take(growth))
		return syscall(SYS_pwrite64, fd, bytes, len, at);
	int64_t fits = (int64_t)len - growth;
	if (fits <= 0)
		return disk_fail(ENOSPC);
	return syscall(SYS_pwrite64, fd, bytes, fits, at);
}

/* What is cut off is room again, as SQLite expects when it starts its index over. */
int ftruncate64(int fd, off64_t size)
{
	struct stat st;
	if (disk && disk->room != DISK_ROOMY && !fstat(fd, &st) && size < st.st_size)
		disk->room += st.st_size - size;
	return (int)syscall(SYS_ftruncate, fd, size);
}

int statvfs(const char *path, struct statvfs *ret)
{
	(void)path;
	int64_t room = disk ? disk->room : DISK_ROOMY;
	*ret = (struct statvfs){ .f_frsize = 1, .f_bavail = (fsblkcnt_t)room };
	return 0;
}

int fdatasync(int fd)
{
	if (disk && disk->sync_fails)
		return disk_fail(disk->sync_fails);
	return (int)syscall(SYS_fdatasync, fd);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	if (disk && disk->log_fails && fd == STDERR_FILENO)
		return disk_fail(disk->log_fails);
	return syscall(SYS_write, fd, bytes, len);
}

static char disk_fd[32]; /* TEST_DISK_FD=number, for the environment of programs */

static void disk_reset(void)
{
	disk->room = DISK_ROOMY;
	disk->write_fails = disk->sync_fails = disk->log_fails = 0;
	disk->limited = 0;
	disk->failed = 0;
}

static struct disk *disk_map(int fd)
{
	void *page = mmap(NULL, sizeof(struct disk), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		abort();
	return page;
}

/* The test: shares a page with the servers it starts, which are this program again. */
static int disk_test(const char *area, const struct CMUnitTest *rows, size_t count)
{
	int fd = memfd_create("disk", 0);
	if (fd < 0 || ftruncate(fd, sizeof(struct disk)))
		abort();
	disk = disk_map(fd);
	disk_reset();
	snprintf(disk_fd, sizeof(disk_fd), DISK_FD "=%d", fd);
	putenv(disk_fd);
	setenv("CROFT_BINARY", "/proc/self/exe", 1);
	return _cmocka_run_group_tests(area, rows, count, NULL, NULL);
}

static inline int disk_main(int argc, char **argv, const char *area, const struct CMUnitTest *rows,
			    size_t count)
{
	if (argc < 2)
		return disk_test(area, rows, count);
	const char *number = getenv(DISK_FD);
	if (number)
		disk = disk_map(atoi(number));
	return cli_main(argc, argv);
}

#endif
