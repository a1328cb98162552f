/*
 * The names of what may be asked of a row: the field that has one, and all of them for messages and
 * documents.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "internal.h"

const struct field *list_field_find(const struct schema *row,
				    bool (*may)(const struct field *field), const char *name,
				    size_t len)
{
	for (size_t i = 0; i < row->count; i++) {
		const struct field *field = &row->fields[i];
		if (strlen(field->name) == len && memcmp(field->name, name, len) == 0 && may(field))
			return field;
	}
	return NULL;
}

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
		if (!field_may_include(field))
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
