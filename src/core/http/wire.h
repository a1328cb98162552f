/* What wire.c, the bridge to libmicrohttpd, and wire_head.c share. Private to these two. */
#ifndef CROFT_CORE_HTTP_WIRE_H
#define CROFT_CORE_HTTP_WIRE_H

#include <microhttpd.h>

struct http_exchange;

/*
 * libmicrohttpd before 1.0 takes heads and trailers that it should refuse: see guard_place.c. Later
 * ones do not, and leave the strings elsewhere.
 */
enum { LIBRARY_IS_LAX = MHD_VERSION < 0x01000000 };

/*
 * From the library's text of it, which is then without a query: that of the exchange is a copy. A
 * fault waits in x->head.
 */
void wire_target_read(struct http_exchange *x, const char *target);
/* The headers, once: what they say, where they lie, and who asks. A fault waits in x->head. */
void wire_head_read(struct http_exchange *x);
/* When no body comes: the library shall not tell the client to go on. */
void wire_expect_hide(struct http_exchange *x);

#endif
