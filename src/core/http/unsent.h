/*
 * Answers that nobody has taken yet: what is held for them, and what of that there is room for.
 * Private to core/http; see unsent.c.
 */
#ifndef CROFT_SRC_CORE_HTTP_UNSENT_H
#define CROFT_SRC_CORE_HTTP_UNSENT_H

#include "base/attr.h"
#include "base/err.h"

struct buf;
struct http_exchange;

/*
 * An empty buffer for the body of the answer: in the arena, or on the heap when much was read for
 * it.
 */
struct buf *unsent_buf(struct http_exchange *x);
/*
 * The same body in another form; the exchange takes `form`, whose arena is that of answer.own, or
 * NULL.
 */
void unsent_replace(struct http_exchange *x, struct buf *form);
/*
 * Counts what the request holds for its answer. APP_UNAVAILABLE past server.answer_memory or the
 * client's share of it: all that was done since its body was in is then undone. What was committed
 * is never refused.
 */
enum app_err unsent_hold(struct http_exchange *x) MUST_USE;
/* APP_UNAVAILABLE when a change is not to be made, because there would be no room to tell of it. */
enum app_err unsent_admits(struct http_exchange *x) MUST_USE;
/* When the library has the headers: gives back all but the body of the answer. */
void unsent_begin(struct http_exchange *x);
/* Gives back the body, too, and all that was made in the arena since the request's was in. */
void unsent_drop(struct http_exchange *x);

#endif
