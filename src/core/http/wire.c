/*
 * The bridge to libmicrohttpd: its callbacks feed an exchange and send its answer.
 *
 * The order for one request: wire_on_target() with the request line, wire_on_request() with the
 * headers, again for each piece of the body, again when that is complete or another thread has
 * resumed us, and wire_on_completed().
 */
#include "wire.h"

#include <string.h>

#include "answer.h"
#include "base/str.h"
#include "body.h"
#include "core/app.h"
#include "core/log.h"
#include "exchange.h"
#include "peer.h"
#include "pipeline.h"
#include "refuse.h"
#include "server.h"
#include "stage.h"
#include "wire_library.h"

enum {
	/* bytes of a body that are read after an early error, to keep the connection */
	SWALLOW_MAX = 64 * 1024,
	USER_AGENT_MAX = 200, /* bytes of it in the log */
};

/* ---- the request line ---- */

static struct peer *peer_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info ? info->socket_context : NULL;
}

/* Its result is the exchange that wire_on_request() finds in *con_cls. */
void *wire_on_target(void *cls, const char *target, struct MHD_Connection *connection)
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

/*
 * We decode the raw target ourselves, once: keep the library from doing it. That is all it may ask
 * for, as its query is hidden. One behind a NUL it has found all the same, and where it is long the
 * library would not come to call us: such a request ends here.
 */
size_t wire_on_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
	(void)cls;
	if (LIBRARY_IS_LAX && !wire_target_is(text))
		peer_end(peer_of(connection), APP_BAD_REQUEST, "The request line holds a NUL");
	return strlen(text);
}

/* ---- the head ---- */

/*
 * Settled with the head. The library closes behind an answer queued now: right for who waits to be
 * told to go on. Otherwise a small body is read first, to keep the connection; a large one, or one
 * whose end is in doubt, is thrown away behind the answer, because closing on a client that sends
 * makes it, such as a proxy, lose the answer.
 */
static enum MHD_Result answer_early(struct http_exchange *x)
{
	if (x->head.value[GUARD_EXPECT] || x->answer.fd > 0) {
		x->close = true;
		return wire_send(x);
	}
	if (x->close || x->head.content_length > SWALLOW_MAX)
		refuse_now(x);
	else
		refuse_later(x);
	return MHD_YES;
}

/* Its length is the client's word, but was held against the limit. */
static void await_body(struct http_exchange *x)
{
	bool is_told = !x->head.chunked;
	peer_enter(x->peer, PEER_BODY, is_told ? x->head.content_length : x->body_limit);
}

/* A request without a body goes through all stages at once, in the call that follows this. */
static enum MHD_Result on_head(struct http_exchange *x, const char *method, const char *version)
{
	x->method_text = method;
	x->version_text = version;
	wire_head_read(x);
	if (!x->head.err && !exchange_has_body(x))
		wire_expect_hide(x);
	else if (pipeline_run(x) == PIPELINE_DONE)
		return answer_early(x);
	else
		await_body(x);
	exchange_enter(x, EXCHANGE_BODY);
	return MHD_YES;
}

/* ---- the body ---- */

/* The answer is out: more of the body only matters until it is too much. */
static enum MHD_Result discard_body(struct http_exchange *x, size_t len)
{
	x->swallowed += len;
	return len && (int64_t)x->swallowed <= x->server->options.refused_bytes ? MHD_YES : MHD_NO;
}

static void swallow_body(struct http_exchange *x, size_t len)
{
	x->swallowed += len;
	if (x->swallowed > SWALLOW_MAX)
		refuse_now(x);
}

static void take_body(struct http_exchange *x, const char *data, size_t len)
{
	enum app_err err = body_add(x, data, len);
	if (!err)
		return;
	answer_error(x, err);
	if (when_finished(x))
		(void)stage_run_over_answer(x);
	body_drop(x); /* its room is for those who still have a chance */
	refuse_now(x);
	x->swallowed += len;
}

static enum MHD_Result on_body_piece(struct http_exchange *x, const char *data, size_t len)
{
	switch (x->state) {
	case EXCHANGE_BODY: take_body(x, data, len); return MHD_YES;
	case EXCHANGE_SWALLOWING: swallow_body(x, len); return MHD_YES;
	case EXCHANGE_REFUSED: return discard_body(x, len);
	default: return MHD_NO;
	}
}

