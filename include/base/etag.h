/*
 * Entity tags as headers have them, alone and in lists (RFC 9110 §8.8.3 and §13.1). What a list
 * means for an answer or a write is not told here.
 */
#ifndef CROFT_BASE_ETAG_H
#define CROFT_BASE_ETAG_H

#include <stdbool.h>
#include <stddef.h>

/* W/"opaque" */
struct etag {
	/* With its quotes; in the text that it was read from. */
	const char *opaque;
	size_t len;
	bool weak;
};

/* Reads the tag at *at and moves past it. False when there is none. */
bool etag_read(const char **at, struct etag *ret);
/* Whether they are the same by weak comparison. */
bool etag_is_same(const struct etag *a, const struct etag *b);

/* Whether the list is "*" alone, which names any tag. */
bool etag_list_is_any(const char *list);

enum etag_step {
	/* One more tag. */
	ETAG_STEP_TAG,
	ETAG_STEP_END,
	/* The list is written wrongly: it is none, whatever was read of it. */
	ETAG_STEP_WRONG,
};
/* Reads the next tag of the list whose rest is at *at, and moves past it. */
enum etag_step etag_list_next(const char **at, struct etag *ret);

#endif
