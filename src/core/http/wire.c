/*
 * The bridge to libmicrohttpd: its callbacks feed an exchange and send its answer. With server.c the only place
 * that includes its header. What 0.9.75 gets wrong or leaves open is answered in guard.c and peers.c.
 *
 * The order for one request: on_target (request line) → on_request with the headers → again for each piece of
 * the body → again when it is complete or another thread has resumed us → on_completed.
 */
#include <microhttpd.h>

#include "exchange.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/log.h"
#include "peers.h"
#include "server.h"

/* Memory of one connection; the request line and headers must fit. */
enum { CONNECTION_POOL = 32 * 1024, LISTEN_BACKLOG = 1024, CONNECTION_SLACK = 64 };

/* ---- connections ---- */

static void on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct http_server *server = cls;
	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		peer_close(*socket_context);
		*socket_context = NULL;
		return;
	}
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *address = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	*socket_context = peer_open(server->peers, fd->connect_fd,
				    address ? address->client_addr : NULL);
}

static struct peer *peer_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info ? info->socket_context : NULL;
}

/* ---- the request line ---- */

static const char *reason_phrase(int status)
{
	const char *phrase = MHD_get_reason_phrase_for((unsigned)status);
	return phrase ? phrase : "Error";
}

/*
 * Answers past the library and ends the connection. For moments at which it takes no answer: before it has
 * parsed a query (a long one makes it hang), and while a body arrives.
 */
static void refuse_now(struct http_exchange *x, enum app_err err, const char *text)
{
	int fd = peer_fd(x->peer);
	int status = app_err_status(err);
	peer_refuse(fd, status, reason_phrase(status), app_err_slug(err), text);
	shutdown(fd, SHUT_RDWR);
	x->refused = true;
	x->answer.status = status;
}

/* Its result is the exchange that on_request() finds in *con_cls. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
	struct http_server *server = cls;
	struct http_exchange *x = exchange_new(server);
	atomic_fetch_add_explicit(&server->active, 1, memory_order_relaxed);
	x->connection = connection;
	x->peer = peer_of(connection);
	x->began_us = x->c.clock->monotonic_us(x->c.clock);
	peer_enter(x->peer, PEER_HEAD, 0);
	const char *why;
	enum app_err err = guard_target(target, &why);
	if (err) {
		id_new(x->request_id);
		x->raw_target = "";
		refuse_now(x, err, why);
	} else {
		x->raw_target = arena_strdup(&x->arena, target);
	}
	return x;
}

/* We decode the raw target ourselves, once: keep the library from doing it. */
static size_t keep_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
	(void)cls, (void)connection;
	return strlen(text);
}

/* ---- the answer ---- */

static const char strict_csp[] = "default-src 'none'; frame-ancestors 'none'";

static bool add_header(struct MHD_Response *response, const char *name, const char *value)
{
	return MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool add_headers(struct MHD_Response *response, const struct http_exchange *x)
{
	const struct answer *answer = &x->answer;
	bool fine = add_header(response, "X-Request-ID", x->request_id) &&
		    add_header(response, "X-Content-Type-Options", "nosniff") &&
		    add_header(response, "Referrer-Policy", "no-referrer") &&
		    add_header(response, "Content-Security-Policy",
			       answer->csp ? answer->csp : strict_csp) &&
		    add_header(response, "Cache-Control",
			       answer->cache_control ? answer->cache_control : "no-store");
	if (answer->type && answer->status != 304 && answer->status != 204)
		fine = fine && add_header(response, "Content-Type", answer->type);
	if (x->close)
		fine = fine && add_header(response, "Connection", "close");
	for (size_t i = 0; i < answer->header_count; i++)
		fine = fine &&
		       add_header(response, answer->headers[i].name, answer->headers[i].value);
	return fine;
}

/* The bytes stay in the arena or the binary: on_completed() runs when they are sent, and drops the arena. */
static struct MHD_Response *response_new(struct http_exchange *x)
{
	struct answer *answer = &x->answer;
	if (answer->fd <= 0 || answer->status == 304 || answer->status == 416)
		return MHD_create_response_from_buffer(answer->body ? answer->len : 0,
						       (void *)(uintptr_t)answer->body,
						       MHD_RESPMEM_PERSISTENT);
	struct MHD_Response *response = MHD_create_response_from_fd_at_offset64(
		answer->len, answer->fd, answer->offset);
	if (response)
		answer->fd = 0; /* the response closes it */
	return response;
}

static enum MHD_Result send_answer(struct http_exchange *x)
{
	struct http_server *server = x->server;
	if (atomic_load_explicit(&server->stopping, memory_order_relaxed))
		x->close = true;
	peer_enter(x->peer, PEER_ANSWER, (int64_t)x->answer.len);
	struct MHD_Response *response = response_new(x);
	if (!response)
		return MHD_NO;
	enum MHD_Result sent = MHD_NO;
	if (add_headers(response, x))
		sent = MHD_queue_response(x->connection, (unsigned)x->answer.status, response);
	MHD_destroy_response(response);
	return sent;
}

/* ---- the request ---- */

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name,
				 size_t name_len, const char *value, size_t value_len)
{
	(void)kind;
	struct http_exchange *x = cls;
	return guard_header(&x->head, name, name_len, value, value_len) ? MHD_YES : MHD_NO;
}

