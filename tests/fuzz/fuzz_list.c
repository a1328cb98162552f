/*
 * Fuzz target of list parameters: the input is a query string. What is bound keeps to what the
 * row's fields allow, and written down as an input it is bound as the same.
 */
#include "fuzz/target.h"

#include "core/http/parse/pairs.h"
#include "core/json.h"
#include "core/list/list_rows.h"
#include "core/schema/same_input.h"

static void check_bounds(const struct list_query *query)
{
	assert(query->row == &post_schema && query->hidden & HIDDEN_MASK);
	assert(query->skip >= 0 && query->skip <= LIST_SKIP_MAX);
	assert(query->page >= 1 && (query->skip || query->page <= LIST_PAGE_MAX));
	if (query->skip)
		assert(query->page == query->skip / query->per_page + 1);
	assert(query->per_page >= 1 && query->per_page <= LIST_PER_PAGE_MAX);
	assert(query->sort_count <= LIST_SORTS_MAX && query->filter_count <= LIST_FILTERS_MAX);
	assert(query->include_count <= LIST_INCLUDES_MAX);
	for (size_t i = 0; i < query->sort_count; i++)
		assert(query->sorts[i].field->sort && !query->sorts[i].field->secret);
	for (size_t i = 0; i < query->filter_count; i++) {
		const struct list_filter *filter = &query->filters[i];
		assert(filter->field->filter && !filter->field->secret);
		assert(filter->count >= 1 && filter->count <= LIST_IN_MAX);
		assert(filter->operator== LIST_IN || filter->count == 1);
	}
	if (query->q)
		assert(*query->q && str_utf8_count(query->q, strlen(query->q)) <= LIST_TEXT_MAX);
	if (query->cursor)
		assert(query->page == 1 && strlen(query->cursor) <= LIST_CURSOR_MAX);
}

static void check_again(struct ctx *c, const struct post_list *in)
{
	struct post_list out;
	struct buf json;
	buf_init(&json, c->arena);
	schema_render_input(&post_list_schema, in, &json);
	assert(!schema_bind_flat(c, &post_list_schema, buf_text(&json), json.len, &out));
	assert(same_input(&post_list_schema, in, &out));
	assert(str_eq(dump_query(c->arena, &in->list), dump_query(c->arena, &out.list)));
}

static void check_faults(struct ctx *c)
{
	struct buf out;
	size_t at, count = 0;
	const char *why;
	buf_init(&out, c->arena);
	for (const struct field_fault *fault = c->failure.fields; fault; fault = fault->next)
		count++;
	assert(count && count <= FIELD_FAULTS_MAX);
	schema_faults_render(c->failure.fields, &out);
	assert(json_check(out.data, out.len, &at, &why));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) arena = { 0 };
	struct input input = { 0 };
	struct post_list in;
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	if (pairs_read(&c, "query", (const char *)data, size, &input.query))
		return 0;
	if (schema_bind(&c, &post_list_schema, &input, &in)) {
		check_faults(&c);
		return 0;
	}
	check_bounds(&in.list);
	check_again(&c, &in);
	return 0;
}
