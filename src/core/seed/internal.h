/* What the files of core/seed share: random numbers, words, and the texts that are made of them. */
#ifndef CROFT_SEED_INTERNAL_H
#define CROFT_SEED_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include "core/seed.h"

struct buf;

struct word_list {
	const char *const *at;
	size_t count;
};

struct seed_words {
	struct word_list first_names, last_names, adjectives, nouns, verbs, adverbs, openers, tags;
};
extern const struct seed_words seed_words;

/* Numbers that follow from the seed alone (splitmix64); not for secrets. */
struct seed_random {
	uint64_t state;
};
/* At least 0 and below `bound`, which is at least 1. */
int64_t seed_below(struct seed_random *random, int64_t bound);
const char *seed_word(struct seed_random *random, const struct word_list *list);

/* Appends a title without a full stop, and a text of a few sentences. */
void seed_add_title(struct seed_random *random, struct buf *out);
void seed_add_text(struct seed_random *random, struct buf *out);

#endif
