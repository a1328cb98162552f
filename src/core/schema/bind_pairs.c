/*
 * The names and values of one source that is text (path, query, headers, a form): each goes to its
 * field, in the order of the fields; absent ones are filled in or missed, and those without a field
 * are parameters that a field reads itself, or faults. Percent-decoding is done by whoever fills
 * the pairs.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "pairs.h"

/* ---- fields ---- */

static size_t count_pairs(const struct pairs *p, const struct field *field)
{
	size_t count = 0;
	for (const struct input_pair *at = p->all; at->name; at++)
		count += pairs_have(p, at, field);
	return count;
}

/* s->base and s->at are the array's own. */
static struct array *bind_array_items(struct binder *b, const struct pairs *p,
				      const struct subject *s, size_t count)
{
	struct field item = array_item(s->field);
	size_t size = array_item_size(s->field), i = 0;
	struct array *array = field_slot(s->field, s->base);
	array->items = arena_zero(b->c->arena, count * size);
	array->count = count;
	for (const struct input_pair *at = pairs_find(p, p->all, s->field);
	     at && !faults_are_full(b); at = pairs_find(p, at + 1, s->field)) {
		struct place place = { .up = s->at, .index = i };
		struct subject each = {
			.field = &item,
			.at = &place,
			.base = (char *)array->items + i++ * size,
			.secret = s->secret,
			.text = at->value,
			.len = at->value_len,
		};
		bind_text_value(b, &each);
	}
	return array;
}

static void bind_text_array(struct binder *b, const struct pairs *p, const struct subject *s)
{
	struct subject array = *s;
	size_t count = count_pairs(p, s->field), before = b->faults;
	if (!s->secret)
		array.echo = pairs_echo(b, p, s->field);
	if (!check_array_max(b, &array, count))
		return;
	struct array *items = bind_array_items(b, p, s, count);
	if (b->faults == before)
		take_array(b, &array, items);
}

static void fault_repeated(struct binder *b, const struct pairs *p, const struct subject *s)
{
	struct subject shown = *s;
	if (!s->secret)
		shown.echo = pairs_echo(b, p, s->field);
	fault_add(b, &shown, "value_error", "{\"error\":{}}", "Value error, given more than once");
}

static void bind_pair_field(struct binder *b, const struct pairs *p, const struct field *field)
{
	struct place at = { .up = &p->root, .name = pairs_name(b, p, field) };
	const struct input_pair *pair = pairs_find(p, p->all, field);
	if (!pair && field_fills_in(field))
		bind_preset(b, field, p->base);
	else if (!pair && field->required)
		fault_missing(b, &at, NULL);
	if (!pair)
		return;
	struct subject s = {
		.field = field,
		.at = &at,
		.base = p->base,
		.secret = field->secret,
		.text = pair->value,
		.len = pair->value_len,
	};
	if (field->type == FIELD_ARRAY)
		bind_text_array(b, p, &s);
	else if (pairs_find(p, pair + 1, field))
		fault_repeated(b, p, &s);
	else
		bind_text_value(b, &s);
}

/* ---- names that are no fields ---- */

static bool is_known(const struct binder *b, const struct pairs *p, const struct input_pair *pair)
{
	for (size_t i = 0; i < b->schema->count; i++)
		if (b->schema->fields[i].in == p->source &&
		    b->schema->fields[i].type != FIELD_LIST_QUERY &&
		    pairs_have(p, pair, &b->schema->fields[i]))
			return true;
	return false;
}

static bool is_first_of_its_name(const struct pairs *p, const struct input_pair *pair)
{
	for (const struct input_pair *at = p->all; at < pair; at++)
		if (strcmp(at->name, pair->name) == 0)
			return false;
	return true;
}

static void fault_unknown_pairs(struct binder *b, const struct pairs *p)
{
	for (const struct input_pair *at = p->all; at->name && !faults_are_full(b); at++) {
		if (is_known(b, p, at) || !is_first_of_its_name(p, at))
			continue;
		struct place place = { .up = &p->root, .name = at->name };
		struct subject s = { .at = &place, .text = at->value, .len = at->value_len };
		fault_extra(b, &s);
	}
}

/* ---- parameters that a field reads itself ---- */

struct reading {
	const struct parameter_reader *reader;
	void *state;
};

static void read_parameter(struct binder *b, const struct reading *r, const struct pairs *p,
			   const struct input_pair *pair)
{
	struct field named = { .name = pair->name };
	struct place place = { .up = &p->root, .name = pair->name };
	struct subject s = {
		.field = &named, .at = &place, .text = pair->value, .len = pair->value_len
	};
	s.secret = r->reader->hides && r->reader->hides(pair->name);
	if (!r->reader->knows(r->state, pair->name))
		fault_extra(b, &s);
	else if (pairs_find(p, pair + 1, &named))
		fault_repeated(b, p, &s);
	else
		r->reader->take(r->state, &s);
}

/* Every name that is no other field of the source is a parameter of the field, or a fault. */
static void read_parameters(struct binder *b, const struct pairs *p, const struct field *field)
{
	struct reading r = { .reader = field->reader };
	r.state = r.reader->start(b, field, p->base, &p->root);
	for (const struct input_pair *at = p->all; at->name && !faults_are_full(b); at++)
		if (!is_known(b, p, at) && is_first_of_its_name(p, at))
			read_parameter(b, &r, p, at);
	r.reader->finish(r.state);
}

/* Whether a field reads what is no other. */
static bool bind_pair_fields(struct binder *b, const struct pairs *p)
{
	bool has_reader = false;
	for (size_t i = 0; i < b->schema->count; i++) {
		const struct field *field = &b->schema->fields[i];
		if (field->in != p->source)
			continue;
		if (field->type == FIELD_LIST_QUERY) {
			read_parameters(b, p, field);
			has_reader = true;
		} else {
			bind_pair_field(b, p, field);
		}
	}
	return has_reader;
}

void bind_pairs(struct binder *b, enum field_source source, const struct input *input, void *base)
{
	struct pairs p = pairs_of(input, source);
	p.base = base;
	bool has_reader = bind_pair_fields(b, &p);
	/* Paths are matched by the router, and headers are anybody's. */
	bool closed = source == IN_QUERY || (source == IN_FORM && !b->schema->open);
	if (closed && !has_reader)
		fault_unknown_pairs(b, &p);
}
