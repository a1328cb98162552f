/*
 * Random bytes in blocks per thread, so that an identifier a request costs no system call of its
 * own.
 */
#include "base/random.h"
#include "base/app_name.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { BLOCK_SIZE = 512 };

/* Bytes past `used` are fresh; what has been handed out is wiped. */
static _Thread_local struct {
	pid_t pid; /* a forked child must not hand out its parent's bytes again */
	size_t used;
	unsigned char bytes[BLOCK_SIZE];
} block;

static void kernel_bytes(unsigned char *out, size_t len)
{
	while (len) {
		ssize_t got = getrandom(out, len, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			perror(APP_NAME ": the kernel gives no random bytes");
			abort();
		}
		out += got;
		len -= (size_t)got;
	}
}

void random_bytes(void *out, size_t len)
{
	if (len > BLOCK_SIZE / 4) {
		kernel_bytes(out, len);
		return;
	}
	pid_t pid = getpid();
	if (block.pid != pid || BLOCK_SIZE - block.used < len) {
		kernel_bytes(block.bytes, BLOCK_SIZE);
		block.pid = pid;
		block.used = 0;
	}
	if (!len)
		return;
	memcpy(out, block.bytes + block.used, len);
	explicit_bzero(block.bytes + block.used, len);
	block.used += len;
}
