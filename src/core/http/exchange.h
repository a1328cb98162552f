/*
 * One request and its answer, from the request line to the last byte sent: what the stages of the
 * pipeline read and write. Private to core/http. An exchange is worked on by one thread at a time:
 * the event loop, or while the connection is suspended the pool or the writer.
 */
#ifndef CROFT_CORE_HTTP_EXCHANGE_H
#define CROFT_CORE_HTTP_EXCHANGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/budget.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "base/id.h"
#include "core/app.h"
#include "core/db.h"
#include "core/http.h"
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
	REQUEST_ID_MAX = 64, /* bytes of an X-Request-ID we take over */
	ANSWER_HEADERS_MAX = 16,
};

struct answer_header {
	const char *name, *value;
};

struct answer {
	int status; /* 0: not answered yet */
	const char *type;
	const void *body;
	size_t len;
	struct buf own;  /* what the body is in when we made it; see unsent.c */
	int fd;          /* > 0: the body is this file's bytes from offset; closed by MHD */
	uint64_t offset; /* with fd */
	bool is_coded;   /* the body is already encoded, or must not be */
	bool gzip;       /* the body is to be compressed */
	const struct buf *packed;  /* the body in gzip form, when it was made before; or NULL */
	const char *csp;           /* NULL: the strict default */
	const char *cache_control; /* NULL: no-store */
	size_t header_count;
	struct answer_header headers[ANSWER_HEADERS_MAX];
};

/*
 * Where an exchange is. Its event loop sets the state, but for COMMITTED and ANSWERED: these are
 * set by the thread that owns the exchange at the time (see wire_suspend.c). What comes next is
 * always one of those below.
 */
enum exchange_state {
	/* the request line is there, the headers come. wire.c: on_head() reads them */
	EXCHANGE_HEAD = 0,
	/* the head was read, and let in if there is a body, which now comes. wire.c: on_body() */
	EXCHANGE_BODY,
	/* the body is in: the stages run, here or elsewhere while the connection is suspended */
	EXCHANGE_WORK,
	/* a COMMAND was committed: whatever happens, its answer is given. Set in stage_run.c */
	EXCHANGE_COMMITTED,
	/* the answer is made; it may be compressed yet. Set in pipeline.c */
	EXCHANGE_ANSWERED,
	/* the answer waits for a small body that nobody wants, to keep the connection */
	EXCHANGE_SWALLOWING,
	/* the answer, a refusal, waits for its time: see hold.h */
	EXCHANGE_HELD,
	/* the library has the answer, and tells when it is out or the client gone */
	EXCHANGE_SENDING,
	/* the answer was sent past the library: what comes is thrown away. Set in refuse.c */
	EXCHANGE_REFUSED,
};

/* The threads that a request is worked on by; see place.h. */
enum exchange_place {
	ON_LOOP = 0, /* the event loop that read it */
	IN_POOL,     /* a worker of POOL_WORK or POOL_VITAL */
	IN_LANE,     /* a worker of POOL_READ */
};

/* See place_mark(). */
struct exchange_mark {
	const struct pipeline_stage *stage;
	struct arena_mark arena;
	size_t footprint; /* of the arena */
	size_t header_count;
	struct ctx c;
};

/* By how long its members hold what they say. Who may touch them when: see wire_suspend.c. */
struct http_exchange {
	/* ---- from the request line to on_completed() ---- */
	enum exchange_state state;
	bool close; /* no further request on this connection */
	struct ctx c;
	struct arena arena;
	struct http_server *server;
	struct peer *peer;
	struct MHD_Connection *connection;
	int64_t began_us;

	/* ---- of the request line ---- */
	const char *raw_target, *method_text, *version_text;
	const char *target_at; /* where the library keeps it */
	size_t target_len;

	/* ---- of the head ---- */
	uint64_t client_network;   /* what bounds count; 0: loopback, or unknown */
	char client[ADDRESS_ROOM]; /* who asks, behind the proxies we trust; "" when unknown */
	enum http_method method;   /* HEAD is GET with is_head */
	bool is_head;
	struct guard_head head;
	struct router_path path;
	const struct route *route;
	const struct operation *op;
	const struct input_pair *path_pairs;
	char request_id[REQUEST_ID_MAX + 1];

	/* ---- of the body, while it comes and until it is dropped ---- */
	int64_t body_limit;
	struct buf body;
	int64_t body_held;               /* counted in server->body_held, */
	atomic_int_fast64_t *body_share; /* and here; NULL: of nobody */
	int64_t bound_held;              /* of body_held: what the input takes */
	size_t swallowed;                /* bytes of one that nobody wants */

	/* ---- of the way through the stages ---- */
	const struct pipeline_stage *stage; /* the next one to run */
	/* gives the exchange to another thread; see wire_hand_over() */
	enum app_err (*hand_over)(struct http_exchange *x);
	enum exchange_place place;
	enum pool_lane lane; /* of place.c; */
	struct pool_job job; /* the call has one of its own */
	struct exchange_mark mark;
	struct budget budget;
	uint64_t shape; /* see dear.h; 0: what it costs is not noted, or was */

	/* ---- of the work since the mark: place_undo() drops it ---- */
	enum app_err err;
	struct op_call call;
	struct answer answer;
	int64_t unsent;                    /* counted in server->unsent.held, */
	atomic_int_fast64_t *unsent_share; /* and here; NULL: of nobody */

	/* ---- of a refusal ---- */
	bool is_turned_away; /* because there is no room: not logged one by one, see refusals.h */
	bool may_be_held;    /* the same, and its answer may wait; see hold.h */
	int64_t held_until_us;
	struct http_exchange *next_held;

	/* ---- between two requests ---- */
	struct http_exchange *next_free;
};

/* Called by the pool and the writer, through the member of the exchange that they were given. */
#define EXCHANGE_OF(pointer, member) \
	((struct http_exchange *)(void *)((char *)(pointer)-offsetof(struct http_exchange, member)))

static inline bool exchange_has_body(const struct http_exchange *x)
{
	return x->head.content_length > 0 || x->head.chunked;
}

#endif
