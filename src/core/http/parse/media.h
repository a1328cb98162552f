/* Media types (RFC 9110 §8.3): what a request's body is, what is worth compressing. Pure. */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_MEDIA_H
#define CROFT_SRC_CORE_HTTP_PARSE_MEDIA_H

#include <stdbool.h>

enum media_kind {
	/* no Content-Type */
	MEDIA_NONE = 0,
	/* application/json or application/…+json */
	MEDIA_JSON,
	/* application/x-www-form-urlencoded */
	MEDIA_FORM,
	/* multipart/form-data */
	MEDIA_MULTIPART,
	/* anything else, and the above with a charset that is not UTF-8 */
	MEDIA_OTHER,
};

/* NULL: MEDIA_NONE */
enum media_kind media_kind(const char *content_type);

/* Whether bytes of this type get much smaller by gzip. Parameters of the type are ignored. */
bool media_is_compressible(const char *type);

#endif
