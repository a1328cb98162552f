/*
 * Conditional requests (RFC 9110 §13), in the order of §13.2.2: what is held against the ETag of an
 * answer, and which writes are refused unseen. Conditions by dates are ignored, as §13.1.3 and
 * §13.1.4 want it where no answer has a Last-Modified. Private to core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_CONDITIONS_H
#define CROFT_SRC_CORE_HTTP_CONDITIONS_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

struct http_exchange;
struct operation;

/*
 * Of a read that has succeeded; `etag` is NULL for an answer that has none. APP_PRECONDITION_FAILED
 * when If-Match does not name it. *ret_unchanged: If-None-Match does, so the answer is a 304.
 */
enum app_err conditions_check_read(struct http_exchange *x, const char *etag,
				   bool *ret_unchanged) MUST_USE;
/* Whether If-Match is an input of the operation (which may be NULL): then it compares. */
bool conditions_has_if_match(const struct operation *op);
/*
 * Of a write that would be done now. If-Match is left to the operation, if its input has it, which
 * compares within its transaction; else nothing here has a tag, and any but "*" fails. With
 * If-None-Match no write is done: none makes something at an address of the client's choice.
 */
enum app_err conditions_check_write(struct http_exchange *x) MUST_USE;

#endif
