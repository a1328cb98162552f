/* Which process has a port. Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_HOLDER_H
#define CROFT_SRC_CORE_HTTP_HOLDER_H

#include <stdbool.h>
#include <sys/types.h>

/* A name as the kernel has it, with its NUL. */
enum { HOLDER_NAME_ROOM = 17 };

struct holder {
	pid_t pid;
	/* plain characters */
	char name[HOLDER_NAME_ROOM];
};

/*
 * The process that listens on the TCP port, whatever its address, as far as /proc may be read: that
 * of another user shows it to root alone. Looks through all processes.
 */
bool holder_find(int port, struct holder *ret);

#endif
