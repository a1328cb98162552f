/*
 * What one row of a table is called, as its name tells: "book" of "books", "category" of
 * "categories". Where English has it both ways ("buses", "houses") it does not tell.
 */
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"
#include "new.h"

/* The first that fits says what becomes of the ending; NULL: it does not tell. */
struct ending {
	const char *plural, *singular;
};

static const struct ending endings[] = {
	{ "people", "person" },
	{ "children", "child" },
	{ "movies", "movie" },
	{ "cookies", "cookie" },
	{ "series", NULL },
	{ "species", NULL },
	{ "ies", "y" },
	{ "sses", "ss" },
	{ "uses", NULL },
	{ "yses", NULL },
	{ "shes", "sh" },
	{ "tches", "tch" },
	{ "nches", "nch" },
	{ "rches", "rch" },
	{ "ches", NULL },
	{ "xes", "x" },
	{ "zzes", NULL },
	{ "ves", NULL },
	{ "oes", NULL },
	{ "ss", NULL },
	{ "us", NULL },
	{ "is", NULL },
	{ "s", "" },
};

const char *new_singular_of(struct ctx *c, const char *plural)
{
	size_t len = strlen(plural);
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		const struct ending *ending = &endings[i];
		if (!str_ends(plural, ending->plural))
			continue;
		size_t stem = len - strlen(ending->plural);
		if (!ending->singular || stem + strlen(ending->singular) == 0)
			return NULL;
		return arena_printf(c->arena, "%.*s%s", (int)stem, plural, ending->singular);
	}
	return NULL;
}
