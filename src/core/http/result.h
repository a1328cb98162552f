/*
 * What an operation has given, call.out, as an answer: its status and its headers. Private to
 * core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_RESULT_H
#define CROFT_SRC_CORE_HTTP_RESULT_H

#include "base/attr.h"
#include "base/err.h"

struct field;
struct http_exchange;
struct idempotency_answer;
struct op_call;
struct schema;

enum app_err result_status(struct http_exchange *x, int *ret) MUST_USE;
/* The id that the address of a new row ends with; NULL: it has none that could be told. */
const struct field *result_id(const struct schema *out);
/* Both in the arena; NULL: there is none. The operation has an .out. */
const char *result_location(struct http_exchange *x, int status);
const char *result_etag(struct http_exchange *x);
/*
 * The whole of it, for a change with a key: body, too. On the thread of the write, which has the
 * exchange meanwhile.
 */
enum app_err result_answer(struct op_call *call, struct idempotency_answer *ret) MUST_USE;

#endif
