/* The rules of one value that the author of a table wrote in C: CHECK() of core/field.h. */
#include "base/arena.h"
#include "internal.h"

static const char *run(const struct field *field, struct arena *arena, void *value)
{
	void (*check)(void) = field->check.run;
	switch (field->type) {
	case FIELD_TEXT: return ((text_check *)check)(arena, value);
	case FIELD_INT: return ((int_check *)check)(arena, value);
	case FIELD_REAL: return ((real_check *)check)(arena, value);
	case FIELD_BOOL: return ((bool_check *)check)(arena, value);
	case FIELD_INSTANT: return ((instant_check *)check)(arena, value);
	case FIELD_DATE: return ((date_check *)check)(arena, value);
	case FIELD_RAW_JSON: return ((raw_check *)check)(arena, value);
	case FIELD_ARRAY: return ((array_check *)check)(arena, value);
	default: return NULL;
	}
}

/* An array has the check of its items, and they that of the array: each runs its own. */
bool author_check(struct binder *b, const struct subject *s, void *value)
{
	const struct field *field = s->field;
	if (!field->check.run || field->check.takes != field->type)
		return true;
	const char *why = run(field, b->c->arena, value);
	if (why)
		fault_add(b, s, "value_error", "{\"error\":{}}", "Value error, %s", why);
	return !why;
}
