/* A schema and those that it leads to, each once. Which fields lead on is the caller's to say. */
#include "base/arena.h"
#include "core/schema.h"

static bool is_added(const struct schema_walk *walk, const struct schema *schema)
{
	for (size_t i = 0; i < walk->count; i++)
		if (walk->schemas[i] == schema)
			return true;
	return false;
}

void schema_walk_add(struct schema_walk *walk, const struct schema *schema)
{
	if (is_added(walk, schema))
		return;
	if (walk->count == walk->room) {
		size_t room = walk->room ? 2 * walk->room : 8;
		walk->schemas = arena_grow(walk->arena, walk->schemas,
					   walk->room * sizeof(const struct schema *),
					   room * sizeof(const struct schema *));
		walk->room = room;
	}
	walk->schemas[walk->count++] = schema;
}

const struct schema *schema_walk_next(struct schema_walk *walk)
{
	return walk->next < walk->count ? walk->schemas[walk->next++] : NULL;
}
