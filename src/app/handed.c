/* The socket that who started this process listens on for it: LISTEN_FDS and LISTEN_PID. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "core/http.h"
#include "supervisor.h"

/* What is handed on begins here. */
enum { FIRST_FD = 3 };

static long number_in(const char *name)
{
	const char *text = getenv(name);
	char *end;
	if (!text || !*text)
		return 0;
	errno = 0;
	long number = strtol(text, &end, 10);
	return *end || errno ? -1 : number;
}

/* So that what this process starts does not take them for its own. */
static void variables_forget(void)
{
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
}

/* NULL: clients can be accepted from it. */
static const char *socket_fault(int fd, const struct sockaddr *address)
{
	int type = 0, listens = 0;
	socklen_t len = sizeof(type), listens_len = sizeof(listens);
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) != 0)
		return "it is no socket";
	if (type != SOCK_STREAM ||
	    (address->sa_family != AF_INET && address->sa_family != AF_INET6))
		return "it is no TCP socket";
	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &listens_len) != 0 || !listens)
		return "it does not listen";
	return NULL;
}

static void socket_ready(int fd)
{
	int on = 1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* What the log and the greeting say is where it is. */
static void address_say(struct ctx *c, const struct sockaddr *address, socklen_t len,
			struct http_options *options)
{
	char host[NI_MAXHOST], port[NI_MAXSERV];
	if (getnameinfo(address, len, host, sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return;
	options->host = arena_strdup(c->arena, host);
	options->port = strtol(port, NULL, 10);
}

enum app_err supervisor_listener(struct ctx *c, struct http_options *options)
{
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof(address);
	bool is_ours = number_in("LISTEN_PID") == getpid();
	long count = number_in("LISTEN_FDS");
	if (!is_ours || !count)
		return APP_OK;
	variables_forget();
	if (count != 1)
		return ctx_fail(c, APP_INVALID,
				"LISTEN_FDS is not 1: a server listens on one socket, so let the "
				"unit of the socket have one ListenStream=");
	getsockname(FIRST_FD, (struct sockaddr *)&address, &len);
	const char *fault = socket_fault(FIRST_FD, (struct sockaddr *)&address);
	if (fault)
		return ctx_fail(c, APP_INVALID,
				"Cannot listen on the socket that was handed on (LISTEN_FDS): %s",
				fault);
	socket_ready(FIRST_FD);
	address_say(c, (struct sockaddr *)&address, len, options);
	options->listener = FIRST_FD;
	options->listener_is_shared = true;
	return APP_OK;
}
