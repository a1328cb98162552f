/*
 * The bridge to libmicrohttpd: its callbacks feed an exchange and send its answer. What 0.9.75 gets
 * wrong or leaves open is answered in guard.c and peers.c. What a request says before its body is
 * read in wire_head.c.
 *
 * The order for one request: on_target (request line) → on_request with the headers → again for
 * each piece of the body → again when it is complete or another thread has resumed us →
 * on_completed.
 */
#include "wire.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/log.h"
#include "exchange.h"
#include "hold.h"
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
	if (atomic_load_explicit(&server->stopping, memory_order_relaxed)) {
		peer_refuse(fd->connect_fd, APP_UNAVAILABLE, "The server is stopping");
		shutdown(fd->connect_fd, SHUT_RDWR);
		return;
	}
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

const char *wire_reason(int status)
{
	const char *phrase = MHD_get_reason_phrase_for((unsigned)status);
	return phrase ? phrase : "Error";
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
	wire_target_read(x, target);
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

bool wire_answer_headers(const struct http_exchange *x, wire_header_fn *add, void *to)
{
	const struct answer *answer = &x->answer;
	bool fine = add(to, "X-Request-ID", x->request_id) &&
		    add(to, "X-Content-Type-Options", "nosniff") &&
		    add(to, "Referrer-Policy", "no-referrer") &&
		    add(to, "Content-Security-Policy", answer->csp ? answer->csp : strict_csp) &&
		    add(to, "Cache-Control",
			answer->cache_control ? answer->cache_control : "no-store");
	if (answer->type && answer->status != 304 && answer->status != 204)
		fine = fine && add(to, "Content-Type", answer->type);
	for (size_t i = 0; i < answer->header_count; i++)
		fine = fine && add(to, answer->headers[i].name, answer->headers[i].value);
	return fine;
}

static bool add_header(void *response, const char *name, const char *value)
{
	return MHD_add_response_header(response, name, value) == MHD_YES;
}

/*
 * The bytes stay with the exchange or in the binary: on_completed() runs when they are sent, and
 * drops it.
 */
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

/*
 * Where the trailers of a chunked body end 0.9.75 does not tell, and it ends them at a line that
 * begins with NUL or has no name: what comes behind them is not run.
 */
static bool ends_unseen(const struct http_exchange *x)
{
	return LIBRARY_IS_LAX && x->head.chunked;
}

static enum MHD_Result send_answer(struct http_exchange *x)
{
	struct http_server *server = x->server;
	if (atomic_load_explicit(&server->draining, memory_order_relaxed) || ends_unseen(x))
		x->close = true;
	peer_enter(x->peer, PEER_ANSWER, (int64_t)x->answer.len);
	struct MHD_Response *response = response_new(x);
	if (!response)
		return MHD_NO;
	enum MHD_Result sent = MHD_NO;
	if (wire_answer_headers(x, add_header, response) &&
	    (!x->close || add_header(response, "Connection", "close"))) {
		unsent_begin(x);
		sent = MHD_queue_response(x->connection, (unsigned)x->answer.status, response);
	}
	MHD_destroy_response(response);
	return sent;
}

/* ---- the request ---- */

void wire_resume(struct http_exchange *x, enum app_err err)
{
	struct MHD_Connection *connection = x->connection;
	struct http_server *server = x->server;
	x->err = err;
	/* First: whoever has an answer finds the room that its request took. */
	atomic_fetch_sub_explicit(&server->waiting, 1, memory_order_release);
	MHD_resume_connection(connection);
	/* Last: a stopping server waits for this before it ends the event loops. */
	atomic_fetch_sub_explicit(&server->suspended, 1, memory_order_release);
}

/*
 * Counts one more, unless the event loops are about to end. Here and in http_server_stop() each
 * tells the other first and looks second, in the one order that all threads see (the default of
 * atomics): so one of the two has seen the other.
 */
static bool may_suspend(struct http_server *server)
{
	atomic_fetch_add(&server->suspended, 1);
	if (!atomic_load(&server->ending))
		return true;
	atomic_fetch_sub(&server->suspended, 1);
	return false;
}

/*
 * Who owns an exchange. One thread at a time may touch it; a state ends when that thread gives it
 * away, and from then on it may touch the server alone. While a connection is suspended the library
 * calls nothing for it, so nobody is interrupted by on_completed(). server->active counts an
 * exchange in every state; what else counts it stands after the state's name.
 *
 *   on the loop
 *     owner      the event loop
 *     ends       go_on(): send_answer(), or suspend() for STAGE_SUSPEND
 *   handed over: waiting, suspended
 *     owner      from the call of x->hand_over on that function
 *     ends       hand_over(): APP_OK, another has it now, and may be done with it already;
 *                an error, it is ours still, and we resume it: refused, or, if is_done, answered
 *   in the pool or a lane: waiting, suspended
 *     owner      a worker, by x->job (place IN_POOL, IN_LANE)
 *     ends       place_run(): wire_resume() at PIPELINE_DONE; for the next STAGE_SUSPEND
 *                x->hand_over without suspending again
 *   prepared, or queried: waiting, suspended
 *     owner      a worker, by call.job
 *     ends       job_run() in op/call.c: to the writer, or call_done()
 *   written: waiting, suspended
 *     owner      the database's writer, by call.write
 *     ends       write_done(): call_done(), which sets is_done once it is committed, and
 *                wire_resume()
 *   compressed: waiting, suspended
 *     owner      a worker, by x->job
 *     ends       run_gzip(): wire_resume(); the answer is there
 *   resumed: suspended, until wire_resume() ends
 *     owner      the event loop
 *     ends       on_request(): give_answer() if there is an answer, otherwise go_on() from
 *                x->stage, or to x->err
 *   held back: held
 *     owner      the thread of hold.c
 *     ends       wire_resume_held(): on_request() sends the answer
 *
 * wire_resume() may be called once for each suspend(), by the owner and as the last thing it does.
 * x->err is what it was called with: the stages that are left run only when that is APP_OK.
 *
 * Here: suspends first, hands over second, because the work may be done before hand_over() returns.
 * False, and nothing is done, at the end of a stop: the connection is cut by then.
 */
static bool suspend(struct http_exchange *x)
{
	struct http_server *server = x->server;
	if (!may_suspend(server))
		return false;
	long waiting = atomic_fetch_add_explicit(&server->waiting, 1, memory_order_relaxed);
	MHD_suspend_connection(x->connection);
	enum app_err err = APP_UNAVAILABLE;
	if (waiting < server->options.max_waiting || (x->op && x->op->vital))
		err = x->hand_over(x);
	if (err && x->is_done)
		wire_resume(x, APP_OK); /* what is left is its answer */
	else if (err)
		wire_resume(x, load_refuse(x));
	return true;
}

void wire_resume_held(struct http_exchange *x)
{
	struct http_server *server = x->server;
	MHD_resume_connection(x->connection);
	atomic_fetch_sub_explicit(&server->held, 1, memory_order_release);
}

/*
 * Whether the answer waits. One that ends the connection does not: who asks again has that to do
 * first.
 */
static bool is_held_back(struct http_exchange *x)
{
	if (!x->is_busy || x->close)
		return false;
	x->is_busy = false;
	peer_enter(x->peer, PEER_WORK, 0);
	atomic_fetch_add_explicit(&x->server->held, 1, memory_order_relaxed);
	MHD_suspend_connection(x->connection);
	if (!holds_add(x->server->holds, x))
		wire_resume_held(x);
	return true;
}

static enum MHD_Result give_answer(struct http_exchange *x)
{
	return is_held_back(x) ? MHD_YES : send_answer(x);
}

static enum MHD_Result go_on(struct http_exchange *x)
{
	x->place = ON_LOOP;
	switch (pipeline_run(x)) {
	case PIPELINE_BODY: return MHD_YES;
	case PIPELINE_SUSPEND: return suspend(x) ? MHD_YES : MHD_NO;
	case PIPELINE_DONE: break;
	}
	return give_answer(x);
}

/*
 * Settled with the headers. The library closes behind an answer queued now: right for who waits to
 * be told to go on. Otherwise a small body is read first, to keep the connection; a large one, or
 * one whose end is in doubt, is thrown away behind the answer, because closing on a client that
 * sends makes it, such as a proxy, lose the answer.
 */
static enum MHD_Result settle_early(struct http_exchange *x)
{
	if (!exchange_has_body(x) && !x->close)
		return MHD_YES;
	if (x->head.value[GUARD_EXPECT] || x->answer.fd > 0) {
		x->close = true;
		return send_answer(x);
	}
	if (x->close || x->head.content_length > SWALLOW_MAX)
		refuse_now(x);
	else
		refuse_later(x);
	return MHD_YES;
}

static enum MHD_Result begin(struct http_exchange *x, const char *method, const char *version)
{
	x->method_text = method;
	x->version_text = version;
	wire_head_read(x);
	enum pipeline_state state = pipeline_run(x);
	if (!x->close && !exchange_has_body(x))
		wire_expect_hide(x);
	x->begun = true;
	return state == PIPELINE_DONE ? settle_early(x) : MHD_YES;
}

/* The answer is out: more of the body only matters until it is too much. */
static enum MHD_Result throw_away(struct http_exchange *x, size_t len)
{
	x->swallowed += len;
	return len && (int64_t)x->swallowed <= x->server->options.refused_bytes ? MHD_YES : MHD_NO;
}

static enum MHD_Result receive(struct http_exchange *x, const char *data, size_t len)
{
	if (!x->answer.status) {
		enum app_err err = body_add(x, data, len);
		if (!err)
			return MHD_YES;
		answer_error(x, err);
		body_drop(x); /* its room is for those who still have a chance */
		refuse_now(x);
	}
	x->swallowed += len;
	if (x->swallowed > SWALLOW_MAX && !x->refused)
		refuse_now(x);
	return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *len, void **con_cls)
{
	(void)cls, (void)connection, (void)url;
	struct http_exchange *x = *con_cls;
	if (!x || !x->peer)
		return MHD_NO;
	if (x->refused) {
		size_t got = *len;
		*len = 0;
		return throw_away(x, got);
	}
	if (!x->begun)
		return begin(x, method, version);
	if (*len) {
		size_t got = *len;
		*len = 0;
		return receive(x, data, got);
	}
	return x->answer.status ? give_answer(x) : go_on(x);
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
	int told = peer_told(x->peer); /* in place of whatever we had for it */
	log_info(&x->c, "request", LOG_TEXT("method", x->method_text), LOG_TEXT("path", path),
		 LOG_INT("status", told ? told : x->answer.status),
		 LOG_INT("bytes", told ? 0 : (int64_t)x->answer.len), LOG_INT("us", took_us),
		 LOG_TEXT("peer", x->client),
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
		/* 0.9.75 at 1 writes its own 400 twice; the guard checks more than it would. */
		{ MHD_OPTION_STRICT_FOR_CLIENT, LIBRARY_IS_LAX ? 0 : 1, NULL },
		{ MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_POOL, NULL },
		{ MHD_OPTION_CONNECTION_LIMIT,
		  (intptr_t)(options->max_connections + CONNECTION_SLACK), NULL },
		/*
		 * None: it restarts with every byte, and ends a connection without a word. See
		 * peers.c.
		 */
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
		return ctx_fail(c, APP_UNAVAILABLE, "The HTTP server could not start its threads");
	return APP_OK;
}
