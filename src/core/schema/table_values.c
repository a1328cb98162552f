/*
 * Values that a field table says, which the field itself refuses, or makes something else of:
 * choices, presets, examples.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "internal.h"

static const char *json_of(struct ctx *c, const char *text)
{
	struct buf out;
	buf_init(&out, c->arena);
	json_add_text(&out, text, strlen(text));
	return buf_text(&out);
}

/* {"name":value} of what the field makes of the JSON text, or NULL and why. */
static const char *bound_json(struct ctx *c, const struct field *field, const char *json,
			      const char **ret_why)
{
	struct field shown = *field;
	struct schema alone = { .name = field->name, .fields = &shown, .count = 1 };
	const void *value = bind_value_alone(c, field, json, ret_why);
	struct buf out;
	if (!value)
		return NULL;
	shown.secret = false;
	buf_init(&out, c->arena);
	schema_render(&alone, value, &out);
	return buf_text(&out);
}

/* The field without the rules that change a value. */
static struct field unchanging(const struct field *field)
{
	struct field plain = *field;
	plain.trim = plain.lower = false;
	plain.check = (struct field_check){ 0 };
	if (field_value_type(field) == FIELD_TEXT)
		plain.format = FORMAT_NONE;
	return plain;
}

/* What is wrong with the JSON text as a value that the table says, or NULL. */
static const char *value_fault(struct ctx *c, const struct field *field, const char *json)
{
	const char *why, *ignored;
	const char *made = bound_json(c, field, json, &why);
	if (!made)
		return why;
	struct field plain = unchanging(field);
	if (str_eq(made, bound_json(c, &plain, json, &ignored)))
		return NULL;
	const char *value = made + strlen(field->name) + sizeof("{\"\":") - 1;
	return arena_printf(c->arena, "it would become %.*s", (int)strlen(value) - 1, value);
}

static const char *preset_fault(struct ctx *c, const struct field *field)
{
	if (!field->preset || field->type == FIELD_LIST_QUERY)
		return NULL;
	const char *json = field->type == FIELD_TEXT ? json_of(c, field->preset) : field->preset;
	const char *why = value_fault(c, field, json);
	return why ? arena_printf(c->arena, "the preset '%s' breaks its own rules: %s",
				  field->preset, why)
		   : NULL;
}

static const char *example_fault(struct ctx *c, const struct field *field)
{
	if (!field->example || field->relation)
		return NULL;
	const char *why = value_fault(c, field, field->example);
	return why ? arena_printf(c->arena, "the example %s breaks its own rules: %s",
				  field->example, why)
		   : NULL;
}

static const char *choice_fault(struct ctx *c, const struct field *field, size_t index)
{
	struct field rules = *field;
	const char *choice = field->choices[index];
	rules.choices = NULL;
	rules.type = FIELD_TEXT;
	for (size_t i = 0; i < index; i++)
		if (str_eq(field->choices[i], choice))
			return arena_printf(c->arena, "the choice '%s' is there twice", choice);
	if (field->type == FIELD_ARRAY)
		rules.min_len = 0, rules.max_len = field->item_max_len;
	const char *why = value_fault(c, &rules, json_of(c, choice));
	return why ? arena_printf(c->arena, "the choice '%s' breaks the other rules: %s", choice,
				  why)
		   : NULL;
}

const char *field_values_fault(struct ctx *c, const struct field *field)
{
	const char *why = NULL;
	for (size_t i = 0; !why && field->choices && field->choices[i]; i++)
		why = choice_fault(c, field, i);
	why = why ? why : preset_fault(c, field);
	return why ? why : example_fault(c, field);
}
