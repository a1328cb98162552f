/*
 * Contradictions within a field table, told in a sentence when the server starts instead of to a
 * client later. Whether the values that it says keep its rules is table_values.c's.
 */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "format/pattern.h"
#include "internal.h"

struct table_check {
	struct ctx *c;
	const struct schema *schema;
	bool as_input;
	/* it is that of an object within the outermost */
	bool is_inner;
};

#define SAY(t, ...) arena_printf((t)->c->arena, __VA_ARGS__)

/* ---- names ---- */

static bool is_word(const char *name)
{
	size_t len = name ? strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789_")
			  : 0;
	return len && !name[len];
}

bool schema_name_is_kept(const char *component)
{
	static const char *const names[] = { "Error", "HTTPValidationError", "OAuthError",
					     "Problem", "ValidationError" };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq(names[i], component))
			return true;
	return false;
}

static const char *schema_name_fault(const struct table_check *t)
{
	const char *name = t->schema->name;
	if (!is_word(name))
		return "a schema has no name";
	struct buf component;
	buf_init(&component, t->c->arena);
	schema_component_name(name, &component);
	if (!schema_name_is_kept(buf_text(&component)))
		return NULL;
	return SAY(t, "the table '%s': %s is what the document calls a failure; name it otherwise",
		   name, buf_text(&component));
}

static const char *shape_fault(const struct table_check *t)
{
	const struct schema *schema = t->schema;
	if (schema->shape == SHAPE_OBJECT)
		return NULL;
	if (t->as_input || t->is_inner)
		return SAY(t, "the table '%s': only a whole answer has a .shape", schema->name);
	if (schema->count != 1 || schema->fields->type != FIELD_ARRAY || schema->fields->secret ||
	    schema->fields->relation)
		return SAY(t, "the table '%s': with a .shape it has one field, an array",
			   schema->name);
	return NULL;
}

static const char *name_fault(const struct table_check *t, const struct field *field)
{
	if (!is_word(field->name))
		return "a name is made of letters, digits and _";
	for (const struct field *other = t->schema->fields; other < field; other++)
		if (str_eq(other->name, field->name))
			return "there is another field of this name";
	return NULL;
}

/* ---- rules that do not go together ---- */

static bool is_number(enum field_type type)
{
	return type == FIELD_INT || type == FIELD_REAL;
}

static const char *length_fault(const struct table_check *t, const struct field *field)
{
	bool has_length = field->type == FIELD_TEXT || field->type == FIELD_ARRAY;
	if (field->min_len < 0 || field->max_len < 0 || field->item_max_len < 0)
		return "a length is not negative";
	if ((field->min_len || field->max_len) && !has_length)
		return ".min_len and .max_len are for texts and arrays; numbers have MIN() and "
		       "MAX()";
	if (field->max_len && field->min_len > field->max_len)
		return SAY(t, ".min_len %lld is above .max_len %lld", (long long)field->min_len,
			   (long long)field->max_len);
	if (field->item_max_len &&
	    (field->type != FIELD_ARRAY || field_value_type(field) != FIELD_TEXT))
		return ".item_max_len is for arrays of texts";
	return NULL;
}

/* Whether a number lies between the bounds, of an INT a whole one. */
static bool has_room(const struct field *field)
{
	return field_least(field) <= field_most(field);
}

static const char *range_fault(const struct field *field)
{
	if ((field->has_min || field->has_max) && !is_number(field_value_type(field)))
		return "MIN() and MAX() are for numbers";
	if ((field->has_min && !isfinite(field->min)) || (field->has_max && !isfinite(field->max)))
		return "a bound is a finite number";
	if ((field->exclusive_min && !field->has_min) || (field->exclusive_max && !field->has_max))
		return "an exclusive bound needs MIN() or MAX()";
	if ((field->min != 0 && !field->has_min) || (field->max != 0 && !field->has_max))
		return ".min and .max alone bound nothing: write MIN() and MAX()";
	if (field->has_min && field->has_max && !has_room(field))
		return "no number lies between MIN() and MAX()";
	return NULL;
}

static const char *pattern_rule_fault(const struct table_check *t, const struct field *field)
{
	if (!field->pattern)
		return NULL;
	if (field_value_type(field) != FIELD_TEXT)
		return ".pattern is for texts";
	const char *why = pattern_fault(t->c->arena, field->pattern);
	return why ? SAY(t, "the pattern '%s' is wrong %s", field->pattern, why) : NULL;
}

static const char *choices_fault(const struct field *field)
{
	if (!field->choices)
		return NULL;
	if (field_value_type(field) != FIELD_TEXT)
		return ".choices are for texts";
	return field->choices[0] ? NULL : ".choices is empty: nothing could be sent";
}

static const char *presence_fault(const struct table_check *t, const struct field *field)
{
	bool can_hold_null = field->maybe || field->type == FIELD_TEXT ||
			     field->type == FIELD_RAW_JSON || field->type == FIELD_ARRAY ||
			     field->relation;
	if (field->nullable && !can_hold_null)
		return ".nullable needs a struct maybe_… member, or null could not be told";
	if (t->as_input && !t->schema->shared && field->required && field->preset)
		return "it is required and has a preset: one of them is too much";
	return NULL;
}

