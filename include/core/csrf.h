/*
 * A word that pages of ours send with each change, so that another page, whose requests bring the
 * cookie of who is signed in, too, but which cannot read the word, makes none (CSRF).
 */
#ifndef CROFT_CORE_CSRF_H
#define CROFT_CORE_CSRF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

/* With the NUL. */
enum { CSRF_ROOM = 23 };
/* Of a form; a header in all other requests. */
#define CSRF_FIELD "_csrf"

/* That of the session; it is good as long as the session lives, and nothing of it is kept. */
void csrf_token(const struct ctx *c, int64_t session_id, char ret[CSRF_ROOM]);
/* In constant time; NULL: none was sent. */
bool csrf_is_right(const struct ctx *c, int64_t session_id, const char *token) MUST_USE;

#endif
