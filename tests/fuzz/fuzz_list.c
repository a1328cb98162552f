/*
 * Fuzz target of list parameters: the input is a query string. What is bound keeps to what the
 * row's fields allow, and written down once more as parameters it is bound as the same.
 */
#include "fuzz/target.h"

#include "core/http/parse/pairs.h"
#include "core/json.h"
#include "core/list/list_rows.h"

enum { SENT_MAX = 64 };

static const char *const suffixes[] = { "",      "__ne", "__gt",   "__gte",   "__lt",
					"__lte", "__in", "__like", "__isnull" };

struct again {
	struct arena *arena;
	struct input_pair pairs[SENT_MAX];
	size_t count;
};

static void add(struct again *again, const char *name, const char *value)
{
	assert(again->count < SENT_MAX - 1);
	again->pairs[again->count++] = (struct input_pair){ name, value, strlen(value) };
}

static void add_value(struct buf *out, const struct list_value *value, enum field_type type,
		      bool quoted)
{
	char text[INSTANT_TEXT_ROOM];
	if (value->type == FIELD_TEXT) {
		buf_add_text(out, quoted ? "\"" : "");
		for (const char *at = value->text; *at; at++)
			buf_printf(out, quoted && *at == '"' ? "\"%c" : "%c", *at);
		buf_add_text(out, quoted ? "\"" : "");
	} else if (value->type == FIELD_REAL) {
		json_add_real(out, value->real);
	} else if (value->type == FIELD_INSTANT && type == FIELD_INSTANT) {
		instant_text((struct instant){ value->integer }, text);
		buf_add_text(out, text);
	} else if (value->type == FIELD_BOOL) {
		buf_add_text(out, value->integer ? "true" : "false");
	} else {
		buf_add_int(out, value->integer);
	}
}

static void add_filter(struct again *again, const struct list_filter *filter)
{
	struct buf value;
	buf_init(&value, again->arena);
	for (size_t i = 0; i < filter->count; i++) {
		buf_add_text(&value, i ? "," : "");
		add_value(&value, &filter->values[i], filter->field->type,
			  filter->operator== LIST_IN);
	}
	add(again,
	    arena_printf(again->arena, "%s%s", filter->field->name, suffixes[filter->operator]),
	    buf_text(&value));
}

static void add_sorts(struct again *again, const struct list_query *query)
{
	struct buf value;
	buf_init(&value, again->arena);
	for (size_t i = 0; i < query->sort_count; i++)
		buf_printf(&value, "%s%s%s", i ? "," : "", query->sorts[i].field->name,
			   query->sorts[i].descending ? ":desc" : "");
	if (query->sort_count)
		add(again, "sort", buf_text(&value));
}

/* fields= names what is not hidden, if any column is. */
static void add_fields(struct again *again, const struct list_query *query)
{
	struct buf value;
	bool some_hidden = false;
	buf_init(&value, again->arena);
	for (size_t i = 0; i < query->row->count; i++) {
		const struct field *field = &query->row->fields[i];
		bool hidden = (query->hidden >> i) & 1;
		some_hidden |= hidden && !field->relation;
		if (!hidden && !field->relation)
			buf_printf(&value, "%s%s", value.len ? "," : "", field->name);
	}
	if (some_hidden)
		add(again, "fields", buf_text(&value));
}

static void add_includes(struct again *again, const struct list_query *query)
{
	struct buf value;
	buf_init(&value, again->arena);
	for (size_t i = 0; i < query->include_count; i++)
		for (size_t k = 0; k < query->includes[i].depth; k++)
			buf_printf(&value, "%s%s",
				   k   ? "."
				   : i ? ","
				       : "",
				   query->includes[i].path[k]->name);
	if (query->include_count)
		add(again, "include", buf_text(&value));
}

static void check_bounds(const struct list_query *query)
{
	assert(query->row == &post_schema && query->hidden & HIDDEN_MASK);
	assert(query->page >= 1 && query->page <= LIST_PAGE_MAX);
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
	const struct list_query *query = &in->list;
	struct again again = { .arena = c->arena };
	struct input input = { .query = again.pairs };
	struct post_list out;
	if (query->cursor)
		add(&again, "cursor", query->cursor);
	else
		add(&again, "page", arena_printf(c->arena, "%lld", (long long)query->page));
	add(&again, "per_page", arena_printf(c->arena, "%lld", (long long)query->per_page));
	add(&again, "with_total", query->with_total ? "true" : "false");
	if (query->q)
		add(&again, "q", query->q);
	if (in->tenant)
		add(&again, "tenant", in->tenant);
	add_sorts(&again, query);
	add_fields(&again, query);
	add_includes(&again, query);
	for (size_t i = 0; i < query->filter_count; i++)
		add_filter(&again, &query->filters[i]);
	assert(!schema_bind(c, &post_list_schema, &input, &out));
	assert(str_eq(dump_query(c->arena, query), dump_query(c->arena, &out.list)));
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
