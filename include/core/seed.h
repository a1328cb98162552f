/*
 * What the files of `croft seed` share: its random numbers, its words, and the rows it makes of
 * them.
 */
#ifndef CROFT_CORE_SEED_H
#define CROFT_CORE_SEED_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

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

/* What is asked for. Times lie in the year before `now`. */
struct seed_plan {
	int64_t users, posts;
	uint64_t seed;
	struct instant now;
	void (*tell)(void *arg, const char *what, int64_t done, int64_t total);
	void *arg;
};

/* Adds users without a password, and posts of theirs with tags. Runs its own writes. */
enum app_err seed_run(struct ctx *c, const struct seed_plan *plan) MUST_USE;

#endif
