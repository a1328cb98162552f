/*
 * Prefer (RFC 7240): of all preferences the one that is known here, dry-run. Others are ignored, as
 * the RFC wants it.
 */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_PREFER_H
#define CROFT_SRC_CORE_HTTP_PARSE_PREFER_H

/* From the least to what counts most, for a header that was sent on several lines. */
enum prefer {
	PREFER_NOTHING = 0,
	PREFER_DRY_RUN,
	/*
	 * A quote that stays open may hide what was asked for; and of a dry-run with a value nobody
	 * knows whether one is wanted.
	 */
	PREFER_UNCLEAR,
};

enum prefer prefer_read(const char *header);

#endif
