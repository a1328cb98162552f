/*
 * A cookie that is signed: "<seconds>.<bytes>.<signature>", where seconds are those since 1970 when
 * it was signed, and the other two are in base64url. Each value has one spelling.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/app.h"
#include "core/cookie.h"
#include "core/security.h"

enum {
	/* digits of the time, for some 300 years */
	SECONDS_DIGITS = 10,
	/* What clocks of two machines may differ. */
	LEEWAY_S = 60,
};

/* No two cookies have one, whatever their names: neither has a blank. */
static const char *purpose_of(struct ctx *c, const struct cookie *cookie)
{
	return arena_printf(c->arena, "cookie %s", cookie->name);
}

static const char *encoded(struct ctx *c, const void *bytes, size_t len)
{
	char *text = arena_raw(c->arena, str_base64url_room(len));
	str_base64url(bytes, len, text);
	return text;
}

enum app_err cookie_sign(struct ctx *c, const struct cookie *cookie, const void *bytes, size_t len,
			 const char **ret)
{
	unsigned char signature[SIGNATURE_BYTES];
	if (cookie->lifetime_s <= 0 || len > COOKIE_SIGNED_MAX)
		return ctx_fail_cause(
			c, APP_INTERNAL, "the cookie %s cannot be signed: %s", cookie->name,
			len > COOKIE_SIGNED_MAX ? "it is too long" : "it has no lifetime");
	enum app_err err = security_must_sign(c);
	if (err)
		return err;
	const char *said = arena_printf(c->arena, "%lld.%s", (long long)ctx_now_s(c),
					encoded(c, bytes, len));
	security_sign(c->app->security, purpose_of(c, cookie), said, strlen(said), signature);
	return cookie_set(
		c, cookie,
		arena_printf(c->arena, "%s.%s", said, encoded(c, signature, sizeof(signature))),
		ret);
}

/* Whether the value is one that we have signed: *ret_said is so long before its last dot. */
static bool is_ours(struct ctx *c, const struct cookie *cookie, const struct cookie_value *value,
		    size_t *ret_said)
{
	unsigned char signature[SIGNATURE_BYTES];
	const char *dot = memrchr(value->text, '.', value->len);
	size_t signature_len;
	if (!dot || value->len > COOKIE_VALUE_MAX)
		return false;
	*ret_said = (size_t)(dot - value->text);
	return str_base64url_decode(dot + 1, value->len - *ret_said - 1, signature,
				    sizeof(signature), &signature_len) &&
	       signature_len == sizeof(signature) &&
	       security_verify(c->app->security, purpose_of(c, cookie), value->text, *ret_said,
			       signature);
}

/* What we have signed is well-formed; that of another version of the program need not be. */
static bool read_signed(struct ctx *c, const struct cookie *cookie, const char *said, size_t len,
			struct cookie_value *ret)
{
	int64_t signed_s, now = ctx_now_s(c);
	size_t digits = str_read_digits(said, len < SECONDS_DIGITS ? len : SECONDS_DIGITS,
					&signed_s);
	if (!digits || digits == len || said[digits] != '.' || signed_s > now + LEEWAY_S ||
	    signed_s + cookie->lifetime_s <= now)
		return false;
	char *bytes = arena_raw(c->arena, COOKIE_SIGNED_MAX + 1);
	if (!str_base64url_decode(said + digits + 1, len - digits - 1, bytes, COOKIE_SIGNED_MAX,
				  &ret->len))
		return false;
	bytes[ret->len] = '\0';
	ret->text = bytes;
	return true;
}

enum cookie_found cookie_open(struct ctx *c, const struct cookie *cookie, const char *header,
			      struct cookie_value *ret)
{
	struct cookie_value value = { 0 };
	size_t said;
	enum cookie_found found = cookie_find(header, cookie->name, &value);
	if (found != COOKIE_THERE)
		return found;
	return is_ours(c, cookie, &value, &said) && read_signed(c, cookie, value.text, said, ret)
		       ? COOKIE_THERE
		       : COOKIE_BAD;
}
