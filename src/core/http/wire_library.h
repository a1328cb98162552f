/*
 * What the files that call libmicrohttpd share. Private to them: wire.c and those whose names begin
 * so.
 */
#ifndef CROFT_SRC_CORE_HTTP_WIRE_LIBRARY_H
#define CROFT_SRC_CORE_HTTP_WIRE_LIBRARY_H

#include <microhttpd.h>
#include <stdbool.h>

struct http_exchange;

/*
 * libmicrohttpd before 1.0 takes heads and trailers that it should refuse: see parse/guard_place.c.
 * Later ones do not, and leave the strings elsewhere.
 */
enum { LIBRARY_IS_LAX = MHD_VERSION < 0x01000000 };

/* ---- wire.c: what the library calls ---- */

void *wire_on_target(void *server, const char *target, struct MHD_Connection *connection);
size_t wire_on_escapes(void *server, struct MHD_Connection *connection, char *text);
enum MHD_Result wire_on_request(void *server, struct MHD_Connection *connection, const char *url,
				const char *method, const char *version, const char *data,
				size_t *len, void **exchange);
void wire_on_completed(void *server, struct MHD_Connection *connection, void **exchange,
		       enum MHD_RequestTerminationCode code);

/* ---- wire_head.c ---- */

/*
 * From the library's text of it, which is then without a query: that of the exchange is a copy. A
 * fault waits in x->head.
 */
void wire_target_read(struct http_exchange *x, const char *target);
/* Whether it is the target that this thread has read last, where the library keeps it. */
bool wire_target_is(const char *text);
/*
 * The headers, once: what they say, where they lie, who asks, and how the body is framed. A fault
 * waits in x->head.
 */
void wire_head_read(struct http_exchange *x);
/* When no body comes: the library shall not tell the client to go on. */
void wire_expect_hide(struct http_exchange *x);

/* ---- wire_suspend.c ---- */

/*
 * Suspends the connection, and gives the exchange to another thread. False, and nothing is done, at
 * the end of a stop: the connection is cut by then.
 */
bool wire_suspend(struct http_exchange *x);
/*
 * Whether the answer waits, with its connection suspended. One that ends the connection does not:
 * who asks again has that to do first.
 */
bool wire_hold_back(struct http_exchange *x);

/* ---- wire_answer.c ---- */

/* Gives the answer to the library. MHD_NO: the connection is to be closed. */
enum MHD_Result wire_send(struct http_exchange *x);

#endif
