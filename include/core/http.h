/*
 * The HTTP server: its settings, its life, and the exchange, for stages of modules and for the few
 * raw handlers that are no operation. What a route is stands in core/route.h.
 */
#ifndef CROFT_CORE_HTTP_H
#define CROFT_CORE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/config.h"
#include "core/route.h"

struct answers;
struct app;
struct http_exchange;
struct http_server;
struct networks;
struct router_entry;
struct schema;

struct http_options {
	const char *host;
	int64_t port;
	/* Threads of event loops; 0: one per core. */
	int64_t threads;
	/* Threads of the pool for work that blocks or burns CPU. */
	int64_t workers;
	/* Most bytes of a body where the route sets none; the second where anyone may call. */
	int64_t max_body, max_body_public;
	/* Bytes of the bodies of all requests that are not answered yet. */
	int64_t body_memory;
	/* Bytes of all answers that are not sent yet. */
	int64_t answer_memory;
	/*
	 * Of a refused request: how much of its body is read and thrown away, for how long, and how
	 * long its client waits until it hears that the server is busy.
	 */
	int64_t refused_bytes, refused_seconds, refused_pause_ms;
	int64_t max_connections;
	/* Connections from one address; 0: no bound. */
	int64_t max_connections_per_ip;
	/* CPU time that a query may take on an event loop. */
	int64_t loop_budget_us;
	/* Threads of the pool for queries that took more. */
	int64_t long_reads;
	/* Most of them that wait: in all, and of one client. */
	int64_t long_reads_waiting, long_reads_waiting_each;
	/* Most requests that were handed to the pool or the writer and are not answered yet. */
	int64_t max_waiting;
	/* How long each part of an exchange may take; the rate is in bytes a second. */
	int64_t header_seconds, body_seconds, body_min_rate, total_seconds, idle_seconds;
	/* While answer_memory is short: how long a client may take less than body_min_rate. */
	int64_t unread_seconds;
	/* On a stop: time for what is in flight, and before that for proxies to look away. */
	int64_t shutdown_seconds, drain_seconds;
	/* Bytes of the smallest answer that is compressed; 0: none is. */
	int64_t gzip_min;
	/* Set by the caller from log.access. */
	bool access_log;
	/* Addresses and networks, separated by spaces or commas. */
	const char *trusted_proxies;
	/* Names of hosts, likewise; NULL or empty: any. */
	const char *trusted_hosts;
	/* Origins, separated by spaces or commas. */
	const char *cors_origins;
	/* A folder; empty: the embedded files are served. */
	const char *static_dir;
	/* What a proxy takes off paths, such as "/croft"; empty or NULL: nothing. */
	const char *root_path;
	/* Whether /docs and the like are served: 0 auto (off in production), 1 on, 2 off. */
	int64_t docs;
	/* Of the document, set by the caller; NULL: none. */
	const struct openapi_words *words;
	/* Likewise; NULL: nobody is limited. */
	const struct http_limits *limits;
	/* From http_listener_open(), set by the caller; 0: http_server_start() opens one. */
	int listener;
	/*
	 * Others have the listener, too: from the beginning of the stop nobody is accepted, so that
	 * who comes waits for the server that comes next.
	 */
	bool listener_is_shared;
};
/* The settings of section [server]. */
extern const struct option_group http_option_group;

/* How often clients may ask, see core/limit.h. */
struct http_limits {
	/* 0 auto (in staging and production), 1 on, 2 off. */
	int64_t apply;
	/* Requests of one network, and of one account; 0: as many as they like. */
	int64_t network_per_minute, user_per_minute;
	/*
	 * Wrong passwords for one login: from one network until further ones are dear, and in an
	 * hour from all of them; 0: as many as they like.
	 */
	int64_t failures, failures_everywhere;
};
/* The settings of section [limits]. */
extern const struct option_group http_limits_option_group;
/* Of them: whether anybody is limited in the environment, an enum app_environment. */
bool http_limits_apply(const struct http_limits *limits, int64_t environment);

/* Adds all that a request of the route may be answered with, for core/openapi.h. */
void http_answers(const struct router_entry *entry, struct answers *answers);
/* Whether /docs, /redoc and openapi.json are served. */
bool http_docs_are_on(const struct app *app, const struct http_options *options);
/*
 * Whether a server could be made of the settings and the routes: all that can be said without
 * starting it.
 */
