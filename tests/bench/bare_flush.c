/*
 * What one durable commit cannot cost less than: a page appended to a file and flushed to the disk.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bare.h"

enum { FLUSHES = 500, PAGE = 4096 };

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

void flush_measure(const char *path)
{
	static const char page[PAGE];
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
	int64_t began = now_us();

	for (int i = 0; i < FLUSHES; i++) {
		if (fd < 0 || write(fd, page, PAGE) != PAGE || fdatasync(fd)) {
			perror(path);
			exit(1);
		}
	}
	printf("%lld\n", (long long)(now_us() - began) / FLUSHES);
	close(fd);
}
