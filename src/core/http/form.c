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

/*
 * What curl -d makes of JSON when nobody names its type. As a form it is one name, which faults
 * show, with the password in it. No form begins so: { is encoded there.
 */
static enum app_err check_form(struct http_exchange *x)
{
	if (x->body.len && x->body.data[0] == '{')
		return ctx_fail(&x->c, APP_UNSUPPORTED_MEDIA,
				"This body is JSON, and its Content-Type says that it is a form");
	return APP_OK;
}

enum app_err form_read_fields(struct http_exchange *x, const struct input_pair **ret)
{
	const struct input_pair *all = NULL;
	enum app_err err = check_form(x);
	if (!err)
		err = form_read(x, &all);
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
