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

#include "answers.h"
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
struct stage;

enum {
	REQUEST_ID_MAX = 64, /* bytes of an X-Request-ID we take over */
	ANSWER_HEADERS_MAX = 16,
	BODY_FREE = 4096, /* bytes of each body that server.body_memory does not count */
	/* bytes of a body read after an early error, to keep the connection */
	SWALLOW_MAX = 64 * 1024,
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
	bool gzip_done;  /* the body is already encoded, or must not be */
	const struct buf *packed;  /* the body in gzip form, when it was made before; or NULL */
	const char *csp;           /* NULL: the strict default */
	const char *cache_control; /* NULL: no-store */
	size_t header_count;
	struct answer_header headers[ANSWER_HEADERS_MAX];
};

/* The threads that a request is worked on by; see place.c. */
enum exchange_place {
	ON_LOOP = 0, /* the event loop that read it */
	IN_POOL,     /* a worker of POOL_WORK */
	IN_LANE,     /* a worker of POOL_READ */
};

/* The moment a request can be begun again from: its body is in, and nothing was done for it yet. */
struct exchange_mark {
	const struct stage *stage;
	struct arena_mark arena;
	size_t footprint; /* of the arena */
	size_t header_count;
	struct ctx c;
};

/* By how long its members hold what they say. Who may touch them when: see suspend() in wire.c. */
struct http_exchange {
	/* ---- from the request line to on_completed() ---- */
	struct ctx c;
	struct arena arena;
	struct http_server *server;
	struct peer *peer;
	struct MHD_Connection *connection;
	int64_t began_us;
	bool close;   /* no further request on this connection */
	bool refused; /* answered past the library: nothing more to do */

	/* ---- of the request line ---- */
	const char *raw_target, *method_text, *version_text;
	const char *target_at; /* where the library keeps it */
	size_t target_len;

	/* ---- of the head ---- */
	bool begun;   /* it was looked at: what comes next is the body, or its turn to go on */
	bool beneath; /* a path was below server.root_path, which the proxy had not taken off */
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
	bool problem_json; /* the client prefers RFC 9457 errors */
	bool admit_late;   /* the token has not been looked at yet */

	/* ---- of the body, while it comes and until it is dropped ---- */
	int64_t body_limit;
	struct buf body;
	int64_t body_held;               /* counted in server->body_held, */
	atomic_int_fast64_t *body_share; /* and here; NULL: of nobody */
	int64_t bound_held;              /* of body_held: what the input takes */
	size_t swallowed;

	/* ---- of the way through the stages ---- */
	const struct stage *stage; /* the next one to run */
	enum app_err (*hand_over)(struct http_exchange *x);
	enum exchange_place place;
	struct pool_job job; /* of place.c; the call has one of its own */
	struct exchange_mark mark;
	struct budget budget;
	uint64_t shape;   /* see dear.h */
	bool begun_again; /* after it was over its budget */

	/* ---- of the work since the mark: place_undo() drops it ---- */
	enum app_err err;
	struct op_call call;
	bool is_done; /* a COMMAND was committed: whatever happens, its answer is given */
	struct answer answer;
	int64_t unsent;                    /* counted in server->unsent.held, */
	atomic_int_fast64_t *unsent_share; /* and here; NULL: of nobody */

