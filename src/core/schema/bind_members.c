/*
 * The members of one JSON object: each goes to its field, in the order of the fields; absent ones
 * are filled in or missed, and those without a field are parameters that a field reads itself, or
 * faults. An object is walked once and matched to the fields, because looking a name up in it is
 * linear.
 */
#include <string.h>

#include "base/arena.h"
#include "internal.h"

/* ---- members ---- */

static bool takes(const struct members *m, const struct field *field)
{
	return field_is_member(field, m->flat);
}

/*
 * The index of the field with the name, or the count. Members mostly come in the fields' order: try
 * `hint` first.
 */
static size_t find_field(const struct members *m, const char *name, size_t hint)
{
	const struct field *fields = m->schema->fields;
	size_t count = m->schema->count;
	if (hint < count && strcmp(fields[hint].name, name) == 0 && takes(m, &fields[hint]))
		return hint;
	for (size_t i = 0; i < count; i++)
		if (strcmp(fields[i].name, name) == 0 && takes(m, &fields[i]))
			return i;
	return count;
}

/* Returns how many members are no fields. */
static size_t match_members(struct members *m)
{
	size_t extras = 0, hint = 0;
	for (struct json_node n = json_node_first(m->object); n.item; n = json_node_next(n)) {
		size_t index = find_field(m, json_node_name(n), hint);
		if (index == m->schema->count) {
			extras++;
			continue;
		}
		m->found[index] = n;
		hint = index + 1;
	}
	return extras;
}

static void fault_extras(struct binder *b, const struct members *m)
{
	for (struct json_node n = json_node_first(m->object); n.item && !faults_are_full(b);
	     n = json_node_next(n)) {
		if (find_field(m, json_node_name(n), 0) < m->schema->count)
			continue;
		struct place at = { .up = m->at, .name = json_node_name(n) };
		struct subject s = { .at = &at, .node = n, .secret = m->secret };
		fault_extra(b, &s);
	}
}

/* ---- parameters that a field reads itself ---- */

/* A value is read as the text that would stand in a query, so both ways have the same rules. */
static bool text_of_node(struct json_node n, struct subject *ret)
{
	enum json_kind kind = json_node_kind(n);
	if (kind == JSON_TEXT) {
		ret->text = json_node_text(n);
		ret->len = strlen(ret->text);
	} else if (kind == JSON_NUMBER || kind == JSON_BOOL) {
		ret->text = n.span->at;
		ret->len = n.span->len;
	}
	return ret->text;
}

static void read_member(struct binder *b, const struct members *m,
			const struct parameter_reader *reader, void *state, struct json_node member)
{
	struct place at = { .up = m->at, .name = json_node_name(member) };
	struct subject s = { .at = &at, .node = member };
	s.secret = reader->hides && reader->hides(at.name);
	if (!reader->knows(state, at.name))
		fault_extra(b, &s);
	else if (!text_of_node(member, &s))
		fault_add(b, &s, "string_type", NULL, "Input should be a valid string");
	else
		reader->take(state, &s);
}

/* Members that are no fields are parameters of the field, or faults. */
static void read_members(struct binder *b, const struct members *m, const struct field *field)
{
	const struct parameter_reader *reader = field->reader;
	struct json_node n = m->object.item ? json_node_first(m->object) : (struct json_node){ 0 };
	void *state = reader->start(b, field, m->base, m->at);
	for (; n.item && !faults_are_full(b); n = json_node_next(n))
		if (find_field(m, json_node_name(n), 0) == m->schema->count)
			read_member(b, m, reader, state, n);
	reader->finish(state);
}

/* ---- all members ---- */

static void bind_absent(struct binder *b, struct members *m, const struct field *field)
{
	struct place at = { .up = m->at, .name = field->name };
	if (field_fills_in(field)) {
		bind_preset(b, field, m->base);
		return;
	}
	if (!field->required || faults_are_full(b))
		return;
	if (!m->echo && m->object.item && !m->secret)
		m->echo = echo_node(b, m->object);
	if (m->secret) {
		struct subject s = { .at = &at, .secret = true };
		fault_add(b, &s, "missing", NULL, "Field required");
		return;
	}
	fault_missing(b, &at, m->echo);
}

/* Returns how many members are no fields. */
static size_t bind_fields(struct binder *b, struct members *m)
{
	const struct schema *schema = m->schema;
	m->found = arena_zero(b->c->arena, schema->count * sizeof(*m->found));
	size_t extras = m->object.item ? match_members(m) : 0;
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (!takes(m, field))
			continue;
		if (!m->found[i].item) {
			bind_absent(b, m, field);
			continue;
		}
		struct place at = { .up = m->at, .name = field->name };
		struct subject s = {
			.field = field,
			.at = &at,
			.base = m->base,
			.secret = m->secret || field->secret,
			.node = m->found[i],
		};
		bind_value(b, &s);
	}
	return extras;
}

void bind_members(struct binder *b, struct members *m)
{
	/* The outermost has fields from elsewhere, which were bound before. */
	size_t before = m->at->up ? b->faults : 0, extras = bind_fields(b, m);
	const struct field *reader = m->flat ? schema_list_field(m->schema) : NULL;
	if (reader)
		read_members(b, m, reader);
	else if (extras && !m->schema->open)
		fault_extras(b, m);
	if (b->faults == before && !faults_are_full(b))
		check_whole(b, m);
}
