/*
 * Which headers pages from elsewhere may send and read: the server's, and those of the stages of
 * modules. Private to core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_CORS_HEADERS_H
#define CROFT_SRC_CORE_HTTP_CORS_HEADERS_H

#include "base/buf.h"

struct module;

/* Access-Control-Allow-Headers and -Expose-Headers. */
struct cors_headers {
	struct buf allowed, exposed;
};

void cors_headers_make(struct cors_headers *ret, const struct module *const *modules);
void cors_headers_done(struct cors_headers *headers);

#endif