/* ---- where it comes from, and what lists may ask ---- */

static const char *source_fault(const struct table_check *t, const struct field *field)
{
	bool is_text = field->in != IN_BODY && field->in != NOT_INPUT;
	if (!t->as_input || !is_text || field->type == FIELD_LIST_QUERY)
		return NULL;
	if (t->is_inner)
		return "a member of an object comes from the body like the object itself";
	if (field_value_type(field) == FIELD_OBJECT)
		return "path, query, headers and forms hold no objects";
	if (field->in == IN_PATH &&
	    (field->type == FIELD_ARRAY || field->preset || field->nullable))
		return "the path always gives one value: no array, no preset, no null";
	if (field->in == IN_FORM && schema_uses(t->schema, IN_BODY))
		return "the body is a form or JSON, and this input wants both";
	return NULL;
}

static const char *list_fault(const struct field *field)
{
	unsigned lost = field->filter & ~field_may_filter(field);
	bool asked = field->sort || field->search || field->filter;
	if (asked && field->secret)
		return "a secret field may be asked for nothing: no .sort, .filter, .search";
	if (asked && field->not_column)
		return "without a column there is nothing to ask for: no .sort, .filter, .search";
	if (field->sort && !field_may_sort(field))
		return "lists cannot be sorted by it";
	if (field->search && !field_may_search(field))
		return ".search is for texts";
	if (lost & FILTER_LIKE)
		return "FILTER_LIKE is for texts";
	if (lost & FILTER_NULL)
		return "FILTER_NULL is for fields that may be null";
	return lost ? "it has a filter that does not fit its type" : NULL;
}

static const char *type_fault(const struct table_check *t, const struct field *field)
{
	bool is_list_query = field->type == FIELD_LIST_QUERY;
	if ((field->type == FIELD_OBJECT && !field->object) ||
	    (is_list_query && !(field->object && field->reader)))
		return "its member is none that a field can have, or .object is missing";
	if (is_list_query && field != schema_list_field(t->schema))
		return "an input takes the parameters of one list";
	if (field->type == FIELD_ARRAY && !field->object && field_value_type(field) > FIELD_DATE)
		return "an array holds texts, numbers, truths, instants, dates, or objects of "
		       ".object";
	if (field->format && field_value_type(field) != FIELD_TEXT)
		return ".format is for texts";
	return NULL;
}

/* ---- the tables ---- */

static const char *rules_fault(struct table_check *t, const struct field *field)
{
	const char *why = name_fault(t, field);
	why = why ? why : type_fault(t, field);
	why = why ? why : length_fault(t, field);
	why = why ? why : range_fault(field);
	why = why ? why : pattern_rule_fault(t, field);
	why = why ? why : choices_fault(field);
	why = why ? why : field_spelling_fault(field);
	why = why ? why : presence_fault(t, field);
	why = why ? why : source_fault(t, field);
	return why ? why : list_fault(field);
}

static const char *values_fault(struct table_check *t, const struct field *field)
{
	return field_values_fault(t->c, field);
}

typedef const char *field_judge(struct table_check *t, const struct field *field);

static const char *table_fault(struct table_check *t, field_judge *judge)
{
	const struct schema *schema = t->schema;
	const char *unfit = schema_name_fault(t);
	unfit = unfit ? unfit : shape_fault(t);
	if (unfit)
		return unfit;
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		const char *why = judge(t, field);
		if (why)
			return SAY(t, "the table '%s', field '%s': %s", schema->name,
				   field->name ? field->name : "", why);
	}
	return NULL;
}

/* Rows that are listed are no part of the input, nor are those that are embedded. */
static bool has_inner(const struct table_check *t, const struct field *field)
{
	return field->object && field->type != FIELD_LIST_QUERY &&
	       !(field->relation && t->as_input);
}

static void add_inner(struct schema_walk *walk, const struct table_check *t)
{
	for (size_t i = 0; i < t->schema->count; i++)
		if (has_inner(t, &t->schema->fields[i]))
			schema_walk_add(walk, t->schema->fields[i].object);
}

/* An input that holds itself is one of its inner tables, too. */
static const char *tables_fault(struct ctx *c, const struct schema *schema, bool as_input,
				field_judge *judge)
{
	struct schema_walk inner = { .arena = c->arena };
	struct table_check t = { .c = c, .schema = schema, .as_input = as_input };
	const char *why = NULL;
	while (t.schema && !(why = table_fault(&t, judge))) {
		add_inner(&inner, &t);
		t.schema = schema_walk_next(&inner);
		t.is_inner = true;
	}
	return why;
}

/* A value is bound by the rules of all tables that it reaches, so these are looked at before. */
const char *schema_table_fault(struct ctx *c, const struct schema *schema, bool as_input)
{
	const char *why = tables_fault(c, schema, as_input, rules_fault);
	return why ? why : tables_fault(c, schema, as_input, values_fault);
}
