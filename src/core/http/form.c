/* Reads the body of a request as a form. */
#include "form.h"

#include "base/arena.h"
#include "base/str.h"
#include "core/csrf.h"
#include "exchange.h"
#include "parse/pairs.h"
#include "stage.h"

bool form_is_word(const struct input_pair *pair)
{
	return str_eq(pair->name, CSRF_FIELD);
}

enum app_err form_read(struct http_exchange *x, const struct input_pair **ret)
{
	return pairs_read(&x->c, "form", x->body.data, x->body.len, ret);
}

static size_t pairs_count(const struct input_pair *pairs)
{
	size_t count = 0;
	while (pairs[count].name)
		count++;
	return count;
}

enum app_err form_read_fields(struct http_exchange *x, const struct input_pair **ret)
{
	const struct input_pair *all;
	enum app_err err = form_read(x, &all);
	if (err || !sender_cookie_name(x)) {
		*ret = err ? *ret : all;
		return err;
	}
	struct input_pair *to = arena_zero(&x->arena, (pairs_count(all) + 1) * sizeof(*to));
	*ret = to;
	for (; all->name; all++)
		if (!form_is_word(all))
			*to++ = *all;
	return APP_OK;
}
