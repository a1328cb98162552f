/*
 * JSON values to members: types are strict here ("1" is no integer). Objects are walked once and
 * matched to the fields, because looking a name up in the tree is linear.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "internal.h"
#include "number.h"

static void bind_value(struct binder *b, const struct subject *s);

/* ---- types ---- */

static void fault_text_type(struct binder *b, const struct subject *s)
{
	const struct field *f = s->field;
	if (f->choices) {
		const char *expected = choices_text(b, f->choices);
		fault_add(b, s, "literal_error", fault_ctx(b, "expected", expected),
			  "Input should be %s", expected);
		return;
	}
	switch (f->format) {
	case FORMAT_UUID:
		fault_add(b, s, "uuid_type", NULL,
			  "UUID input should be a string, bytes or UUID object");
		return;
	case FORMAT_URI:
		fault_add(b, s, "url_type", NULL, "URL input should be a string or URL");
		return;
	case FORMAT_DATE:
		fault_add(b, s, "date_type", NULL, "Input should be a valid date");
		return;
	case FORMAT_DATE_TIME:
		fault_add(b, s, "datetime_type", NULL, "Input should be a valid datetime");
		return;
	default: fault_add(b, s, "string_type", NULL, "Input should be a valid string");
	}
}

static void bind_text(struct binder *b, const struct subject *s)
{
	if (json_node_kind(s->node) != JSON_TEXT) {
		fault_text_type(b, s);
		return;
	}
	const char *text = json_node_text(s->node);
	take_text(b, s, text, strlen(text));
}

static void bind_int(struct binder *b, const struct subject *s)
{
	int64_t value;
	if (json_node_kind(s->node) != JSON_NUMBER) {
		fault_add(b, s, "int_type", NULL, "Input should be a valid integer");
		return;
	}
	switch (json_node_int(s->node, &value)) {
	case NUMBER_OK: take_int(b, s, value); return;
	case NUMBER_FRACTION:
		fault_add(b, s, "int_from_float", NULL,
			  "Input should be a valid integer, got a number with a fractional part");
		return;
	default:
		fault_add(b, s, "int_parsing_size", NULL,
			  "Unable to parse input string as an integer, exceeded maximum size");
	}
}

static void bind_real(struct binder *b, const struct subject *s)
{
	double value;
	if (json_node_kind(s->node) != JSON_NUMBER)
		fault_add(b, s, "float_type", NULL, "Input should be a valid number");
	else if (json_node_real(s->node, &value))
		fault_add(b, s, "finite_number", NULL, "Input should be a finite number");
	else
		take_real(b, s, value);
}

static void bind_bool(struct binder *b, const struct subject *s)
{
	if (json_node_kind(s->node) == JSON_BOOL)
		take_bool(s, json_node_is_true(s->node));
	else
		fault_add(b, s, "bool_type", NULL, "Input should be a valid boolean");
}

static void bind_instant(struct binder *b, const struct subject *s)
{
	if (json_node_kind(s->node) == JSON_TEXT)
		take_instant(b, s, json_node_text(s->node));
	else
		fault_add(b, s, "datetime_type", NULL, "Input should be a valid datetime");
}

static void bind_raw(struct binder *b, const struct subject *s)
{
	const struct json_span *span = s->node.span;
	if (json_node_kind(s->node) == JSON_NULL) {
		fault_add(b, s, "value_error", "{\"error\":{}}", "Value error, must not be null");
		return;
	}
	struct raw_json *raw = member_slot(s->field, s->base);
	raw->text = arena_strndup(b->c->arena, span->at, span->len);
	raw->len = span->len;
}

/* ---- lists and objects ---- */

static void bind_items(struct binder *b, const struct subject *s, struct list *list)
{
	struct field item = list_item(s->field);
	size_t size = list_item_size(s->field), i = 0;
	for (struct json_node n = json_node_first(s->node); n.item && !faults_are_full(b);
	     n = json_node_next(n)) {
		struct place at = { .up = s->at, .index = i };
		struct subject each = {
			.field = &item,
			.at = &at,
			.base = (char *)list->items + i++ * size,
			.secret = s->secret,
			.node = n,
		};
		bind_value(b, &each);
	}
}

