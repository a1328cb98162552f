/* Values that a field table says, which the field itself refuses: choices, presets, examples. */
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

static const char *preset_fault(struct ctx *c, const struct field *field)
{
	if (!field->preset || field->type == FIELD_LIST_QUERY)
		return NULL;
	const char *json = field->type == FIELD_TEXT ? json_of(c, field->preset) : field->preset;
	const char *why = bind_value_fault(c, field, json);
	return why ? arena_printf(c->arena, "the preset '%s' breaks its own rules: %s",
				  field->preset, why)
		   : NULL;
}

static const char *example_fault(struct ctx *c, const struct field *field)
{
	if (!field->example || field->relation)
		return NULL;
	const char *why = bind_value_fault(c, field, field->example);
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
	const char *why = bind_value_fault(c, &rules, json_of(c, choice));
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
