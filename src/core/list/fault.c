/* What every parameter of names has in common when it is wrong: a text, or one term of it. */
#include "base/str.h"
#include "internal.h"

const char *list_clean_text(struct list_bind *l, const struct subject *s)
{
	static const struct field any = { .name = "text", .type = FIELD_TEXT };
	const char *text = NULL;
	struct subject whole = *s;
	whole.field = &any;
	whole.base = &text;
	bind_text_value(l->b, &whole);
	return text;
}

void list_fault_term(struct list_bind *l, const struct subject *s, const struct list_terms *terms,
		     const char *why, const char *right)
{
	enum { TERM_SHOWN_MAX = 60 };
	size_t len = str_utf8_cut(terms->term, terms->len, TERM_SHOWN_MAX);
	bool cut = len < terms->len;
	fault_add(l->b, s, "value_error", "{\"error\":{}}", "Value error, '%.*s%s' %s%s", (int)len,
		  terms->term, cut ? "…" : "", why, right);
}
