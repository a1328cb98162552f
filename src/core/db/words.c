/*
 * The words that a search looks for. They are made as those in the indexes are (core/text.h), so
 * that every database finds the same.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/db_driver.h"
#include "core/text.h"

/*
 * A row with "engines" has "eng" too. Looking for it again would only cost, and "a b a b …" much.
 */
static bool is_implied(const struct db_words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (words->at[i] != word && str_starts(words->at[i], word))
			return true;
	return false;
}

struct db_words db_words_of(struct ctx *c, const char *q)
{
	size_t len;
	char *text = text_words(c->arena, q, strlen(q), &len);
	struct db_words all = { .text = arena_strndup(c->arena, text, len) }, needed;
	all.at = arena_raw(c->arena, (len / 2 + 1) * sizeof(*all.at));
	for (char *word; (word = strsep(&text, " "));)
		if (*word)
			all.at[all.count++] = word;
	needed = all;
	needed.at = arena_raw(c->arena, (all.count + 1) * sizeof(*all.at));
	needed.count = 0;
	for (size_t i = 0; i < all.count; i++)
		if (!is_implied(&all, all.at[i]))
			needed.at[needed.count++] = all.at[i];
	return needed;
}
