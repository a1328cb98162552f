/* The body of a request as a form. Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_FORM_H
#define CROFT_SRC_CORE_HTTP_FORM_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "core/schema.h"

struct http_exchange;

/* Its pairs, once the body is in; see pairs_read(). */
enum app_err form_read(struct http_exchange *x, const struct input_pair **ret) MUST_USE;
/* The same without the word of core/csrf.h, which is no operation's, where cookies are taken. */
enum app_err form_read_fields(struct http_exchange *x, const struct input_pair **ret) MUST_USE;
/* Whether it is that word. */
bool form_is_word(const struct input_pair *pair) MUST_USE;

#endif
