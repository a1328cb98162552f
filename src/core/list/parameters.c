/*
 * The parameters of lists that are no filters: which there are, and those with one value: page,
 * per_page, cursor, q, with_total.
 */
#include <string.h>

#include "base/str.h"
#include "core/text.h"
#include "internal.h"

/* Binds the value to its member of the query by the rules of s->field, the parameter's. */
static void take_value(struct list_bind *l, const struct subject *s)
{
	struct subject value = *s;
	value.base = l->query;
	bind_text_value(l->b, &value);
}

static void take_search(struct list_bind *l, const struct subject *s)
{
	static const struct field whole = { .name = "q",
					    .type = FIELD_TEXT,
					    .max_len = LIST_TEXT_MAX };
	struct subject trimmed = *s;
	size_t before = l->b->faults;
	const char *ignored;
	trimmed.field = &whole;
	trimmed.base = &ignored;
	bind_text_value(l->b, &trimmed);
	if (l->b->faults != before)
		return;
	trimmed.field = s->field;
	trimmed.text = text_trim(s->text, &trimmed.len);
	trimmed.echo = s->echo ? s->echo : echo_text(l->b, s->text, s->len);
	take_value(l, &trimmed);
}

#define MEMBER(member) .name = #member, .offset = offsetof(struct list_query, member)

static const struct list_parameter parameters[PARAMETER_COUNT] = {
	[PARAMETER_PAGE] = { .field = { MEMBER(page), .type = FIELD_INT, .preset = "1", MIN(1),
					MAX(LIST_PAGE_MAX), .doc = "Number of the page." },
			     .take = take_value },
	[PARAMETER_PER_PAGE] = { .field = { MEMBER(per_page), .type = FIELD_INT, .preset = "20",
					    MIN(1), MAX(LIST_PER_PAGE_MAX),
					    .doc = "Rows on a page." },
				 .take = take_value },
	[PARAMETER_CURSOR] = { .field = { MEMBER(cursor), .type = FIELD_TEXT, .min_len = 1,
					  .max_len = LIST_CURSOR_MAX,
					  .doc = "next_cursor of the page before, with its sort "
						 "and filters, and no page. Any other text is "
						 "refused." },
			       .take = take_value },
	[PARAMETER_SORT] = { .field = { .name = "sort", .type = FIELD_TEXT },
			     .needs = field_may_sort,
			     .take = list_take_sort },
	[PARAMETER_Q] = { .field = { MEMBER(q), .type = FIELD_TEXT, .min_len = 1,
				     .max_len = LIST_TEXT_MAX,
				     .doc = "Only rows in which these words are found." },
			  .needs = field_may_search,
			  .take = take_search },
	[PARAMETER_FIELDS] = { .field = { .name = "fields", .type = FIELD_TEXT },
			       .needs = field_may_show,
			       .take = list_take_fields },
	[PARAMETER_INCLUDE] = { .field = { .name = "include", .type = FIELD_TEXT },
				.needs = field_may_include,
				.take = list_take_include },
	[PARAMETER_WITH_TOTAL] = { .field = { MEMBER(with_total), .type = FIELD_BOOL,
					      .doc = "Whether total and pages are counted: by "
						     "default not with cursor." },
				   .take = take_value },
};

size_t list_parameter_index(const struct list_parameter *parameter)
{
	return (size_t)(parameter - parameters);
}

const struct list_parameter *list_parameter_at(size_t index)
{
	return index < COUNT_OF(parameters) ? &parameters[index] : NULL;
}

bool list_parameter_is_offered(const struct list_parameter *parameter, const struct schema *row)
{
	if (!parameter->needs)
		return true;
	for (size_t i = 0; i < row->count; i++)
		if (parameter->needs(&row->fields[i]))
			return true;
	return false;
}

const struct list_parameter *list_parameter_find(const struct schema *row, const char *name)
{
	const struct list_parameter *parameter;
	for (size_t i = 0; (parameter = list_parameter_at(i)); i++)
		if (str_eq(parameter->field.name, name))
			return list_parameter_is_offered(parameter, row) ? parameter : NULL;
	return NULL;
}
