/*
 * A FIELD_LIST_QUERY: which names it knows, what becomes of each, and what follows from all of them
 * together.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "core/text.h"
#include "internal.h"

/* ---- the query ---- */

void list_query_init(struct list_query *query, const struct schema *row)
{
	assert(row->count <= HIDDEN_FIELDS_MAX); /* else the mask could not hide them all */
	*query = (struct list_query){
		.row = row,
		.page = 1,
		.per_page = LIST_PER_PAGE,
		.with_total = true,
		.hidden = schema_hide_relations(row),
	};
}

static void *query_start(struct binder *b, const struct field *field, void *base,
			 const struct place *root)
{
	struct list_bind *l = arena_raw(b->c->arena, sizeof(*l));
	*l = (struct list_bind){
		.b = b,
		.row = field->object,
		.query = (struct list_query *)(void *)((char *)base + field->offset),
		.root = root,
	};
	list_query_init(l->query, field->object);
	return l;
}

static bool query_knows(const void *state, const char *name)
{
	const struct list_bind *l = state;
	struct list_filter_name filter;
	return list_parameter_find(l->row, name) || list_filter_find(l->row, name, &filter) ||
	       list_alias_find(l->row, name);
}

/* A parameter, by the name it has or by another. */
static void take_parameter(struct list_bind *l, const struct subject *s, size_t index,
			   list_take *take)
{
	const struct list_parameter *parameter = list_parameter_at(index);
	const char **given = &l->given[index];
	struct subject value = *s;
	value.field = &parameter->field;
	if (*given) {
		fault_add(l->b, s, "value_error", "{\"error\":{}}",
			  "Value error, give either %s or %s", *given, s->at->name);
		return;
	}
	*given = s->at->name;
	(take ? take : parameter->take)(l, &value);
}

static void take_alias(struct list_bind *l, const struct subject *s)
{
	const struct list_alias *alias = list_alias_find(l->row, s->at->name);
	if (!alias)
		return;
	if (alias->of == PARAMETER_COUNT)
		alias->take(l, s);
	else
		take_parameter(l, s, alias->of, alias->take);
}

static void query_take(void *state, const struct subject *s)
{
	struct list_bind *l = state;
	const struct list_parameter *parameter = list_parameter_find(l->row, s->at->name);
	struct list_filter_name filter;
	if (parameter)
		take_parameter(l, s, list_parameter_index(parameter), NULL);
	else if (list_filter_find(l->row, s->at->name, &filter))
		list_take_filter(l, s, &filter);
	else
		take_alias(l, s);
}

/* The fields that fields= did not name. The id is always shown. */
static uint64_t hide_unnamed(const struct list_bind *l)
{
	uint64_t hidden = 0;
	for (size_t i = 0; i < l->row->count; i++) {
		const struct field *field = &l->row->fields[i];
		bool named = (l->shown >> i) & 1;
		if (!named && !field->relation && strcmp(field->name, "id") != 0)
			hidden |= (uint64_t)1 << i;
	}
	return hidden;
}

static void fault_page_and_cursor(struct list_bind *l)
{
	const char *cursor = l->query->cursor;
	struct place at = { .up = l->root, .name = "cursor" };
	struct subject s = { .at = &at, .text = cursor, .len = strlen(cursor) };
	fault_add(l->b, &s, "value_error", "{\"error\":{}}",
		  "Value error, give either %s or cursor", l->given[PARAMETER_PAGE]);
}

static void query_finish(void *state)
{
	struct list_bind *l = state;
	struct list_query *query = l->query;
	if (query->cursor && l->given[PARAMETER_PAGE])
		fault_page_and_cursor(l);
	if (query->cursor && !l->given[PARAMETER_WITH_TOTAL])
		query->with_total = false;
	if (query->skip)
		query->page = query->skip / query->per_page + 1;
	if (l->has_shown)
		query->hidden |= hide_unnamed(l);
}

const struct parameter_reader list_reader = {
	.start = query_start,
	.knows = query_knows,
	.hides = list_alias_hides,
	.take = query_take,
	.finish = query_finish,
	.render = list_query_render,
};
