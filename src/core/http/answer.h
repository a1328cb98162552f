/* Filling in the answer. Private to core/http; what raw handlers call stands in core/http.h. */
#ifndef CROFT_SRC_CORE_HTTP_ANSWER_H
#define CROFT_SRC_CORE_HTTP_ANSWER_H

#include <stdbool.h>

#include "base/err.h"

struct http_exchange;

/* The form of errors that the client asks for by Accept. */
enum answer_form {
	/* as FastAPI has it */
	ANSWER_JSON,
	/* RFC 9457 */
	ANSWER_PROBLEM,
	/* it can read no JSON; where it is told nevertheless, the first */
	ANSWER_UNACCEPTABLE,
};
enum answer_form answer_form(const struct http_exchange *x);

/* Answers with the error of x->c. */
void answer_error(struct http_exchange *x, enum app_err err);

/* Whether compressing the body may be worth it. */
bool answer_is_compressible(const struct http_exchange *x);
/* Takes the body in gzip form, unless that is no smaller. */
void answer_compress(struct http_exchange *x);

#endif
