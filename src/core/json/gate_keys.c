/*
 * Names given twice in one object. Small objects are compared pair by pair, large ones sorted, so
 * 80,000 names cost n log n whatever a client chooses them to be.
 */
#include <stdlib.h>

#include "gate.h"

enum { PAIRS_MAX = 12 };

static bool is_same(const struct gate_key *a, const struct gate_key *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* The later of two equal names, the first such in the document; NULL when there is none. */
static const char *find_by_pairs(const struct gate_key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (is_same(&keys[i], &keys[j]))
				return keys[i].at;
	return NULL;
}

static int by_text_then_place(const void *left, const void *right)
{
	const struct gate_key *a = left, *b = right;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	int order = memcmp(a->text, b->text, a->len);
	return order ? order : (a->at > b->at) - (a->at < b->at);
}

static const char *find_by_sorting(struct gate_key *keys, size_t count)
{
	const char *first = NULL;
	qsort(keys, count, sizeof(*keys), by_text_then_place);
	for (size_t i = 1; i < count; i++)
		if (is_same(&keys[i], &keys[i - 1]) && (!first || keys[i].at < first))
			first = keys[i].at;
	return first;
}

bool gate_keys_close(struct gate *g, size_t base)
{
	struct gate_key *keys = g->keys + base;
	size_t count = g->key_count - base;
	const char *twice = count <= PAIRS_MAX ? find_by_pairs(keys, count)
					       : find_by_sorting(keys, count);
	g->key_count = base;
	return !twice || gate_fail(g, twice, "Duplicate key");
}