struct header_pairs {
	struct arena *arena;
	struct input_pair *list;
	size_t count;
};

static enum MHD_Result on_header_pair(void *cls, enum MHD_ValueKind kind, const char *name,
				      size_t name_len, const char *value, size_t value_len)
{
	(void)kind;
	struct header_pairs *pairs = cls;
	pairs->list[pairs->count++] = (struct input_pair){
		.name = arena_strndup(pairs->arena, name, name_len),
		.value = arena_strndup(pairs->arena, value ? value : "", value_len),
		.value_len = value_len,
	};
	return pairs->count < GUARD_HEADERS_MAX ? MHD_YES : MHD_NO;
}

const struct input_pair *wire_headers(struct http_exchange *x)
{
	struct header_pairs pairs = {
		.arena = &x->arena,
		.list = arena_zero(&x->arena, (GUARD_HEADERS_MAX + 1) * sizeof(struct input_pair)),
	};
	MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, on_header_pair, &pairs);
	return pairs.list;
}

void wire_resume(struct http_exchange *x, enum app_err err)
{
	struct MHD_Connection *connection = x->connection;
	struct http_server *server = x->server;
	x->err = err;
	x->state = EXCHANGE_RESUMED;
	MHD_resume_connection(connection);
	/* Last: a stopping server waits for this before it ends the event loops. */
	atomic_fetch_sub_explicit(&server->suspended, 1, memory_order_release);
}

/* Suspends first, hands over second: the work may be done before hand_over() returns. */
static void suspend(struct http_exchange *x)
{
	struct http_server *server = x->server;
	long waiting = atomic_fetch_add_explicit(&server->suspended, 1, memory_order_relaxed);
	x->state = EXCHANGE_SUSPENDED;
	MHD_suspend_connection(x->connection);
	enum app_err err = APP_UNAVAILABLE;
	if (waiting < server->options.max_waiting)
		err = x->hand_over(x);
	if (err && x->is_done)
		wire_resume(x, APP_OK); /* what is left is its answer */
	else if (err)
		wire_resume(x, app_fail_retry(&x->c, err, 1,
					      "The server is busy; try again in a moment"));
}

static enum MHD_Result go_on(struct http_exchange *x)
{
	x->place = ON_LOOP;
	switch (pipeline_run(x)) {
	case PIPELINE_BODY: x->state = EXCHANGE_BODY; return MHD_YES;
	case PIPELINE_SUSPEND: suspend(x); return MHD_YES;
	case PIPELINE_DONE: break;
	}
	return send_answer(x);
}

/*
 * The headers are in. An answer queued now closes the connection, so a settled one waits for the next call
 * unless closing is what we want: after a hostile head, or before a body too large to be read for nothing.
 */
static enum MHD_Result begin(struct http_exchange *x, const char *method, const char *version)
{
	x->method_text = method;
	x->version_text = version;
	MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, on_header, x);
	enum pipeline_state state = pipeline_run(x);
	x->state = EXCHANGE_BODY;
	if (state != PIPELINE_DONE)
		return MHD_YES;
	if (x->head.content_length > SWALLOW_MAX ||
	    (x->head.value[GUARD_EXPECT] && x->answer.status >= 400))
		x->close = true;
	return x->close ? send_answer(x) : MHD_YES;
}

