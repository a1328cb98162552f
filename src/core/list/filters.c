/*
 * filters=id:[1,2],username:bob: filters in one text, an alias of FIELD=value and FIELD__in=value.
 * Each has its place below "filters". What cannot be parted is never shown, for it may hold what is
 * meant for a secret field.
 */
#include <string.h>

#include "base/arena.h"
#include "internal.h"

/* One of the filters; what follows the comma behind it, or NULL. */
struct part {
	const char *name;
	const char *value;
	size_t len;
	bool is_list, is_quoted;
	const char *next;
};

/* ---- parting ---- */

/* Where the bracket is closed; a value in quotes may have brackets itself. NULL: nowhere. */
static const char *bracket_end(const char *at, const char *end)
{
	bool begins = true;
	while (at && at < end && *at != ']') {
		bool quoted = begins && *at == '"';
		begins = *at == ',';
		at = quoted ? list_quoted_end(at, end) : at + 1;
	}
	return at && at < end ? at : NULL;
}

/* Behind the value that begins at *at, which is set without its brackets. NULL: it has no end. */
static const char *value_read(const char *at, const char *end, struct part *ret)
{
	const char *after = at + strcspn(at, ",");
	ret->is_list = *at == '[';
	ret->is_quoted = *at == '"';
	ret->value = ret->is_list ? at + 1 : at;
	if (ret->is_list)
		after = bracket_end(at + 1, end);
	else if (ret->is_quoted)
		after = list_quoted_end(at, end);
	if (!after)
		return NULL;
	ret->len = (size_t)(after - ret->value);
	return ret->is_list ? after + 1 : after;
}

/* "id:[1,2],…". False: it is no NAME:value, or something follows the value. */
static bool part_read(struct arena *arena, const char *at, const char *end, struct part *ret)
{
	at += strspn(at, " ");
	size_t name_len = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (!name_len || at[name_len] != ':')
		return false;
	ret->name = arena_strndup(arena, at, name_len);
	const char *after = value_read(at + name_len + 1, end, ret);
	if (!after || (*after && *after != ','))
		return false;
	ret->next = *after ? after + 1 : NULL;
	return true;
}

/* ---- one filter ---- */

/* Whether a parameter of the list, or of the operation beside it, has the name by itself. */
static bool is_no_filter(const struct list_bind *l, const char *name)
{
	const struct field *own = schema_field(l->b->schema, name);
	return list_parameter_find(l->row, name) ||
	       (own && own->in == IN_QUERY && own->type != FIELD_LIST_QUERY);
}

static void take_part(struct list_bind *l, const struct place *filters, const struct part *part)
{
	struct field named = { .name = part->name };
	struct place at = { .up = filters, .name = part->name };
	struct subject s = { .field = &named, .at = &at, .text = part->value, .len = part->len };
	struct list_filter_name name;
	if (is_no_filter(l, part->name) || !list_filter_find(l->row, part->name, &name)) {
		fault_extra(l->b, &s);
		return;
	}
	if (part->is_list && name.op == LIST_EQ)
		name.op = LIST_IN;
	if (part->is_list && name.op != LIST_IN) {
		fault_add(l->b, &s, "value_error", "{\"error\":{}}",
			  "Value error, only FIELD and FIELD__in take values in brackets");
		return;
	}
	if (part->is_quoted && name.op != LIST_IN)
		list_unquote(l->b->c->arena, &s);
	list_take_filter(l, &s, &name);
}

static void fault_part(struct list_bind *l, const struct place *filters, size_t index)
{
	struct place at = { .up = filters, .index = index };
	struct subject s = { .at = &at, .secret = true };
	fault_add(
		l->b, &s, "value_error", "{\"error\":{}}",
		"Value error, a filter is FIELD:value or FIELD:[value,value], with commas between "
		"them; a value with a comma stands in quotes");
}

void list_take_filters(struct list_bind *l, const struct subject *s)
{
	const char *at = list_clean_text(l, s);
	if (!at)
		return;
	const char *end = at + strlen(at);
	struct part part;
	for (size_t i = 0; at && !faults_are_full(l->b); i++, at = part.next) {
		if (!part_read(l->b->c->arena, at, end, &part)) {
			fault_part(l, s->at, i);
			return;
		}
		take_part(l, s->at, &part);
	}
}
