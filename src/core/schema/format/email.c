/*
 * Whether a text can be an e-mail address: the practical part of RFC 5321 in ASCII, dot-atom before
 * the @-sign and a host name with at least two labels after it. Nothing is looked up, and nothing
 * is changed.
 */
#include "email.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

enum { LOCAL_MAX = 64, LABEL_MAX = 63 };

struct email {
	struct arena *arena;
	bool may_quote;
	const char *local, *domain;
	size_t local_len, domain_len;
};

static bool is_alnum(char byte)
{
	return str_is_alpha(byte) || str_is_digit(byte);
}

/* RFC 5322 §3.2.3 atext, and the dot. */
static bool is_local_char(char byte)
{
	return is_alnum(byte) || (byte && strchr("!#$%&'*+-/=?^_`{|}~.", byte));
}

static bool is_domain_char(char byte)
{
	return is_alnum(byte) || byte == '-' || byte == '.';
}

static const char *too_long(const struct email *e, const char *what, size_t over)
{
	return arena_printf(e->arena, "%s (%zu character%s too many).", what, over,
			    over == 1 ? "" : "s");
}

static const char *bad_char(const struct email *e, const char *what, char byte)
{
	if (!e->may_quote)
		return arena_printf(e->arena, "%s.", what);
	if (byte == ' ')
		return arena_printf(e->arena, "%s: SPACE.", what);
	if (byte > 0x20 && byte < 0x7f)
		return arena_printf(e->arena, "%s: '%c'.", what, byte);
	return arena_printf(e->arena, "%s: only ASCII letters, digits and signs are supported.",
			    what);
}

static const char *local_fault(const struct email *e)
{
	const char *local = e->local;
	size_t len = e->local_len;
	if (!len)
		return "There must be something before the @-sign.";
	if (len > LOCAL_MAX)
		return too_long(e, "The email address is too long before the @-sign",
				len - LOCAL_MAX);
	for (size_t i = 0; i < len; i++)
		if (!is_local_char(local[i]))
			return bad_char(
				e,
				"The email address contains invalid characters before the @-sign",
				local[i]);
	if (local[0] == '.')
		return "An email address cannot start with a period.";
	if (local[len - 1] == '.')
		return "An email address cannot have a period immediately before the @-sign.";
	if (memmem(local, len, "..", 2))
		return "An email address cannot have two periods in a row.";
	return NULL;
}

static const char *domain_ends_fault(const char *domain, size_t len)
{
	if (domain[0] == '.')
		return "An email address cannot have a period immediately after the @-sign.";
	if (domain[len - 1] == '.')
		return "An email address cannot end with a period.";
	if (domain[0] == '-')
		return "An email address cannot have a hyphen immediately after the @-sign.";
	if (domain[len - 1] == '-')
		return "An email address cannot end with a hyphen.";
	if (memmem(domain, len, "..", 2))
		return "An email address cannot have two periods in a row.";
	if (memmem(domain, len, ".-", 2) || memmem(domain, len, "-.", 2))
		return "An email address cannot have a period and a hyphen next to each other.";
	return NULL;
}

static const char *labels_fault(const struct email *e)
{
	const char *label = e->domain, *end = e->domain + e->domain_len;
	for (;;) {
		const char *dot = memchr(label, '.', (size_t)(end - label));
		size_t len = (size_t)((dot ? dot : end) - label);
		if (len > LABEL_MAX)
			return too_long(e,
					"After the @-sign, periods cannot be separated by so many "
					"characters",
					len - LABEL_MAX);
		if (!dot)
			break;
		label = dot + 1;
	}
	if (label == e->domain)
		return "The part after the @-sign is not valid. It should have a period.";
	while (label < end && str_is_digit(*label))
		label++;
	return label == end ? "The part after the @-sign is not valid. It is not within a valid "
			      "top-level domain."
			    : NULL;
}

static const char *domain_fault(const struct email *e)
{
	if (!e->domain_len)
		return "There must be something after the @-sign.";
	for (size_t i = 0; i < e->domain_len; i++)
		if (!is_domain_char(e->domain[i]))
			return bad_char(e, "The part after the @-sign contains invalid characters",
					e->domain[i]);
	const char *why = domain_ends_fault(e->domain, e->domain_len);
	return why ? why : labels_fault(e);
}

const char *email_fault(struct arena *arena, const char *text, size_t len, bool may_quote)
{
	const char *at = memchr(text, '@', len);
	if (!at)
		return "An email address must have an @-sign.";
	struct email e = {
		.arena = arena,
		.may_quote = may_quote,
		.local = text,
		.domain = at + 1,
		.local_len = (size_t)(at - text),
		.domain_len = len - (size_t)(at - text) - 1,
	};
	if (memchr(e.domain, '@', e.domain_len))
		return "The email address is not valid. It must have exactly one @-sign.";
	if (len > EMAIL_MAX && e.local_len <= LOCAL_MAX)
		return too_long(&e, "The email address is too long", len - EMAIL_MAX);
	const char *why = local_fault(&e);
	return why ? why : domain_fault(&e);
}
