/* Which process has an address. Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_HOLDER_H
#define CROFT_SRC_CORE_HTTP_HOLDER_H

#include <stdbool.h>
#include <sys/types.h>

struct sockaddr;

/* A name as the kernel has it, with its NUL. */
enum { HOLDER_NAME_ROOM = 17 };

struct holder {
	pid_t pid;
	/* plain characters */
	char name[HOLDER_NAME_ROOM];
};

/*
 * The process that listens where the TCP address cannot be bound: on the same one, or on that port
 * of all addresses; with a port of all addresses, on any. As far as /proc may be read: that of
 * another user shows it to root alone. Looks through all processes.
 */
bool holder_find(const struct sockaddr *address, struct holder *ret);

#endif
