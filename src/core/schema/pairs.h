/* The names and values of one source that is text, and which of them are a field's. */
#ifndef CROFT_SRC_CORE_SCHEMA_PAIRS_H
#define CROFT_SRC_CORE_SCHEMA_PAIRS_H

#include "internal.h"

struct pairs {
	enum field_source source;
	/* Never NULL. */
	const struct input_pair *all;
	struct place root;
	/* Where fields are bound. */
	void *base;
};

/* Those of the source that the input has. */
struct pairs pairs_of(const struct input *input, enum field_source source);
bool pairs_have(const struct pairs *p, const struct input_pair *pair, const struct field *field);
/* The pair of the field at or after `at`, or NULL. */
const struct input_pair *pairs_find(const struct pairs *p, const struct input_pair *at,
				    const struct field *field);
/* What the field is called there: of a header with '-' for '_'. */
const char *pairs_name(struct binder *b, const struct pairs *p, const struct field *field);
/* ["1","2"]: what a name given more than once brought, bounded like every echo. */
const char *pairs_echo(struct binder *b, const struct pairs *p, const struct field *field);

#endif
