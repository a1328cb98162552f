/* The running server: what its files share. Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_SERVER_H
#define CROFT_SRC_CORE_HTTP_SERVER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/buf.h"
#include "core/http.h"
#include "core/networks.h"
#include "core/router.h"
#include "core/static.h"
#include "cors_headers.h"
#include "dear.h"
#include "parse/cors.h"
#include "parse/hosts.h"
#include "peers.h"
#include "refusals.h"
#include "tally.h"

struct MHD_Daemon;
struct acceptor;
struct module;

struct http_server {
	struct app *app;
	struct http_options options; /* ours: max_connections may be lowered */
	struct MHD_Daemon *daemon;
	struct acceptor *acceptor; /* NULL: the library listens */
	int port;
	const struct module **modules; /* the app's and our own (documents) */
	struct router *router;
	const struct router_stages *rest; /* of modules, for what has no route; or NULL */
	struct cors *cors;
	struct cors_headers cors_headers;
	struct networks trusted; /* proxies */
	struct hosts *hosts;     /* the names to be asked by; NULL: any */
	struct static_files *statics;
	struct peers *peers;
	struct holds *holds;                  /* refusals that wait */
	struct buf document, document_packed; /* OpenAPI, made once; and in gzip form */
	bool document_is_packed;
	struct dear dear;
	int threads;
	bool db_blocks; /* queries must not run on the event loops */
	bool docs;      /* the document and its pages are served */
	atomic_bool draining;
	atomic_bool stopping;
	atomic_bool ending;            /* nothing is suspended any more: see wire_suspend.c */
	atomic_int_fast64_t probed_us; /* monotonic; when readiness was asked for last; 0: never */
	atomic_int_fast64_t body_held; /* bytes of bodies in memory */
	struct tally_clients body_by_client;
	struct tally_unsent unsent;
	struct refusals refusals;
	atomic_long coming;    /* connections of wire_add() that the library has not begun */
	atomic_long active;    /* exchanges that have begun and not completed */
	atomic_long waiting;   /* of these, handed to another thread that is not done with them */
	atomic_long suspended; /* the same, and those whose connection is being resumed */
	atomic_long wiping;    /* jobs of wipe.c in the pool */
	atomic_long held;      /* of the active ones, those whose refusal waits: see hold.c */
};

/* docs.c: /docs, /redoc, /openapi.json as a module of their own. */
extern const struct module http_docs_module;

#endif
