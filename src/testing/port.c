/* See port.h. */
#include "testing/port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "testing/rows.h"

/* Ports that no system gives to a program that asks for any. */
enum { PORT_FIRST = 20000, PORTS = 10000 };

static bool binds(int fd, const void *address, size_t len)
{
	return fd >= 0 && !bind(fd, address, (socklen_t)len);
}

/*
 * Also keeps it from other test programs, as long as this one runs, by a name that one at a time
 * can have.
 */
static bool port_take(int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((in_port_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "croft-test-port-%d", port);
	int keeper = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool taken = binds(keeper, &name, sizeof(name)) && binds(fd, &at, sizeof(at));
	close(fd);
	if (!taken)
		close(keeper);
	return taken;
}

int port_free(void)
{
	for (int i = 0; i < PORTS; i++) {
		int port = PORT_FIRST + (getpid() * 7 + i) % PORTS;
		if (port_take(port))
			return port;
	}
	fail_msg("no port is free");
	return 0;
}
