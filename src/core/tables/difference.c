/* What was found, in a list. */
#include <stdarg.h>

#include "base/arena.h"
#include "base/str.h"
#include "internal.h"

static bool is_same(const struct table_difference *a, const struct table_difference *b)
{
	const char *column = a->column ? a->column : "", *order = a->order ? a->order : "";
	return a->part == b->part && str_eq(a->there->name, b->there->name) &&
	       str_eq(column, b->column ? b->column : "") &&
	       str_eq(order, b->order ? b->order : "");
}

static struct table_difference *same_of(const struct table_differences *found,
					const struct table_difference *difference)
{
	for (size_t i = 0; i < found->count; i++)
		if (is_same(&found->at[i], difference))
			return &found->at[i];
	return NULL;
}

static struct table_difference *difference_room(struct comparison *k)
{
	struct table_differences *found = k->found;
	size_t size = sizeof(*found->at), count = found->count++;
	found->at = arena_grow(k->c->arena, found->at, count * size, (count + 1) * size);
	return &found->at[count];
}

void difference_add(struct comparison *k, struct table_difference difference, const char *format,
		    ...)
{
	struct table_differences *found = k->found;
	va_list args;
	difference.model = k->model;
	difference.there = k->there;
	if (!difference.column && difference.field)
		difference.column = difference.field->name;
	struct table_difference *same = same_of(found, &difference);
	if (same && (same->stops || !difference.stops))
		return;
	va_start(args, format);
	difference.says = arena_vprintf(k->c->arena, format, args);
	va_end(args);
	if (!same)
		same = difference_room(k);
	*same = difference;
}