/* ---- the work and its answer ---- */

static enum MHD_Result give_answer(struct http_exchange *x)
{
	return wire_hold_back(x) ? MHD_YES : wire_send(x);
}

static enum MHD_Result run_stages(struct http_exchange *x)
{
	x->place = ON_LOOP;
	if (pipeline_run(x) == PIPELINE_DONE)
		return give_answer(x);
	return wire_suspend(x) ? MHD_YES : MHD_NO;
}

/* The body is in, or the connection was resumed. */
static enum MHD_Result on_turn(struct http_exchange *x)
{
	switch (x->state) {
	case EXCHANGE_BODY: exchange_enter(x, EXCHANGE_WORK); return run_stages(x);
	case EXCHANGE_WORK:
	case EXCHANGE_COMMITTED:
	case EXCHANGE_ANSWERED: return run_stages(x);
	case EXCHANGE_SWALLOWING: return give_answer(x);
	case EXCHANGE_HELD: return wire_send(x);
	default: return MHD_NO;
	}
}

enum MHD_Result wire_on_request(void *cls, struct MHD_Connection *connection, const char *url,
				const char *method, const char *version, const char *data,
				size_t *len, void **con_cls)
{
	(void)cls, (void)connection, (void)url;
	struct http_exchange *x = *con_cls;
	const char *id;
	size_t got = *len;
	if (!x || !x->peer || peer_told(x->peer, &id))
		return MHD_NO;
	if (x->state == EXCHANGE_HEAD)
		return on_head(x, method, version);
	*len = 0;
	return got ? on_body_piece(x, data, got) : on_turn(x);
}

/* ---- the end ---- */

/* What the library has answered by itself; 0: nothing. */
static int library_status(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_HTTP_STATUS);
	return info ? (int)info->http_status : 0;
}

/* What the client says it is, cut; NULL: nothing. */
static const char *user_agent(const struct http_exchange *x, char room[USER_AGENT_MAX + 1])
{
	const char *agent = x->head.value[GUARD_USER_AGENT];
	if (!agent)
		return NULL;
	size_t len = str_utf8_cut(agent, strlen(agent), USER_AGENT_MAX);
	memcpy(room, agent, len);
	room[len] = '\0';
	return room;
}

static void log_access(struct http_exchange *x)
{
	char agent[USER_AGENT_MAX + 1];
	const struct log *log = x->server->app->log;
	if (!x->server->options.access_log || !log_wants(log, LOG_LEVEL_INFO))
		return;
	int64_t took_us = x->c.clock->monotonic_us(x->c.clock) - x->began_us;
	size_t path_len = strcspn(x->raw_target, "?");
	const char *path = x->path.text ? x->path.text
					: arena_strndup(&x->arena, x->raw_target, path_len);
	/* in place of whatever we had for it */
	int told = peer_told(x->peer, &x->c.request_id);
	int status = x->answer.status ? x->answer.status : library_status(x->connection);
	log_info(&x->c, "request", LOG_TEXT("method", x->method_text), LOG_TEXT("path", path),
		 LOG_INT("status", told ? told : status),
		 LOG_INT("bytes", told ? 0 : (int64_t)x->answer.len), LOG_INT("us", took_us),
		 LOG_TEXT("peer", x->client), LOG_TEXT("user_agent", user_agent(x, agent)),
		 x->c.actor.user_id ? LOG_INT("user_id", x->c.actor.user_id)
				    : LOG_TEXT("user_id", NULL),
		 x->c.actor.key_id ? LOG_INT("key_id", x->c.actor.key_id)
				   : LOG_TEXT("key_id", NULL));
}

void wire_on_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
		       enum MHD_RequestTerminationCode code)
{
	(void)connection, (void)code;
	struct http_server *server = cls;
	struct http_exchange *x = *con_cls;
	if (!x)
		return;
	*con_cls = NULL;
	struct peer *peer = x->peer;
	log_access(x);
	/* They are in the arena of the exchange, and the reaper may say them. */
	peer_forget_last_words(peer);
	/* Its room is given back before its peer holds none: others would be cut for it. */
	exchange_drop(x);
	peer_enter(peer, PEER_IDLE, 0);
	atomic_fetch_sub_explicit(&server->active, 1, memory_order_release);
}
