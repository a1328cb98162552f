/* The headers of an answer, whoever sends it. Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_ANSWER_HEAD_H
#define CROFT_SRC_CORE_HTTP_ANSWER_HEAD_H

#include <stdbool.h>

struct answer;

typedef bool answer_header_fn(void *to, const char *name, const char *value);

/*
 * Calls `add` with each: those that all answers have, and its own. Date, Content-Length and what
 * closes are for the sender. False as soon as `add` gave false.
 */
bool answer_headers(const struct answer *answer, const char *request_id, answer_header_fn *add,
		    void *to);

#endif
