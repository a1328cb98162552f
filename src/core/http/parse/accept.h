/*
 * Content negotiation (RFC 9110 §12.5): which of our media types and codings a client wants. Pure.
 */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_ACCEPT_H
#define CROFT_SRC_CORE_HTTP_PARSE_ACCEPT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The index of the offered media type that the Accept header likes best, or -1 when it refuses all
 * of them. Equal quality: the earlier offer. An absent header (NULL), or one without a single
 * legible item, accepts anything.
 */
int accept_best(const char *accept, const char *const *offers, size_t count);

/*
 * Whether Accept-Encoding (NULL: absent) accepts gzip, and not less than the plain form. The plain
 * form is answered to whoever does not, be it refused or not (RFC 9110 §12.5.3).
 */
bool accept_gzip(const char *accept_encoding);

#endif
