/* The body of a request, held in memory. Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_BODY_H
#define CROFT_SRC_CORE_HTTP_BODY_H

#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"

struct http_exchange;

/* bytes of each body that server.body_memory does not count */
enum { BODY_FREE = 4096 };

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

#endif
