/*
 * Byte ranges. Several ranges are answered with the whole body: no client needs them, attackers do.
 */
#include "range.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"

/* Reads digits; a number too large becomes the largest. False when there are none. */
static bool read_number(const char **at, uint64_t *ret)
{
	int64_t value;
	size_t digits = str_read_digits(*at, SIZE_MAX, &value);
	*at += digits;
	if (digits)
		*ret = (uint64_t)value;
	return digits > 0;
}

/* "-500": the last 500 bytes. */
static enum range_result select_suffix(const char *at, uint64_t size, struct range *ret)
{
	uint64_t len;
	at++;
	if (!read_number(&at, &len) || *at)
		return RANGE_WHOLE;
	if (len == 0)
		return RANGE_UNSATISFIABLE;
	if (size == 0)
		return RANGE_WHOLE;
	ret->len = len < size ? len : size;
	ret->first = size - ret->len;
	return RANGE_PART;
}

enum range_result range_select(const char *header, uint64_t size, struct range *ret)
{
	uint64_t first, last = UINT64_MAX;
	if (!header || strncasecmp(header, "bytes=", 6) != 0)
		return RANGE_WHOLE;
	const char *at = header + 6;
	if (*at == '-')
		return select_suffix(at, size, ret);
	if (!read_number(&at, &first) || *at++ != '-')
		return RANGE_WHOLE;
	bool has_last = read_number(&at, &last);
	/* anything left is a second range or nonsense: both are ignored (RFC 9110 §14.2) */
	if (*at || (has_last && last < first))
		return RANGE_WHOLE;
	if (first >= size)
		return RANGE_UNSATISFIABLE;
	ret->first = first;
	ret->len = (last < size ? last + 1 : size) - first;
	return RANGE_PART;
}
