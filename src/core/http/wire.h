/*
 * What of libmicrohttpd the rest of core/http needs, without its header. Private to core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_WIRE_H
#define CROFT_SRC_CORE_HTTP_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/attr.h"
#include "base/err.h"

struct ctx;
struct http_exchange;
struct http_server;
struct input_pair;
struct schema;

/* ---- wire_daemon.c ---- */

/*
 * Starts libmicrohttpd on the listening socket `fd`, and ends it, which closes that. Of -1 it
 * listens nowhere: then who connects is given to wire_add().
 */
enum app_err wire_start(struct ctx *c, struct http_server *server, int fd) MUST_USE;
void wire_stop(struct http_server *server);
/* A connection that was accepted; from here on it is the library's to close. */
void wire_add(struct http_server *server, int fd, const struct sockaddr *address, socklen_t len);

/* ---- wire_answer.c ---- */

/* The phrase that goes with it. Never NULL. */
const char *wire_reason(int status);

/* ---- wire_head.c ---- */

/* The headers that IN_HEADER fields of the schema take; in the arena, ends with a NULL name. */
const struct input_pair *wire_headers(struct http_exchange *x, const struct schema *schema);
/*
 * The values of `count` headers, in their order; one that was not sent is NULL, and one that was
 * sent again has them all, with ", " in between. In the arena.
 */
const char *const *wire_headers_named(struct http_exchange *x, const char *const *names,
				      size_t count);

/* ---- wire_suspend.c ---- */

/*
 * Calls x->hand_over for an exchange whose connection is suspended. When nobody takes it, it goes
 * back to its event loop: refused, or, if there is something to tell, to be told.
 */
void wire_hand_over(struct http_exchange *x);
/* Called by the thread that finished the work: hands the exchange back to its event loop. */
void wire_resume(struct http_exchange *x, enum app_err err);
/* The same for an answer that was held back. */
void wire_resume_held(struct http_exchange *x);

#endif
