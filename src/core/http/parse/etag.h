/*
 * What reads ask by entity tags (RFC 9110 §13.1): whether the body is the one that the client
 * means, whether he has it already, and whether it is the one that he wants a part of. Pure. What
 * If-Match means for a write is core/model's.
 */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_ETAG_H
#define CROFT_SRC_CORE_HTTP_PARSE_ETAG_H

#include <stdbool.h>

/*
 * Our tag is given as it is sent: "\"abc\"" or "W/\"abc\"". The header is NULL where it is absent.
 *
 * If-None-Match: whether the list (or "*") names the tag by weak comparison: then 304. A list that
 * is written wrongly somewhere names nothing.
 */
bool etag_none_match_hits(const char *if_none_match, const char *etag);
/*
 * If-Match: whether the list (or "*") names the tag by strong comparison. The tag is NULL for what
 * has none. A list that is written wrongly somewhere names nothing.
 */
bool etag_match_holds(const char *if_match, const char *etag);
/* If-Range: whether the Range header counts. A date never does: we send no Last-Modified. */
bool etag_range_holds(const char *if_range, const char *etag);

#endif
