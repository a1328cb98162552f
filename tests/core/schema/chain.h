/*
 * Schemas each of which holds the next one twice, and the last the first: a look that forgets what
 * it has seen takes twice the time for each, or never ends.
 */
#ifndef CROFT_TESTS_CORE_SCHEMA_CHAIN_H
#define CROFT_TESTS_CORE_SCHEMA_CHAIN_H

#include "core/schema.h"

enum { CHAIN_LENGTH = 40 };

struct chain_link {
	struct array left, right;
	const char *pin;
};

struct chain {
	struct schema links[CHAIN_LENGTH];
	struct field fields[CHAIN_LENGTH][2];
};

/* `last` is a field of the schema 'last'; its member lies within a struct chain_link. */
static inline void chain_make(struct chain *chain, struct field last)
{
	for (size_t i = 0; i < CHAIN_LENGTH; i++) {
		const struct schema *next = &chain->links[(i + 1) % CHAIN_LENGTH];
		chain->links[i] = (struct schema){
			.name = i + 1 < CHAIN_LENGTH ? "link" : "last",
			.size = sizeof(struct chain_link),
			.fields = chain->fields[i],
			.count = 2,
		};
		chain->fields[i][0] = (struct field)FIELD(struct chain_link, left, .object = next);
		chain->fields[i][1] = (struct field)FIELD(struct chain_link, right, .object = next);
	}
	chain->fields[CHAIN_LENGTH - 1][0] = last;
}

#endif