	/* ---- of a refusal ---- */
	bool is_turned_away; /* because there is no room: not logged one by one, see refusals.h */
	bool is_busy;        /* the same, and its answer may wait; see hold.h */
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

/* ---- pipeline.c: the stages in order ---- */

enum pipeline_state {
	PIPELINE_BODY,    /* come again when the body is in */
	PIPELINE_SUSPEND, /* suspend the connection, call x->hand_over, come again when resumed */
	PIPELINE_DONE,    /* x->answer is filled */
};

/* From the next stage on, on the calling thread, which is that of x->place. */
enum pipeline_state pipeline_run(struct http_exchange *x);

enum stage_result {
	STAGE_NEXT,
	STAGE_SUSPEND,
	STAGE_ANSWERED,
	STAGE_FAILED,
};

/* What a stage needs before it can run. */
enum stage_needs { NEEDS_HEAD, NEEDS_BODY };

typedef enum stage_result stage_fn(struct http_exchange *x);

struct stage {
	const char *name;
	stage_fn *run;
	enum stage_needs needs;
	answers_fn *tells; /* what it answers, for the document; NULL: nothing of its own */
};

/* Remembers the error for the one place that answers it. */
enum stage_result stage_fail(struct http_exchange *x, enum app_err err);

/* admit.c: everything settled before the body is read */
stage_fn stage_request_id, stage_guard, stage_cors, stage_route, stage_size_limit,
	stage_authenticate, stage_authenticate_late;
/* place.c: the thread that goes on */
stage_fn stage_deadline, stage_place, stage_lane, stage_place_answer;
/* execute.c: from the body to the result */
stage_fn stage_bind, stage_execute, stage_render;

/* ---- place.c ---- */

/* Bytes that were taken from the arena since the body was in. */
size_t place_footprint(const struct http_exchange *x);
/* Whether what was done for the request on its event loop took too long there, and is void. */
bool place_is_over(const struct http_exchange *x);
/*
 * Back to the moment when the body was in: what was read and answered since is dropped. Nothing may
 * have been changed.
 */
void place_undo(struct http_exchange *x);
/* Undoes what was done; then x->hand_over is to be called, for the lane of long reads. */
void place_to_lane(struct http_exchange *x);
/* After a QUERY: remembers whether this shape of request is dear. */
void place_note_cost(struct http_exchange *x);
/* Compresses the answer, here or in the pool. */
enum pipeline_state place_gzip(struct http_exchange *x);
/* Whose turn it takes in the pool: the actor's, or that of the network it came from. */
uint64_t place_client(const struct http_exchange *x);

/* ---- answer.c ---- */

void answer_error(struct http_exchange *x, enum app_err err);
/* Whether the client accepts a compressed body and compressing this one is worth it. */
bool answer_wants_gzip(struct http_exchange *x);
void answer_gzip(struct http_exchange *x);

/* ---- body.c, load.c: what is held and what is turned away ---- */

/*
 * Adds a piece of the body. APP_TOO_LARGE past body_limit, APP_UNAVAILABLE past server.body_memory
 * or the client's share of it.
 */
enum app_err body_add(struct http_exchange *x, const char *data, size_t len) MUST_USE;
/*
 * Counts what the bound input takes, which a small body may make large. APP_UNAVAILABLE as above.
 */
enum app_err body_bound(struct http_exchange *x) MUST_USE;
void body_drop(struct http_exchange *x);
/*
 * APP_UNAVAILABLE when there is no room for what this request will need: told before its body and
 * the database.
 */
enum app_err load_admits(struct http_exchange *x) MUST_USE;
/*
 * Whoever turns a request away because there is no room says so: it is counted, and told with
 * others.
 */
void load_turned_away(struct http_exchange *x);
/* APP_UNAVAILABLE: the one way to turn a request away because there is no room. */
enum app_err load_refuse(struct http_exchange *x) MUST_USE;

/* ---- unsent.c: answers that nobody has taken yet ---- */

/*
 * An empty buffer for the body of the answer: in the arena, or on the heap when much was read for
 * it.
 */
struct buf *unsent_buf(struct http_exchange *x);
/*
 * The same body in another form; the exchange takes `form`, whose arena is that of answer.own, or
 * NULL.
 */
void unsent_replace(struct http_exchange *x, struct buf *form);
/*
 * Counts what the request holds for its answer. APP_UNAVAILABLE past server.answer_memory or the
 * client's share of it: all that was done since its body was in is then undone. What was committed
 * is never refused.
 */
enum app_err unsent_hold(struct http_exchange *x) MUST_USE;
/* APP_UNAVAILABLE when a change is not to be made, because there would be no room to tell of it. */
enum app_err unsent_admits(struct http_exchange *x) MUST_USE;
/* When the library has the headers: gives back all but the body of the answer. */
void unsent_begin(struct http_exchange *x);
void unsent_drop(struct http_exchange *x);

/* ---- refuse.c: answers past the library ---- */

/*
 * Sends x->answer, whose body is in memory, at once and ends the connection for writing. For the
 * moments at which the library takes no answer, or would close at once and so break the connection
 * of a client that is still sending.
 */
void refuse_now(struct http_exchange *x);
/*
 * The body is read first, which keeps the connection; when it does not come in time, a refusal is
 * sent as above.
 */
void refuse_later(struct http_exchange *x);

/* ---- wire.c: what needs libmicrohttpd ---- */

/*
 * The headers of the answer but for Date, Content-Length and what closes; false when `add` gave
 * false.
 */
typedef bool wire_header_fn(void *to, const char *name, const char *value);
bool wire_answer_headers(const struct http_exchange *x, wire_header_fn *add, void *to);
const char *wire_reason(int status);
/*
 * All request headers for IN_HEADER fields: names in lower case, '-' as '_'; in the arena, ends
 * with a NULL name.
 */
const struct input_pair *wire_headers(struct http_exchange *x);
/* Called by the thread that finished the work: hands the exchange back to its event loop. */
void wire_resume(struct http_exchange *x, enum app_err err);
/* The same for an answer that was held back. */
void wire_resume_held(struct http_exchange *x);

#endif
