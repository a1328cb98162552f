/* include=author,author.team: which relations are embedded. Loading them is the model's work. */
#include <string.h>

#include "internal.h"

static bool path_read(const struct schema *row, const struct list_terms *terms,
		      struct list_include *ret)
{
	struct list_include path = { 0 };
	const char *at = terms->term, *end = terms->term + terms->len;
	while (at) {
		const char *dot = memchr(at, '.', (size_t)(end - at));
		if (path.depth == LIST_INCLUDE_DEPTH)
			return false;
		const struct field *field = list_field_find(row, field_may_include, at,
							    (size_t)((dot ? dot : end) - at));
		if (!field)
			return false;
		path.path[path.depth++] = field;
		row = field->object;
		at = dot ? dot + 1 : NULL;
	}
	*ret = path;
	return true;
}

static bool is_same_path(const struct list_include *a, const struct list_include *b)
{
	return a->depth == b->depth && memcmp(a->path, b->path, a->depth * sizeof(a->path[0])) == 0;
}

static bool is_included(const struct list_query *query, const struct list_include *path)
{
	for (size_t i = 0; i < query->include_count; i++)
		if (is_same_path(&query->includes[i], path))
			return true;
	return false;
}

static void include_term(struct list_bind *l, const struct subject *s,
			 const struct list_terms *term)
{
	struct list_query *query = l->query;
	struct list_include path;
	if (!path_read(l->row, term, &path)) {
		list_fault_term(l, s, term, "cannot be included; there are: ",
				list_paths(l->b->c->arena, l->row, ", "));
	} else if (is_included(query, &path)) {
		list_fault_term(l, s, term, "is named twice", "");
	} else {
		query->includes[query->include_count++] = path;
		query->hidden &= ~((uint64_t)1 << (path.path[0] - l->row->fields));
	}
}

void list_take_include(struct list_bind *l, const struct subject *s)
{
	list_terms_take(l, s, LIST_INCLUDES_MAX, include_term);
}