static void bind_list(struct binder *b, const struct subject *s)
{
	if (json_node_kind(s->node) != JSON_ARRAY) {
		fault_add(b, s, "list_type", NULL, "Input should be a valid list");
		return;
	}
	size_t count = json_node_count(s->node), before = b->faults;
	if (!check_list_max(b, s, count))
		return;
	struct list *list = member_slot(s->field, s->base);
	list->items = arena_zero(b->c->arena, count * list_item_size(s->field));
	list->count = count;
	bind_items(b, s, list);
	if (b->faults == before)
		check_list_min(b, s, count);
}

static void bind_object(struct binder *b, const struct subject *s)
{
	assert(s->field->object); /* else the member's C type is none that a field can have */
	if (json_node_kind(s->node) != JSON_OBJECT) {
		fault_add(b, s, "model_attributes_type", NULL,
			  "Input should be a valid dictionary or object to extract fields from");
		return;
	}
	struct members inside = {
		.schema = s->field->object,
		.object = s->node,
		.at = s->at,
		.base = member_slot(s->field, s->base),
		.secret = s->secret,
	};
	bind_members(b, &inside);
}

static bool bind_null(const struct subject *s)
{
	if (!s->field->nullable || json_node_kind(s->node) != JSON_NULL)
		return false;
	/* Everything else is null when it is zero, as it is. */
	if (s->field->maybe)
		*(enum presence *)((char *)s->base + s->field->offset) = IS_NULL;
	return true;
}

static void bind_value(struct binder *b, const struct subject *s)
{
	if (bind_null(s))
		return;
	switch (s->field->type) {
	case FIELD_TEXT: bind_text(b, s); return;
	case FIELD_INT: bind_int(b, s); return;
	case FIELD_REAL: bind_real(b, s); return;
	case FIELD_BOOL: bind_bool(b, s); return;
	case FIELD_INSTANT: bind_instant(b, s); return;
	case FIELD_RAW_JSON: bind_raw(b, s); return;
	case FIELD_LIST: bind_list(b, s); return;
	case FIELD_OBJECT: bind_object(b, s); return;
	case FIELD_LIST_QUERY: return; /* no value of its own: read_members() */
	}
}

/* ---- presets ---- */

/* A preset that is JSON text goes the way of a body. Faults would be mistakes in the field table. */
static void bind_preset_json(struct binder *b, const struct field *field, void *base)
{
	AUTO(json_tree) tree = { 0 };
	struct binder own = { .c = b->c, .schema = b->schema };
	struct place at = { .name = field->name };
	bool valid = json_tree_read(&tree, b->c->arena, field->preset, strlen(field->preset));
	assert(valid);
	if (!valid)
		return;
	struct subject s = {
		.field = field, .at = &at, .base = base, .node = json_tree_top(&tree)
	};
	bind_value(&own, &s);
	assert(!own.first);
}

const char *bind_value_fault(struct ctx *c, const struct field *field, const char *json)
{
	AUTO(json_tree) tree = { 0 };
	struct schema alone = { .name = field->name, .fields = field, .count = 1 };
	struct binder b = { .c = c, .schema = &alone };
	struct place at = { .name = field->name };
	if (!json_tree_read(&tree, c->arena, json, strlen(json)))
		return "it is no JSON text";
	struct subject s = {
		.field = field,
		.at = &at,
		.base = arena_zero(c->arena, field->offset + field->size + sizeof(struct list)),
		.node = json_tree_top(&tree),
	};
	bind_value(&b, &s);
	return b.first ? b.first->msg : NULL;
}

void bind_preset(struct binder *b, const struct field *field, void *base)
{
	if (field->type == FIELD_TEXT)
		*(const char **)member_slot(field, base) = field->preset;
	else
		bind_preset_json(b, field, base);
}

/* ---- members ---- */

/* A relation is embedded in answers only, and a list query has names of its own. */
static bool takes(const struct members *m, const struct field *field)
{
	if (field->relation || field->type == FIELD_LIST_QUERY)
		return false;
	return field->in == IN_BODY || (m->flat && field->in != NOT_INPUT);
}

/* The index of the field with the name, or the count. Members mostly come in the fields' order: try `hint` first. */
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

static const struct field *reader_field(const struct members *m)
{
	for (size_t i = 0; m->flat && i < m->schema->count; i++)
		if (m->schema->fields[i].type == FIELD_LIST_QUERY)
			return &m->schema->fields[i];
	return NULL;
}

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

void bind_members(struct binder *b, struct members *m)
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
	const struct field *reader = reader_field(m);
	if (reader)
		read_members(b, m, reader);
	else if (extras && !schema->open)
		fault_extras(b, m);
}
