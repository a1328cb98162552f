/*
 * What a client may ask of a row's fields: the one place that reads .sort, .filter, .search and .relation. Called
 * by the other list files, so that nothing can be asked for that is not answered here.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "list_bind.h"

static bool is_scalar(const struct field *field)
{
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_INT:
	case FIELD_REAL:
	case FIELD_BOOL:
	case FIELD_INSTANT: return true;
	default: return false;
	}
}

/* By what there is no column for, the database cannot be asked. */
static bool is_askable(const struct field *field)
{
	return !field->secret && !field->relation && !field->not_column && is_scalar(field);
}

bool list_may_sort(const struct field *field)
{
	return field->sort && is_askable(field);
}

bool list_may_search(const struct field *field)
{
	return field->search && field->type == FIELD_TEXT && is_askable(field);
}

bool list_may_show(const struct field *field)
{
	return !field->secret && !field->relation;
}

bool list_may_include(const struct field *field)
{
	return field->relation && !field->secret && field->object;
}

unsigned list_may_filter(const struct field *field)
{
	unsigned may = is_askable(field) ? field->filter : 0;
	if (field->type != FIELD_TEXT)
		may &= ~(unsigned)FILTER_LIKE;
	if (field->type == FIELD_BOOL)
		may &= ~(unsigned)FILTER_ORDER;
	if (!field->maybe && !field->nullable)
		may &= ~(unsigned)FILTER_NULL;
	return may;
}

/* ---- for messages and documents ---- */

const char *list_names(struct arena *arena, const struct schema *row,
		       bool (*may)(const struct field *field), const char *between)
{
	struct buf out;
	buf_init(&out, arena);
	for (size_t i = 0; i < row->count; i++) {
		if (!may(&row->fields[i]))
			continue;
		if (out.len)
			buf_add_text(&out, between);
		buf_add_text(&out, row->fields[i].name);
	}
	return buf_text(&out);
}

struct path_list {
	struct buf out;
	const char *between;
};

/* Recursion ends at LIST_INCLUDE_DEPTH, also for rows that relate to themselves. */
static void add_paths(struct path_list *paths, const struct schema *row, const char *before,
		      int depth)
{
	for (size_t i = 0; i < row->count; i++) {
		const struct field *field = &row->fields[i];
		if (!list_may_include(field))
			continue;
		const char *path = arena_printf(paths->out.arena, "%s%s%s", before,
						*before ? "." : "", field->name);
		if (paths->out.len)
			buf_add_text(&paths->out, paths->between);
		buf_add_text(&paths->out, path);
		if (depth < LIST_INCLUDE_DEPTH)
			add_paths(paths, field->object, path, depth + 1);
	}
}

const char *list_paths(struct arena *arena, const struct schema *row, const char *between)
{
	struct path_list paths = { .between = between };
	buf_init(&paths.out, arena);
	add_paths(&paths, row, "", 1);
	return buf_text(&paths.out);
}
