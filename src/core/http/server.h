/* The running server: what its files share. Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_SERVER_H
#define CROFT_SRC_CORE_HTTP_SERVER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/http.h"
#include "core/networks.h"
#include "core/router.h"
#include "core/static.h"
#include "cors_headers.h"
#include "dear.h"
#include "documents.h"
#include "limits.h"
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
	/* ours: max_connections may be lowered */
	struct http_options options;
	struct MHD_Daemon *daemon;
	/* NULL: the library listens */
	struct acceptor *acceptor;
	int port;
	/* the app's and our own (documents) */
	const struct module **modules;
	/* of our own, those for mounts */
	struct module *mounted_docs;
	struct router *router;
	/* of modules, for what has no route; or NULL */
	const struct router_stages *rest;
	struct cors *cors;
	struct cors_headers cors_headers;
	/* proxies */
	struct networks trusted;
	/* the names to be asked by; NULL: any */
	struct hosts *hosts;
	struct static_files *statics;
	struct peers *peers;
	/* refusals that wait */
	struct holds *holds;
	/* none where `docs` is false */
	struct documents documents;
	struct dear dear;
	struct limits limits;
	int threads;
	/* queries must not run on the event loops */
	bool db_blocks;
	/* the document and its pages are served */
	bool docs;
	atomic_bool draining;
	atomic_bool stopping;
	/* nothing is suspended any more: see wire_suspend.c */
	atomic_bool ending;
	/* monotonic; when readiness was asked for last; 0: never */
	atomic_int_fast64_t probed_us;
	/* bytes of bodies in memory */
	atomic_int_fast64_t body_held;
	struct tally_clients body_by_client;
	struct tally_unsent unsent;
	struct refusals refusals;
	/* connections of wire_add() that the library has not begun */
	atomic_long coming;
	/* exchanges that have begun and not completed */
	atomic_long active;
	/* of these, handed to another thread that is not done with them */
	atomic_long waiting;
	/* the same, and those whose connection is being resumed */
	atomic_long suspended;
	/* jobs of wipe.c in the pool */
	atomic_long wiping;
	/* of the active ones, those whose refusal waits: see hold.c */
	atomic_long held;
};

/* docs.c: /docs, /redoc, openapi.json of each version as a module of their own. */
extern const struct module http_docs_module;
/* The same of what is mounted there. */
struct module http_docs_below(const char *mount);

#endif
