/*
 * Terms: texts with commas between them, which are values of filters, or names in sort=, fields=
 * and include=.
 */
#include <string.h>

#include "base/arena.h"
#include "internal.h"

static struct list_terms terms_of(const char *text, size_t len)
{
	return (struct list_terms){ .at = text, .end = text + len };
}

struct list_terms list_terms_quoted(const char *text, size_t len)
{
	return (struct list_terms){ .at = text, .end = text + len, .takes_quotes = true };
}

const char *list_quoted_end(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		if (*at != '"')
			continue;
		if (at + 1 == end || at[1] != '"')
			return at + 1;
		at++;
	}
	return NULL;
}

/* "say ""hi""" → say "hi" */
void list_unquote(struct arena *arena, struct subject *s)
{
	char *text = arena_raw(arena, s->len), *out = text;
	for (size_t i = 1; i + 1 < s->len; i++) {
		*out++ = s->text[i];
		i += s->text[i] == '"';
	}
	s->text = text;
	s->len = (size_t)(out - text);
}

/* Where the term that begins at terms->at ends. */
static const char *term_end(struct list_terms *terms)
{
	const char *after = terms->at;
	terms->is_quoted = terms->takes_quotes && after < terms->end && *after == '"';
	if (terms->is_quoted)
		after = list_quoted_end(after, terms->end);
	terms->is_broken = !after;
	if (!after)
		return terms->end;
	const char *comma = memchr(after, ',', (size_t)(terms->end - after));
	comma = comma ? comma : terms->end;
	terms->is_broken = terms->is_quoted && comma != after;
	return comma;
}

bool list_terms_next(struct list_terms *terms)
{
	if (!terms->at)
		return false;
	const char *end = term_end(terms);
	terms->term = terms->at;
	terms->len = (size_t)(end - terms->at);
	terms->at = end < terms->end ? end + 1 : NULL;
	return true;
}

bool list_terms_check(struct list_bind *l, const struct subject *s, struct list_terms terms,
		      size_t most, size_t *ret_count)
{
	struct field rules = { .name = s->at->name, .type = FIELD_ARRAY, .max_len = (int64_t)most };
	struct subject list = *s;
	list.field = &rules;
	for (*ret_count = 0; list_terms_next(&terms);)
		++*ret_count;
	return check_array_max(l->b, &list, *ret_count);
}

void list_terms_take(struct list_bind *l, const struct subject *s, size_t most,
		     void (*take)(struct list_bind *l, const struct subject *s,
				  const struct list_terms *term))
{
	size_t count;
	if (!list_terms_check(l, s, terms_of(s->text, s->len), most, &count))
		return;
	const char *text = list_clean_text(l, s);
	if (!text)
		return;
	struct list_terms terms = terms_of(text, strlen(text));
	while (list_terms_next(&terms))
		take(l, s, &terms);
}
