/*
 * Byte ranges and entity tags. Several ranges are answered with the whole body: no client needs
 * them, attackers do.
 */
#include "range.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"

/* ---- ranges ---- */

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

/* ---- entity tags ---- */

/* An entity tag in a header: W/"opaque". */
struct etag {
	/* with its quotes */
	const char *opaque;
	size_t len;
	bool weak;
};

/* Reads the tag at *at and moves past it. False when there is none. */
static bool read_etag(const char **at, struct etag *ret)
{
	const char *start = *at;
	ret->weak = start[0] == 'W' && start[1] == '/';
	if (ret->weak)
		start += 2;
	if (*start != '"')
		return false;
	const char *end = start + 1;
	while (str_is_etag_char(*end))
		end++;
	if (*end != '"')
		return false;
	ret->opaque = start;
	ret->len = (size_t)(end - start) + 1;
	*at = end + 1;
	return true;
}

static bool is_same(const struct etag *a, const struct etag *b)
{
	return a->len == b->len && memcmp(a->opaque, b->opaque, a->len) == 0;
}

/* "*" alone. */
static bool is_asterisk(const char *list)
{
	list += strspn(list, " \t");
	return *list == '*' && list[1 + strspn(list + 1, " \t")] == '\0';
}

bool etag_none_match_hits(const char *if_none_match, const char *etag)
{
	const char *at = if_none_match;
	struct etag ours, theirs;
	bool hits = false;
	if (!at || !read_etag(&etag, &ours))
		return false;
	if (is_asterisk(at))
		return true;
	for (at += strspn(at, " \t,"); *at; at += strspn(at, " \t,")) {
		if (!read_etag(&at, &theirs))
			return false;
		hits = hits || is_same(&ours, &theirs);
		at += strspn(at, " \t");
		if (*at && *at != ',')
			return false;
	}
	return hits;
}

bool etag_range_holds(const char *if_range, const char *etag)
{
	struct etag ours, theirs;
	if (!if_range)
		return true;
	return read_etag(&etag, &ours) && read_etag(&if_range, &theirs) && *if_range == '\0' &&
	       !ours.weak && !theirs.weak && is_same(&ours, &theirs);
}