static enum MHD_Result receive(struct http_exchange *x, const char *data, size_t len)
{
	if (x->answer.status) {
		x->swallowed += len;
		if (x->swallowed <= SWALLOW_MAX)
			return MHD_YES;
		refuse_now(x, APP_TOO_LARGE, app_err_text(APP_TOO_LARGE));
		return MHD_NO;
	}
	if ((int64_t)(x->body.len + len) > x->body_limit) {
		refuse_now(x, APP_TOO_LARGE, app_err_text(APP_TOO_LARGE));
		return MHD_NO;
	}
	if (!x->body.data && x->head.content_length > 0)
		buf_reserve(&x->body, (size_t)x->head.content_length);
	buf_add(&x->body, data, len);
	return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *len, void **con_cls)
{
	(void)cls, (void)connection, (void)url;
	struct http_exchange *x = *con_cls;
	if (!x || x->refused || !x->peer)
		return MHD_NO;
	if (x->state == EXCHANGE_HEAD)
		return begin(x, method, version);
	if (*len) {
		size_t got = *len;
		*len = 0;
		return receive(x, data, got);
	}
	return x->answer.status ? send_answer(x) : go_on(x);
}

/* ---- the end ---- */

static void log_access(struct http_exchange *x)
{
	const struct log *log = x->server->app->log;
	if (!x->server->access_log || !log_wants(log, LOG_LEVEL_INFO))
		return;
	int64_t took_us = x->c.clock->monotonic_us(x->c.clock) - x->began_us;
	size_t path_len = strcspn(x->raw_target, "?");
	const char *path = x->path.text ? x->path.text
					: arena_strndup(&x->arena, x->raw_target, path_len);
	log_info(&x->c, "request", LOG_TEXT("method", x->method_text), LOG_TEXT("path", path),
		 LOG_INT("status", x->answer.status), LOG_INT("bytes", (int64_t)x->answer.len),
		 LOG_INT("us", took_us), LOG_TEXT("peer", peer_address(x->peer)),
		 x->c.actor.user_id ? LOG_INT("user_id", x->c.actor.user_id)
				    : LOG_TEXT("user_id", NULL));
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
			 enum MHD_RequestTerminationCode code)
{
	(void)connection, (void)code;
	struct http_server *server = cls;
	struct http_exchange *x = *con_cls;
	if (!x)
		return;
	*con_cls = NULL;
	log_access(x);
	peer_enter(x->peer, PEER_IDLE, 0);
	exchange_drop(x);
	atomic_fetch_sub_explicit(&server->active, 1, memory_order_release);
}

static void on_library_message(void *cls, const char *format, va_list args) PRINTF_LIKE(2, 0);
static void on_library_message(void *cls, const char *format, va_list args)
{
	struct http_server *server = cls;
	char text[512];
	int len = vsnprintf(text, sizeof(text), format, args);
	while (len > 0 && len < (int)sizeof(text) && text[len - 1] == '\n')
		text[--len] = '\0';
	AUTO(arena) arena = { 0 };
	struct ctx c;
	ctx_init(&c, server->app, &arena);
	log_debug(&c, "http library", LOG_TEXT("message", text));
}

/* ---- start ---- */

enum app_err wire_start(struct ctx *c, struct http_server *server, int fd)
{
	const struct http_options *options = &server->options;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
			 MHD_USE_ERROR_LOG;
	struct MHD_OptionItem items[] = {
		{ MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_library_message, server },
		{ MHD_OPTION_LISTEN_SOCKET, fd, NULL },
		{ MHD_OPTION_LISTEN_BACKLOG_SIZE, LISTEN_BACKLOG, NULL },
		/* 0: at 1 it writes its own 400 twice; the guard checks more than it would. */
		{ MHD_OPTION_STRICT_FOR_CLIENT, 0, NULL },
		{ MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_POOL, NULL },
		{ MHD_OPTION_CONNECTION_LIMIT,
		  (intptr_t)(options->max_connections + CONNECTION_SLACK), NULL },
		/* None: it restarts with every byte, and ends a connection without a word. See peers.c. */
		{ MHD_OPTION_CONNECTION_TIMEOUT, 0, NULL },
		{ MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, server },
		{ MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, server },
		{ MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, server },
		{ MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)keep_escapes, NULL },
		/* A pool of one is no pool: the library refuses it. */
		{ server->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END,
		  server->threads, NULL },
		{ MHD_OPTION_END, 0, NULL },
	};
	server->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, server,
					  MHD_OPTION_ARRAY, items, MHD_OPTION_END);
	if (!server->daemon)
		return app_fail(c, APP_UNAVAILABLE, "The HTTP server could not start its threads");
	return APP_OK;
}
