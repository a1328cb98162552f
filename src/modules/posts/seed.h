/* What made-up posts are made of. */
#ifndef CROFT_SRC_MODULES_POSTS_SEED_H
#define CROFT_SRC_MODULES_POSTS_SEED_H

#include "core/seed.h"

struct buf;

struct post_words {
	struct word_list adjectives, nouns, verbs, adverbs, openers, tags;
};
extern const struct post_words post_words;

/* Appends a title without a full stop, and a text of a few sentences. */
void post_seed_title(struct seed_random *random, struct buf *out);
void post_seed_text(struct seed_random *random, struct buf *out);

#endif
