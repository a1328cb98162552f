/*
 * What only an author may see of a fault of the program: in the environment `local`, and nowhere
 * else. What was bound to a statement, what the client sent and who asked are never part of it.
 */
#ifndef CROFT_SRC_CORE_HTTP_DEBUG_H
#define CROFT_SRC_CORE_HTTP_DEBUG_H

#include <stdbool.h>

#include "base/err.h"

struct buf;
struct http_exchange;

/* Whether the answer to this error tells it. */
bool debug_tells(const struct http_exchange *x, enum app_err err);
/* Adds `,"debug":{…}` to the members of an error. */
void debug_add_member(struct http_exchange *x, enum app_err err, struct buf *out);
/* Answers with a page; for clients that prefer one. The caller sets the status. */
void debug_answer_page(struct http_exchange *x, enum app_err err);

#endif
