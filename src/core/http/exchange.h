/*
 * One request and its answer, from the request line to the last byte sent: what the stages of the
 * pipeline read and write. Private to core/http. An exchange is worked on by one thread at a time:
 * the event loop, or while the connection is suspended the pool or the writer.
 */
#ifndef CROFT_SRC_CORE_HTTP_EXCHANGE_H
#define CROFT_SRC_CORE_HTTP_EXCHANGE_H

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/budget.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "base/id.h"
#include "core/db.h"
#include "core/http.h"
#include "core/limit.h"
#include "core/op.h"
#include "core/pool.h"
#include "core/router.h"
#include "core/schema.h"
#include "parse/guard.h"
#include "parse/networks.h"

struct MHD_Connection;
struct peer;
struct pipeline_stage;

enum {
	/* bytes of an X-Request-ID we take over */
	REQUEST_ID_MAX = 64,
	/*
	 * Of the server and the operation or handler; of stages of modules; and of those over the
	 * answer once more, so that there is room for them whatever a handler adds.
	 */
	ANSWER_HEADERS_MAX = 24 + 2 * ROUTER_SETS_MAX,
};

struct answer_header {
	const char *name, *value;
	/* the row of the stage that sets it; NULL: no stage does */
	const struct module_header *of;
};

struct answer {
	/* 0: not answered yet */
	int status;
	const char *type;
	const void *body;
	size_t len;
	/* what the body is in when we made it; see unsent.c */
	struct buf own;
	/* > 0: the body is this file's bytes from offset; closed by the library */
	int fd;
	uint64_t offset;
	/* the body is already encoded, or must not be */
	bool is_coded;
	/* the body is to be compressed */
	bool gzip;
	/* the body in gzip form, when it was made before; or NULL */
	const struct buf *packed;
	/* NULL: the strict default */
	const char *csp;
	/* NULL: no-store */
	const char *cache_control;
	/* one was left out for want of room */
	bool is_overfull;
	size_t header_count;
	struct answer_header headers[ANSWER_HEADERS_MAX];
};

/*
 * Where an exchange is. The thread that owns it (see wire_suspend.c) sets the state, at the one
 * place that is named; what comes next is always one of those below.
 */
enum exchange_state {
	/* The request line is there, the headers come. */
	EXCHANGE_HEAD = 0,
	/* The head was read; the body, if any, is wanted, and comes. on_head() in wire.c */
	EXCHANGE_BODY,
	/* The body is in: stages run, here or while the connection sleeps. on_turn() in wire.c */
	EXCHANGE_WORK,
	/* A COMMAND is durable: its answer is given in any case. call_done() in stage_run.c */
	EXCHANGE_COMMITTED,
	/* There is an answer, which may be compressed yet. pipeline_run() in pipeline.c */
	EXCHANGE_ANSWERED,
	/* It waits for a small body that nobody wants. refuse_later() in refuse.c */
	EXCHANGE_SWALLOWING,
	/* It is a refusal, and waits for its time. wire_hold_back() in wire_suspend.c */
	EXCHANGE_HELD,
	/* The library has it, until it is out or the client gone. wire_send() in wire_answer.c */
	EXCHANGE_SENDING,
	/* It went past the library: what comes is thrown away. refuse_now() in refuse.c */
	EXCHANGE_REFUSED,
};

/* The threads that a request is worked on by; see place.h. */
enum exchange_place {
	/* the event loop that read it */
	ON_LOOP = 0,
	/* a worker of POOL_WORK or POOL_VITAL */
	IN_POOL,
	/* a worker of POOL_READ */
	IN_LANE,
};

/* See mark_set(). */
struct exchange_mark {
	const struct pipeline_stage *stage;
	struct arena_mark arena;
	/* of the arena */
	size_t footprint;
	size_t header_count;
	struct ctx c;
};

