/* Taking the address, and what to say when that fails. Accepts nobody: the library does. */
#include "listener.h"

#include "base/arena.h"
#include "holder.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *taken_fault(struct ctx *c, const struct sockaddr *address)
{
	struct holder holder;
	const char *who = "another program has the port";
	if (holder_find(address, &holder))
		who = arena_printf(c->arena, "process %d (%s) has the port", (int)holder.pid,
				   holder.name);
	return arena_printf(c->arena,
			    "%s. Stop it, or choose another port with --set server.port=9000 (0 "
			    "picks a free one)",
			    who);
}

static const char *listener_fault(struct ctx *c, const struct sockaddr *address, int error)
{
	if (error == EADDRINUSE)
		return taken_fault(c, address);
	if (error == EACCES)
		return "ports below 1024 want special rights. Choose another with --set "
		       "server.port=8000";
	if (error == EADDRNOTAVAIL)
		return "server.host is no address of this machine";
	return strerror(error);
}

static enum app_err listener_fail(struct ctx *c, const struct http_options *options,
				  const char *why)
{
	if (!options->port)
		return ctx_fail(c, APP_UNAVAILABLE, "Cannot listen on %s: %s", options->host, why);
	return ctx_fail(c, APP_UNAVAILABLE, "Cannot listen on %s port %lld: %s", options->host,
			(long long)options->port, why);
}

static int listener_bind(const struct addrinfo *address)
{
	int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	int on = 1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (bind(fd, address->ai_addr, address->ai_addrlen) == 0)
		return fd;
	int why = errno;
	close(fd);
	errno = why;
	return -1;
}

enum app_err http_listener_open(struct ctx *c, const struct http_options *options,
				int *ret_listener)
{
	char port[8];
	snprintf(port, sizeof(port), "%d", (int)options->port);
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *addresses = NULL;
	int failed = getaddrinfo(options->host, port, &hints, &addresses);
	if (failed)
		return listener_fail(c, options, gai_strerror(failed));
	int fd = listener_bind(addresses);
	const char *why = fd < 0 ? listener_fault(c, addresses->ai_addr, errno) : NULL;
	freeaddrinfo(addresses);
	if (why)
		return listener_fail(c, options, why);
	*ret_listener = fd;
	return APP_OK;
}

enum app_err listener_listen(struct ctx *c, const struct http_options *options, int *ret_fd,
			     int *ret_port)
{
	struct sockaddr_storage bound;
	socklen_t size = sizeof(bound);
	int fd = options->listener;
	enum app_err err = fd ? APP_OK : http_listener_open(c, options, &fd);
	if (err)
		return err;
	*ret_fd = fd;
	getsockname(fd, (struct sockaddr *)&bound, &size);
	if (listen(fd, SOMAXCONN) != 0)
		return listener_fail(c, options,
				     listener_fault(c, (struct sockaddr *)&bound, errno));
	*ret_port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
						      : ((struct sockaddr_in *)&bound)->sin_port);
	return APP_OK;
}

enum app_err listener_check(struct ctx *c, const struct http_options *options)
{
	struct http_options any_port = *options;
	int fd;
	any_port.port = 0;
	enum app_err err = http_listener_open(c, &any_port, &fd);
	if (!err)
		close(fd);
	return err;
}
