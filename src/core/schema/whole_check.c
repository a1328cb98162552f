/* The check of a whole struct: when it runs, and where its faults are. */
#include "base/arena.h"
#include "internal.h"

struct check_faults {
	struct binder *b;
	struct members *m;
};

static bool is_outermost(const struct members *m)
{
	return !m->at->up;
}

void check_whole(struct binder *b, struct members *m)
{
	struct check_faults faults = { b, m };
	if (m->schema->check)
		m->schema->check(b->c->arena, m->base, &faults);
}

/* The object as it was sent; where there was none, null. */
static const char *object_echo(struct binder *b, struct members *m)
{
	if (!m->echo && m->object.item)
		m->echo = echo_node(b, m->object);
	return m->echo ? m->echo : "null";
}

/* What an outermost struct is called as a whole: the body, unless it takes none. */
static const char *whole_root(const struct members *m)
{
	bool has_body = schema_uses(m->schema, IN_BODY) || schema_uses(m->schema, IN_FORM);
	return m->flat || has_body || !schema_uses(m->schema, IN_QUERY) ? "body" : "query";
}

/* Names the field and shows its value, or the object that lacks it. */
static void find_value(struct check_faults *faults, const struct field *field, struct place *at,
		       struct subject *s)
{
	struct members *m = faults->m;
	if (m->others && field->in != IN_BODY && field->in != NOT_INPUT) {
		pair_subject(faults->b, m->others, field, at, s);
		return;
	}
	s->node = m->found[field - m->schema->fields];
	if (!s->node.item && !s->secret)
		s->echo = object_echo(faults->b, m);
}

static void fault_at_field(struct check_faults *faults, const char *name, const char *text)
{
	const struct members *m = faults->m;
	const struct field *field = schema_field(m->schema, name);
	struct place root = {
		.name = source_root(field && m->others ? field->in : IN_BODY),
	};
	struct place at = { .up = is_outermost(m) ? &root : m->at, .name = name };
	struct subject s = { .at = &at, .secret = m->secret || !field || field->secret };
	if (field)
		find_value(faults, field, &at, &s);
	fault_add(faults->b, &s, "value_error", "{\"error\":{}}", "Value error, %s", text);
}

static void fault_at_whole(struct check_faults *faults, const char *text)
{
	struct members *m = faults->m;
	struct place root = { .name = whole_root(m) };
	struct subject s = { .at = is_outermost(m) ? &root : m->at, .secret = m->secret };
	if (!s.secret)
		s.echo = object_echo(faults->b, m);
	fault_add(faults->b, &s, "value_error", "{\"error\":{}}", "Value error, %s", text);
}

void schema_check_fault(struct check_faults *faults, const char *name, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const char *text = arena_vprintf(faults->b->c->arena, format, args);
	va_end(args);
	if (name)
		fault_at_field(faults, name, text);
	else
		fault_at_whole(faults, text);
}
