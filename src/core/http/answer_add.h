/* Adding headers to an answer. Private to core/http; modules do with core/http.h. */
#ifndef CROFT_SRC_CORE_HTTP_ANSWER_ADD_H
#define CROFT_SRC_CORE_HTTP_ANSWER_ADD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"

struct http_exchange;
struct module_header;

/* As http_add_header(), for the server's own: what modules add leaves room for them. */
void answer_add_header(struct http_exchange *x, const char *name, const char *value);
/* One that a stage of a module sets: the last value is the one that is sent. */
void answer_set_header(struct http_exchange *x, const struct module_header *header,
		       const char *value);
/* Whether a function of a module added so many that there is no room for what follows. */
bool answer_is_overfull(const struct http_exchange *x);
/*
 * Drops what it added, and what it answered: `before` counts those of before, and the function gave
 * `err`. Returns that, or else a failure of its own.
 */
enum app_err answer_refuse_headers(struct http_exchange *x, size_t before,
				   enum app_err err) MUST_USE;

#endif
