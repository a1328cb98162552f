/*
 * What others call the parameters of a list: each alias is read by the rules of what it stands for,
 * and faults say the name that the client wrote. A parameter or filter that has the name itself
 * goes before.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "internal.h"

/* Rows to leave out instead of pages. */
static void take_skip(struct list_bind *l, const struct subject *s)
{
	static const struct field rules = {
		.name = "skip",
		.type = FIELD_INT,
		.offset = offsetof(struct list_query, skip),
		MIN(0),
		MAX(LIST_SKIP_MAX),
	};
	struct subject value = *s;
	value.field = &rules;
	value.base = l->query;
	bind_text_value(l->b, &value);
}

static const struct list_alias aliases[] = {
	{ "skip", PARAMETER_PAGE, take_skip }, { "limit", PARAMETER_PER_PAGE, NULL },
	{ "order_by", PARAMETER_SORT, NULL },  { "ordering", PARAMETER_SORT, NULL },
	{ "search", PARAMETER_Q, NULL },       { "filters", PARAMETER_COUNT, list_take_filters },
};

static bool has_filters(const struct schema *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (field_may_filter(&row->fields[i]))
			return true;
	return false;
}

static bool is_offered(const struct list_alias *alias, const struct schema *row)
{
	if (alias->of == PARAMETER_COUNT)
		return has_filters(row);
	return list_parameter_is_offered(list_parameter_at(alias->of), row);
}

const struct list_alias *list_alias_find(const struct schema *row, const char *name)
{
	for (size_t i = 0; i < COUNT_OF(aliases); i++)
		if (str_eq(aliases[i].name, name))
			return is_offered(&aliases[i], row) ? &aliases[i] : NULL;
	return NULL;
}

bool list_alias_hides(const char *name)
{
	return str_eq(name, "filters");
}

/* ---- in words ---- */

/* Whether something else has the name. */
static bool is_taken(const struct schema *in, const struct schema *row, const char *name)
{
	struct list_filter_name filter;
	for (size_t i = 0; i < in->count; i++)
		if (in->fields[i].type != FIELD_LIST_QUERY && str_eq(in->fields[i].name, name))
			return true;
	return list_filter_find(row, name, &filter);
}

const char *list_query_aliases(const struct schema *in, struct arena *arena)
{
	const struct schema *row = schema_list_field(in)->object;
	struct buf out;
	buf_init(&out, arena);
	for (size_t i = 0; i < COUNT_OF(aliases); i++) {
		const struct list_alias *alias = &aliases[i];
		if (!is_offered(alias, row) || is_taken(in, row, alias->name))
			continue;
		buf_printf(&out, "%s`%s` for %s", out.len ? ", " : "", alias->name,
			   alias->of == PARAMETER_COUNT
				   ? "filters as `FIELD:value,FIELD:[value,value]`"
				   : arena_printf(arena, "`%s`",
						  list_parameter_at(alias->of)->field.name));
	}
	return buf_text(&out);
}
