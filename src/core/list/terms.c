/*
 * Parameters that are names with commas between them: sort= and fields=. Names are looked up among
 * the fields that allow it, so nothing else reaches a query.
 */
#include <string.h>

#include "internal.h"

/* ---- terms ---- */

static struct list_terms terms_of(const char *text, size_t len)
{
	return (struct list_terms){ .at = text, .end = text + len };
}

struct list_terms list_terms_quoted(const char *text, size_t len)
{
	return (struct list_terms){ .at = text, .end = text + len, .takes_quotes = true };
}

/* Behind the quote that closes the one at *at: one that is not doubled. NULL: there is none. */
static const char *quoted_end(const char *at, const char *end)
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

/* Where the term that begins at terms->at ends. */
static const char *term_end(struct list_terms *terms)
{
	const char *after = terms->at;
	terms->is_quoted = terms->takes_quotes && after < terms->end && *after == '"';
	if (terms->is_quoted)
		after = quoted_end(after, terms->end);
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

const struct field *list_field_find(const struct schema *row,
				    bool (*may)(const struct field *field), const char *name,
				    size_t len)
{
	for (size_t i = 0; i < row->count; i++) {
		const struct field *field = &row->fields[i];
		if (strlen(field->name) == len && memcmp(field->name, name, len) == 0 && may(field))
			return field;
	}
	return NULL;
}

/* ---- sort ---- */

static bool cut_end(size_t *len, const char *term, const char *end)
{
	size_t end_len = strlen(end);
	if (*len < end_len || memcmp(term + *len - end_len, end, end_len) != 0)
		return false;
	*len -= end_len;
	return true;
}

/* "-created_at", or "created_at:desc". Both at once is no name. */
static bool sort_read(const struct schema *row, const struct list_terms *terms,
		      struct list_sort *ret)
{
	const char *name = terms->term;
	size_t len = terms->len;
	bool descending = len && *name == '-';
	if (descending) {
		name++;
		len--;
	} else if (cut_end(&len, name, ":desc")) {
		descending = true;
	} else {
		(void)cut_end(&len, name, ":asc");
	}
	*ret = (struct list_sort){ list_field_find(row, field_may_sort, name, len), descending };
	return ret->field;
}

static bool is_sorted_by(const struct list_query *query, const struct field *field)
{
	for (size_t i = 0; i < query->sort_count; i++)
		if (query->sorts[i].field == field)
			return true;
	return false;
}

static void sort_term(struct list_bind *l, const struct subject *s, const struct list_terms *term)
{
	struct list_query *query = l->query;
	struct list_sort sort;
	if (!sort_read(l->row, term, &sort))
		list_fault_term(l, s, term, "is no field to sort by; there are: ",
				list_names(l->b->c->arena, l->row, field_may_sort, ", "));
	else if (is_sorted_by(query, sort.field))
		list_fault_term(l, s, term, "sorts by a field that was named before", "");
	else
		query->sorts[query->sort_count++] = sort;
}

void list_take_sort(struct list_bind *l, const struct subject *s)
{
	list_terms_take(l, s, LIST_SORTS_MAX, sort_term);
}

/* ---- fields ---- */

static void show_term(struct list_bind *l, const struct subject *s, const struct list_terms *term)
{
	const struct schema *row = l->row;
	const struct field *field = list_field_find(row, field_may_show, term->term, term->len);
	uint64_t bit = field ? (uint64_t)1 << (field - row->fields) : 0;
	if (list_field_find(row, field_may_include, term->term, term->len))
		list_fault_term(l, s, term, "is a relation: name it in include instead", "");
	else if (!field)
		list_fault_term(l, s, term, "is no field; there are: ",
				list_names(l->b->c->arena, row, field_may_show, ", "));
	else if (l->shown & bit)
		list_fault_term(l, s, term, "is named twice", "");
	else
		l->shown |= bit;
}

void list_take_fields(struct list_bind *l, const struct subject *s)
{
	l->has_shown = true;
	list_terms_take(l, s, HIDDEN_FIELDS_MAX, show_term);
}
