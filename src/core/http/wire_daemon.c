/*
 * libmicrohttpd as a whole: how it is started, and the connections that it takes. What 0.9.75 gets
 * wrong or leaves open is answered by the guard (parse/guard.h) and peers.h.
 */
#include <stdio.h>

#include "base/ctx.h"
#include "core/log.h"
#include "peer.h"
#include "peers.h"
#include "server.h"
#include "wire.h"
#include "wire_library.h"

/* Memory of one connection; the request line and headers must fit. */
enum { CONNECTION_POOL = 32 * 1024, LISTEN_BACKLOG = 1024, CONNECTION_SLACK = 64 };

/* NULL: it is turned away. */
static struct peer *peer_new(struct http_server *server, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (atomic_load_explicit(&server->stopping, memory_order_relaxed)) {
		peers_refuse(fd->connect_fd, APP_UNAVAILABLE, "The server is stopping");
		return NULL;
	}
	const union MHD_ConnectionInfo *address = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	return peers_add(server->peers, fd->connect_fd, address ? address->client_addr : NULL);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct http_server *server = cls;
	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		peers_remove(*socket_context);
		*socket_context = NULL;
		return;
	}
	*socket_context = peer_new(server, connection);
	/* last: whoever waits for those that come finds them among the peers */
	if (server->options.listener_is_shared)
		atomic_fetch_sub(&server->coming, 1);
}

static void on_library_message(void *cls, const char *format, va_list args) PRINTF_LIKE(2, 0);
static void on_library_message(void *cls, const char *format, va_list args)
{
	struct http_server *server = cls;
	char text[512];
	int len = vsnprintf(text, sizeof(text), format, args);
	while (len > 0 && len < (int)sizeof(text) && text[len - 1] == '\n')
		text[--len] = '\0';
	AUTO(ctx_own) own;
	ctx_own_init(&own, server->app);
	log_debug(&own.c, "http library", LOG_TEXT("message", text));
}

enum app_err wire_start(struct ctx *c, struct http_server *server, int fd)
{
	const struct http_options *options = &server->options;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
			 MHD_USE_ERROR_LOG | (fd < 0 ? MHD_USE_NO_LISTEN_SOCKET : 0);
	struct MHD_OptionItem items[] = {
		{ MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_library_message, server },
		{ MHD_OPTION_LISTEN_BACKLOG_SIZE, LISTEN_BACKLOG, NULL },
		/* 0.9.75 at 1 writes its own 400 twice; the guard checks more than it would. */
		{ MHD_OPTION_STRICT_FOR_CLIENT, LIBRARY_IS_LAX ? 0 : 1, NULL },
		{ MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_POOL, NULL },
		{ MHD_OPTION_CONNECTION_LIMIT,
		  (intptr_t)(options->max_connections + CONNECTION_SLACK), NULL },
		/*
		 * None: it restarts with every byte, and ends a connection without a word. See
		 * peers.h.
		 */
		{ MHD_OPTION_CONNECTION_TIMEOUT, 0, NULL },
		{ MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, server },
		{ MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)wire_on_completed, server },
		{ MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)wire_on_target, server },
		{ MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)wire_on_escapes, NULL },
		/* A pool of one is no pool: the library refuses it. */
		{ server->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END,
		  server->threads, NULL },
		{ MHD_OPTION_END, 0, NULL },
	};
	server->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, wire_on_request, server, MHD_OPTION_ARRAY, items,
		fd < 0 ? MHD_OPTION_END : MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_END);
	if (!server->daemon)
		return ctx_fail(c, APP_UNAVAILABLE, "The HTTP server could not start its threads");
	return APP_OK;
}

void wire_stop(struct http_server *server)
{
	MHD_stop_daemon(server->daemon);
}

void wire_add(struct http_server *server, int fd, const struct sockaddr *address, socklen_t len)
{
	atomic_fetch_add(&server->coming, 1);
	if (MHD_add_connection(server->daemon, fd, address, len) != MHD_YES)
		atomic_fetch_sub(&server->coming, 1);
}
