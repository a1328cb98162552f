/*
 * Byte ranges (RFC 9110 §14): which part of a body a client wants. Pure.
 */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_RANGE_H
#define CROFT_SRC_CORE_HTTP_PARSE_RANGE_H

#include <stdbool.h>
#include <stdint.h>

enum range_result {
	/* answer 200 with everything: no range, several, or one without sense */
	RANGE_WHOLE = 0,
	/* answer 206 */
	RANGE_PART,
	/* answer 416 with the size in Content-Range (RFC 9110 §15.5.17) */
	RANGE_UNSATISFIABLE,
};

/* One part of a body, in bytes. */
struct range {
	/* len is never 0 */
	uint64_t first, len;
};

/*
 * What the Range header (NULL: absent) asks of a body of `size` bytes. *ret is set for RANGE_PART
 * only.
 */
enum range_result range_select(const char *header, uint64_t size, struct range *ret);

#endif
