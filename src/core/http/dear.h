/*
 * Which requests were dear lately: a small table of scores by the shape of a request, which is what
 * it asks for without the values that change from one to the next. Any thread may ask and note at
 * any time; a score that is lost or mixed up costs one request some time, no more. Private to
 * core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_DEAR_H
#define CROFT_SRC_CORE_HTTP_DEAR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/digest.h"

enum { DEAR_SLOTS = 1024 };

struct dear {
	/* so that nobody can aim at a slot */
	unsigned char key[DIGEST_KEY_BYTES];
	_Atomic uint64_t slots[DEAR_SLOTS];
};

void dear_init(struct dear *dear);
/*
 * The shape of a request for `what` (any address) with this raw query text. Names count, and so do
 * the values of what a list is told to do (sort, include, fields, with_total) and the names in
 * filters=; of other values only the length.
 */
uint64_t dear_shape(const struct dear *dear, const void *what, const char *query, size_t len);
bool dear_is(const struct dear *dear, uint64_t shape);
/*
 * What it cost: a shape is dear after two dear ones, and for as long as no two cheap ones came in a
 * row.
 */
void dear_note(struct dear *dear, uint64_t shape, bool was_dear);

#endif
