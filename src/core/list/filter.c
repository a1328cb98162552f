/*
 * Filters: FIELD=value and FIELD__OPERATOR=value, with values of the field's type. What a filter
 * means in SQL is the model's work.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "internal.h"

const struct list_operator_info list_operators[LIST_ISNULL + 1] = {
	[LIST_EQ] = { "", "Only rows whose %s is this.", FILTER_EQ },
	[LIST_NE] = { "__ne", "Only rows whose %s is not this.", FILTER_EQ },
	[LIST_GT] = { "__gt", "Only rows whose %s is greater than this.", FILTER_ORDER },
	[LIST_GTE] = { "__gte", "Only rows whose %s is this or greater.", FILTER_ORDER },
	[LIST_LT] = { "__lt", "Only rows whose %s is less than this.", FILTER_ORDER },
	[LIST_LTE] = { "__lte", "Only rows whose %s is this or less.", FILTER_ORDER },
	[LIST_IN] = { "__in", "Only rows whose %s is one of these, with commas between them.",
		      FILTER_IN },
	[LIST_LIKE] = { "__like", "Only rows whose %s contains this, in lower or upper case.",
			FILTER_LIKE },
	[LIST_ISNULL] = { "__isnull", "true: only rows whose %s is null; false: only the others.",
			  FILTER_NULL },
};

/* ---- names ---- */

static bool operator_find(const char *suffix, enum list_operator *ret)
{
	for (size_t i = 0; i <= LIST_ISNULL; i++)
		if (str_eq(list_operators[i].suffix, suffix)) {
			*ret = (enum list_operator)i;
			return true;
		}
	return false;
}

bool list_filter_find(const struct schema *row, const char *name, struct list_filter_name *ret)
{
	struct list_filter_name found;
	for (size_t i = 0; i < row->count; i++) {
		found.field = &row->fields[i];
		if (!field_may_filter(found.field) || !str_starts(name, found.field->name) ||
		    !operator_find(name + strlen(found.field->name), &found.op))
			continue;
		*ret = found;
		return true;
	}
	return false;
}

static void fault_operator(struct list_bind *l, const struct subject *s, const struct field *field)
{
	struct buf allowed;
	unsigned may = field_may_filter(field);
	buf_init(&allowed, l->b->c->arena);
	for (size_t i = 0; i <= LIST_ISNULL; i++)
		if (may & list_operators[i].bit)
			buf_printf(&allowed, "%s%s%s", allowed.len ? ", " : "", field->name,
				   list_operators[i].suffix);
	fault_add(l->b, s, "value_error", "{\"error\":{}}",
		  "Value error, %s has no such filter; there are: %s", field->name,
		  buf_text(&allowed));
}

/* ---- values ---- */

struct field list_filter_rules(const struct list_filter_name *name)
{
	const struct field *field = name->field;
	struct field rules = { .name = field->name, .type = field->type };
	bool whole = name->op == LIST_EQ || name->op == LIST_NE || name->op == LIST_IN;
	if (name->op == LIST_ISNULL)
		rules.type = FIELD_BOOL;
	if (rules.type != FIELD_TEXT)
		return rules;
	rules.max_len = LIST_TEXT_MAX;
	rules.min_len = name->op == LIST_LIKE;
	rules.lower = field->lower;
	/*
	 * A part or a bound need not be a whole value. UUIDs are stored in one spelling, so they
	 * are asked for in it.
	 */
	rules.trim = whole && field->trim;
	if (whole)
		rules.choices = field->choices;
	if (whole && field->format == FORMAT_UUID)
		rules.format = FORMAT_UUID;
	return rules;
}

static bool is_plain_date(const struct subject *s)
{
	return s->len == 10 && s->text[4] == '-' && s->text[7] == '-';
}

static void value_read(struct binder *b, const struct subject *s, struct list_value *ret)
{
	struct subject value = *s;
	bool truth = false;
	ret->type = s->field->type;
	value.base = ret->type == FIELD_BOOL ? (void *)&truth : (void *)&ret->integer;
	if (ret->type == FIELD_INSTANT && is_plain_date(s)) {
		value.text = arena_printf(b->c->arena, "%.10sT00:00:00Z", s->text);
		value.len = strlen(value.text);
		value.echo = echo_text(b, s->text, s->len);
	}
	bind_text_value(b, &value);
	if (ret->type == FIELD_BOOL)
		ret->integer = truth;
}

static void values_read(struct list_bind *l, const struct subject *s, struct list_value *ret)
{
	struct list_terms terms = list_terms_quoted(s->text, s->len);
	for (size_t i = 0; list_terms_next(&terms) && !faults_are_full(l->b); i++) {
		struct place at = { .up = s->at, .index = i };
		struct subject each = {
			.field = s->field, .at = &at, .text = terms.term, .len = terms.len
		};
		if (terms.is_broken) {
			fault_add(
				l->b, &each, "value_error", "{\"error\":{}}",
				"Value error, a value that begins with a quote ends with one, and "
				"each quote inside is doubled");
			continue;
		}
		if (terms.is_quoted)
			list_unquote(l->b->c->arena, &each);
		value_read(l->b, &each, &ret[i]);
	}
}

/* ---- the filter ---- */

static bool check_room(struct list_bind *l, const struct subject *s)
{
	if (l->query->filter_count < LIST_FILTERS_MAX)
		return true;
	if (!l->filters_are_full)
		fault_add(l->b, s, "value_error", "{\"error\":{}}",
			  "Value error, a list takes at most %d filters", LIST_FILTERS_MAX);
	l->filters_are_full = true;
	return false;
}

/* Names are unique, but the same filter may stand in filters= as well. */
static bool check_first(struct list_bind *l, const struct subject *s,
			const struct list_filter_name *name)
{
	for (size_t i = 0; i < l->query->filter_count; i++) {
		const struct list_filter *given = &l->query->filters[i];
		if (given->field != name->field || given->operator!= name->op)
			continue;
		fault_add(l->b, s, "value_error", "{\"error\":{}}",
			  "Value error, given more than once");
		return false;
	}
	return true;
}

void list_take_filter(struct list_bind *l, const struct subject *s,
		      const struct list_filter_name *name)
{
	size_t count = 1;
	if (!(field_may_filter(name->field) & list_operators[name->op].bit)) {
		fault_operator(l, s, name->field);
		return;
	}
	bool many = name->op == LIST_IN;
	if (!check_first(l, s, name) || !check_room(l, s) ||
	    (many &&
	     !list_terms_check(l, s, list_terms_quoted(s->text, s->len), LIST_IN_MAX, &count)))
		return;
	struct field rules = list_filter_rules(name);
	struct list_value *values = arena_zero(l->b->c->arena, count * sizeof(*values));
	struct subject value = *s;
	value.field = &rules;
	if (many)
		values_read(l, &value, values);
	else
		value_read(l->b, &value, values);
	l->query->filters[l->query->filter_count++] = (struct list_filter){ name->field, name->op,
									    values, count };
}
