/* Which process is in the way of an address, of several that have its port. */
#include "core/http/holder.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"
#include "testing/child.h"
#include "testing/rows.h"

/* Who listens on one port. */
#define OURS "127.0.0.2"
#define THEIRS "127.0.0.3"
#define UNSEEN "127.0.0.4"

enum { SHARED, WIDE, LONE, PORTS };

/* One that all three have, one that we have of all addresses, one that is ours on OURS alone. */
static uint16_t ports[PORTS];
static pid_t us, them;
/* holds the only way to a socket that no process has open */
static int in_flight[2];

static struct sockaddr_storage address_at(const char *text, uint16_t port)
{
	struct sockaddr_storage at = { .ss_family = strchr(text, ':') ? AF_INET6 : AF_INET };
	void *any = &at;
	struct sockaddr_in *v4 = any;
	struct sockaddr_in6 *v6 = any;
	bool is_v4 = at.ss_family == AF_INET;
	void *bytes = is_v4 ? (void *)&v4->sin_addr : (void *)&v6->sin6_addr;
	assert_int_equal(inet_pton(at.ss_family, text, bytes), 1);
	*(is_v4 ? &v4->sin_port : &v6->sin6_port) = htons(port);
	return at;
}

/* *port is chosen when it is 0. */
static int listen_at(const char *text, uint16_t *port)
{
	struct sockaddr_storage at = address_at(text, *port);
	struct sockaddr_in bound;
	socklen_t size = sizeof(bound);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&bound, &size), 0);
	*port = ntohs(bound.sin_port);
	return fd;
}

/* It is on its way to somebody, and so no process's. */
static void send_away(int fd)
{
	char byte = 0, room[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec bytes = { &byte, 1 };
	struct msghdr message = { .msg_iov = &bytes,
				  .msg_iovlen = 1,
				  .msg_control = room,
				  .msg_controllen = sizeof(room) };
	struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
	*rights = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
				    .cmsg_type = SCM_RIGHTS,
				    .cmsg_len = CMSG_LEN(sizeof(int)) };
	memcpy(CMSG_DATA(rights), &fd, sizeof(fd));
	assert_int_equal(sendmsg(in_flight[0], &message, 0), 1);
	close(fd);
}

/* Once it listens; of what it was born with it keeps nothing. */
static void child_listen(int not_its)
{
	int told[2];
	char byte = 0;
	assert_int_equal(pipe(told), 0);
	them = child_fork(SIGKILL);
	if (!them) {
		close(not_its);
		listen_at(THEIRS, &ports[SHARED]);
		if (write(told[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	close(told[1]);
	assert_int_equal(read(told[0], &byte, 1), 1);
	close(told[0]);
}

static int open_all(void **state)
{
	(void)state;
	us = getpid();
	child_listen(listen_at(OURS, &ports[SHARED]));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, in_flight), 0);
	send_away(listen_at(UNSEEN, &ports[SHARED]));
	listen_at("0.0.0.0", &ports[WIDE]);
	listen_at(OURS, &ports[LONE]);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	kill(them, SIGKILL);
	waitpid(them, NULL, 0);
	return 0;
}

struct holder_case {
	int port;
	const char *address;
	/* whose is found; NULL: nobody's */
	const pid_t *pid;
};

static void finds(void **state)
{
	const struct holder_case *row = *state;
	struct sockaddr_storage at = address_at(row->address, ports[row->port]);
	struct holder holder = { 0 };
	assert_int_equal(holder_find((struct sockaddr *)&at, &holder), row->pid != NULL);
	assert_int_equal(holder.pid, row->pid ? *row->pid : 0);
	assert_string_equal(holder.name, row->pid ? "test_holder" : "");
}

#define FINDS(sentence, ...) ROW_OF(sentence, finds, (&(struct holder_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		FINDS("who has the address is found", SHARED, OURS, &us),
		FINDS("whoever else has its port on another", SHARED, THEIRS, &them),
		FINDS("that of IPv4 is the same in IPv6", SHARED, "::ffff:" THEIRS, &them),
		FINDS("where nobody listens nobody is in the way", SHARED, "127.0.0.5", NULL),
		FINDS("nor is who has the port in IPv4 in that of IPv6", WIDE, "::1", NULL),
		FINDS("one that cannot be seen is not called by another's name", SHARED, UNSEEN,
		      NULL),
		FINDS("who has the port of all addresses is in the way", WIDE, "127.0.0.5", &us),
		FINDS("and of all of IPv6", WIDE, "::", &us),
		FINDS("of all addresses anyone is", LONE, "0.0.0.0", &us),
	};
	return rows_run_with("core/http/holder", rows, COUNT_OF(rows), open_all, close_all);
}
