/*
 * A FIELD_LIST_QUERY: which parameters a list has, and those with one value: page, per_page,
 * cursor, q, with_total. Those with several names or values are sort.c, fields.c, include.c and
 * filter.c.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/text.h"
#include "internal.h"

/* ---- the parameters ---- */

static const struct list_parameter *parameter_find(const struct schema *row, const char *name)
{
	const struct list_parameter *parameter;
	for (size_t i = 0; (parameter = list_parameter_at(i)); i++)
		if (str_eq(parameter->field.name, name))
			return list_parameter_is_offered(parameter, row) ? parameter : NULL;
	return NULL;
}

/* Binds the value to its member of the query by the parameter's own rules. */
static void take_value(struct list_bind *l, const struct subject *s)
{
	const struct list_parameter *parameter = parameter_find(l->row, s->at->name);
	struct subject value = *s;
	value.field = &parameter->field;
	value.base = l->query;
	bind_text_value(l->b, &value);
}

static void take_page(struct list_bind *l, const struct subject *s)
{
	l->has_page = true;
	take_value(l, s);
}

static void take_total(struct list_bind *l, const struct subject *s)
{
	l->has_total = true;
	take_value(l, s);
}

static void take_search(struct list_bind *l, const struct subject *s)
{
	static const struct field whole = { .name = "q",
					    .type = FIELD_TEXT,
					    .max_len = LIST_TEXT_MAX };
	struct subject trimmed = *s;
	size_t before = l->b->faults;
	const char *ignored;
	trimmed.field = &whole;
	trimmed.base = &ignored;
	bind_text_value(l->b, &trimmed);
	if (l->b->faults != before)
		return;
	trimmed.text = text_trim(s->text, &trimmed.len);
	trimmed.echo = s->echo ? s->echo : echo_text(l->b, s->text, s->len);
	take_value(l, &trimmed);
}

#define MEMBER(member) .name = #member, .offset = offsetof(struct list_query, member)

static const struct list_parameter parameters[] = {
	{ .field = { MEMBER(page), .type = FIELD_INT, .preset = "1", MIN(1), MAX(LIST_PAGE_MAX),
		     .doc = "Number of the page." },
	  .take = take_page },
	{ .field = { MEMBER(per_page), .type = FIELD_INT, .preset = "20", MIN(1),
		     MAX(LIST_PER_PAGE_MAX), .doc = "Rows on a page." },
	  .take = take_value },
	{ .field = { MEMBER(cursor), .type = FIELD_TEXT, .min_len = 1, .max_len = LIST_CURSOR_MAX,
		     .doc = "next_cursor of the page before, with its sort and filters, and no "
			    "page. Any other text is refused." },
	  .take = take_value },
	{ .field = { .name = "sort", .type = FIELD_TEXT },
	  .needs = field_may_sort,
	  .take = list_take_sort },
	{ .field = { MEMBER(q), .type = FIELD_TEXT, .min_len = 1, .max_len = LIST_TEXT_MAX,
		     .doc = "Only rows in which these words are found." },
	  .needs = field_may_search,
	  .take = take_search },
	{ .field = { .name = "fields", .type = FIELD_TEXT },
	  .needs = field_may_show,
	  .take = list_take_fields },
	{ .field = { .name = "include", .type = FIELD_TEXT },
	  .needs = field_may_include,
	  .take = list_take_include },
	{ .field = { MEMBER(with_total), .type = FIELD_BOOL,
		     .doc = "Whether total and pages are counted: by default not with cursor." },
	  .take = take_total },
};

const struct list_parameter *list_parameter_at(size_t index)
{
	return index < COUNT_OF(parameters) ? &parameters[index] : NULL;
}

bool list_parameter_is_offered(const struct list_parameter *parameter, const struct schema *row)
{
	if (!parameter->needs)
		return true;
	for (size_t i = 0; i < row->count; i++)
		if (parameter->needs(&row->fields[i]))
			return true;
	return false;
}

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
	return parameter_find(l->row, name) || list_filter_find(l->row, name, &filter);
}

static void query_take(void *state, const struct subject *s)
{
	struct list_bind *l = state;
	const struct list_parameter *parameter = parameter_find(l->row, s->at->name);
	struct list_filter_name filter;
	if (parameter)
		parameter->take(l, s);
	else if (list_filter_find(l->row, s->at->name, &filter))
		list_take_filter(l, s, &filter);
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

static void query_finish(void *state)
{
	struct list_bind *l = state;
	struct list_query *query = l->query;
	if (query->cursor && l->has_page) {
		struct place at = { .up = l->root, .name = "cursor" };
		struct subject s = { .at = &at,
				     .text = query->cursor,
				     .len = strlen(query->cursor) };
		fault_add(l->b, &s, "value_error", "{\"error\":{}}",
			  "Value error, give either page or cursor");
	}
	if (query->cursor && !l->has_total)
		query->with_total = false;
	if (l->has_shown)
		query->hidden |= hide_unnamed(l);
}

const struct parameter_reader list_reader = {
	.start = query_start,
	.knows = query_knows,
	.take = query_take,
	.finish = query_finish,
	.render = list_query_render,
};
