/* How a refresh token is written: "r.<session>.<generation>.<signature>", in one spelling. */
#ifndef CROFT_SRC_MODULES_AUTH_REFRESH_TEXT_H
#define CROFT_SRC_MODULES_AUTH_REFRESH_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "core/security.h"

struct refresh_text {
	/* Neither is negative. */
	int64_t session_id, generation;
	unsigned char signature[SIGNATURE_BYTES];
};

/* The longest has 64 bytes. */
enum { REFRESH_TEXT_ROOM = 80 };

/* Whether it is meant to be one, and no access token, whatever stands in it. */
bool refresh_text_is_meant(const char *text);
/* False for what is not, byte for byte, what is written of *ret. */
bool refresh_text_read(const char *text, struct refresh_text *ret) MUST_USE;
void refresh_text_write(const struct refresh_text *token, char ret[REFRESH_TEXT_ROOM]);

#endif