/* By how long its members hold what they say. Who may touch them when: see wire_suspend.c. */
struct http_exchange {
	/* ---- from the request line to the last byte of the answer ---- */
	enum exchange_state state;
	/* no further request on this connection */
	bool close;
	struct ctx c;
	struct arena arena;
	struct http_server *server;
	struct peer *peer;
	struct MHD_Connection *connection;
	int64_t began_us;

	/* ---- of the request line ---- */
	const char *raw_target, *method_text, *version_text;
	/* where the library keeps it */
	const char *target_at;
	size_t target_len;

	/* ---- of the head ---- */
	/* what bounds count; 0: loopback, or unknown */
	uint64_t client_network;
	/* who asks, behind the proxies we trust; "" when unknown */
	char client[ADDRESS_ROOM];
	/* the same for operations, and what it calls itself */
	struct client sender;
	/* HEAD is GET with is_head */
	enum http_method method;
	bool is_head;
	struct guard_head head;
	struct router_path path;
	/* NULL: none was found; the next two are its own */
	const struct router_entry *entry;
	const struct route *route;
	/* of modules, that it goes through; NULL: none */
	const struct router_stages *stages;
	/* what those take, as stages->headers; NULL: nothing was read for them */
	const char *const *stage_headers;
	const struct operation *op;
	/* of those that count it, the one that has least left; .count 0: none does */
	struct limit limit;
	struct limit_answer limit_left;
	/* the account was counted: once, however often it begins */
	bool user_is_counted;
	/* a cookie let in who asks */
	bool is_by_cookie;
	const struct input_pair *path_pairs;
	char request_id[REQUEST_ID_MAX + 1];

	/* ---- of the body, while it comes and until it is dropped ---- */
	int64_t body_limit;
	struct buf body;
	/* counted in server->body_held and in the share of the client; NULL: of nobody */
	int64_t body_held;
	atomic_int_fast64_t *body_share;
	/* of body_held: what the input takes */
	int64_t bound_held;
	/* bytes of a body that nobody wants */
	size_t swallowed;

	/* ---- of the way through the stages ---- */
	/* the next one to run */
	const struct pipeline_stage *stage;
	/* that of a module which is at work */
	const struct router_stage *module_stage;
	/* gives the exchange to another thread; see wire_hand_over() */
	enum app_err (*hand_over)(struct http_exchange *x);
	enum exchange_place place;
	/* of place.c; the call has a job of its own */
	enum pool_lane lane;
	struct pool_job job;
	struct exchange_mark mark;
	struct budget budget;
	/* see dear.h; 0: what the request costs is not noted, or was */
	uint64_t shape;

	/* ---- of the work since the mark: mark_undo() drops it ---- */
	enum app_err err;
	/* of a 401, in place of Bearer; NULL: that */
	const char *challenge;
	struct op_call call;
	struct answer answer;
	/* counted in server->unsent.held and in the share of the client; NULL: of nobody */
	int64_t unsent;
	atomic_int_fast64_t *unsent_share;

	/* ---- of a refusal ---- */
	/* because there is no room: not logged one by one, see refusals.h */
	bool is_turned_away;
	/* the same, and its answer may wait; see hold.h */
	bool may_be_held;
	int64_t held_until_us;
	struct http_exchange *next_held;

	/* ---- between two requests ---- */
	struct http_exchange *next_free;
};

/* Those that were dropped are kept for reuse by each event-loop thread. */
struct http_exchange *exchange_new(struct http_server *server);
void exchange_drop(struct http_exchange *x);

static inline void exchange_enter(struct http_exchange *x, enum exchange_state state)
{
	assert(state > x->state);
	x->state = state;
}

/* Called by the pool and the writer, through the member of the exchange that they were given. */
#define EXCHANGE_OF(pointer, member) \
	((struct http_exchange *)(void *)((char *)(pointer)-offsetof(struct http_exchange, member)))

static inline bool exchange_has_body(const struct http_exchange *x)
{
	return x->head.content_length > 0 || x->head.chunked;
}

#endif
