/* Accepting until told to end. Knows nothing of requests: the library reads. */
#include "acceptor.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"
#include "wire.h"

/* While there is no room for another descriptor. */
enum { PAUSE_MS = 20 };

struct acceptor {
	struct http_server *server;
	/* becomes readable when it is to end */
	int end;
	int listener;
	pthread_t thread;
};

static void accept_one(const struct acceptor *acceptor)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);
	int fd = accept4(acceptor->listener, (struct sockaddr *)&address, &len,
			 SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd >= 0)
		wire_add(acceptor->server, fd, (struct sockaddr *)&address, len);
	else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
		nanosleep(&(struct timespec){ .tv_nsec = PAUSE_MS * 1000000L }, NULL);
}

static void *acceptor_main(void *arg)
{
	const struct acceptor *acceptor = arg;
	struct pollfd fds[] = {
		{ .fd = acceptor->end, .events = POLLIN },
		{ .fd = acceptor->listener, .events = POLLIN },
	};
	while (!fds[0].revents) {
		if (poll(fds, 2, -1) > 0 && !fds[0].revents)
			accept_one(acceptor);
	}
	return NULL;
}

struct acceptor *acceptor_new(struct http_server *server, int listener)
{
	struct acceptor *acceptor = mem_new(1, sizeof(*acceptor));
	*acceptor = (struct acceptor){ .server = server,
				       .end = eventfd(0, EFD_CLOEXEC),
				       .listener = listener };
	if (acceptor->end >= 0 &&
	    !thread_start(&acceptor->thread, "http-acceptor", acceptor_main, acceptor))
		return acceptor;
	if (acceptor->end >= 0)
		close(acceptor->end);
	free(acceptor);
	return NULL;
}

void acceptor_drop(struct acceptor *acceptor)
{
	if (!acceptor)
		return;
	eventfd_write(acceptor->end, 1);
	pthread_join(acceptor->thread, NULL);
	close(acceptor->end);
	free(acceptor);
}