enum app_err http_server_check(struct ctx *c, const struct app *app,
			       const struct http_options *options) MUST_USE;
/*
 * Takes the address, so that nothing is begun in vain when another program has it. Nobody can
 * connect as yet.
 */
enum app_err http_listener_open(struct ctx *c, const struct http_options *options,
				int *ret_listener) MUST_USE;
/*
 * Binds the address and starts the event loops. APP_UNAVAILABLE with a public text when the address
 * is taken. Keeps `app`, whose modules' routes it compiles. *ret_server is set before the first
 * thread starts, because they may read it through `app`; NULL on failure.
 */
enum app_err http_server_start(struct ctx *c, struct app *app, const struct http_options *options,
			       struct http_server **ret_server) MUST_USE;
/* The bound port (of use when the setting is 0). */
int http_server_port(const struct http_server *server);
/*
 * From now on /health/ready answers 503, and every answer ends its connection, while all else goes
 * on.
 */
void http_server_drain(struct http_server *server);
bool http_server_is_draining(const struct http_server *server);
/* Somebody asked whether the server is ready, and so wants to be told before it stops. */
void http_server_probed(struct http_server *server);
/*
 * Whether draining further is of no use: no connection is open, and nobody has asked for `seconds`.
 */
bool http_server_is_quiet(const struct http_server *server, int64_t seconds);
/* Seconds: the longest that draining and http_server_stop() may take together. */
int64_t http_stop_seconds(const struct http_options *options);
/* Stops accepting, waits for what is in flight up to server.shutdown_seconds, closes everything. */
void http_server_stop(struct http_server *server);

/* ---- for stages of modules, see core/module_stage.h ---- */

/*
 * Number `at` of the headers that the stage takes; NULL: it was not sent. What was sent more than
 * once comes as one value, with ", " in between (RFC 9110 §5.3). Lives as long as the request.
 */
const char *http_stage_header(const struct http_exchange *x, size_t at);
/*
 * Sets number `at` of the headers that the stage sets on the answer, whatever that will be; the
 * last value counts. It lives in c->arena or for ever, and is sent as that of http_add_header() is.
 */
void http_stage_set(struct http_exchange *x, size_t at, const char *value);
/* What was found; NULL: nothing has that path. */
const struct route *http_route(const struct http_exchange *x);
/* The address of who asks, behind the proxies that are trusted; "" when it is unknown. */
const char *http_client(const struct http_exchange *x);
/* Whether that is in one of them; false when it is unknown. */
bool http_client_is_in(const struct http_exchange *x, const struct networks *networks);
/* Whether a cookie let in who asks, see authenticator.cookie_name. */
bool http_is_by_cookie(const struct http_exchange *x);
/* Of the answer; 0: there is none yet. */
int http_status(const struct http_exchange *x);
/* Microseconds since the request line was read. */
int64_t http_took_us(const struct http_exchange *x);

/* ---- for raw handlers ---- */

/* HEAD arrives as GET. */
enum http_method http_method(const struct http_exchange *x);
const struct app *http_app(const struct http_exchange *x);

/* Whether Accept prefers text/html over application/json. */
bool http_wants_html(const struct http_exchange *x);

/*
 * Answers with bytes that live in the exchange's arena or for ever. `type` is a media type with
 * charset. A success of a GET is held against its conditions, with the ETag that was added before:
 * APP_PRECONDITION_FAILED to an If-Match that does not name it (as none does without an ETag), and
 * a 304 without the body to an If-None-Match that does. After a failure nothing is answered: the
 * handler returns it.
 */
enum app_err http_answer(struct http_exchange *x, int status, const char *type, const void *body,
			 size_t len) MUST_USE;
/* The same with the struct as JSON. */
enum app_err http_answer_schema(struct http_exchange *x, int status, const struct schema *schema,
				const void *value) MUST_USE;
/*
 * Answers with an embedded or disk file by its path below static/ ("index.html"): ETag, Range, 304,
 * gzip.
 */
enum app_err http_answer_static(struct http_exchange *x, const char *path) MUST_USE;
/*
 * Adds a header to the coming answer, an error too; without a value ("" or NULL), none. Whatever
 * the value has of control bytes but tabs is sent as blanks (RFC 9110 §5.5). There is room for ten
 * at least; who adds more than there is room for is answered as APP_INTERNAL.
 */
void http_add_header(struct http_exchange *x, const char *name, const char *value);

#endif
