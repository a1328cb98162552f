/* Titles and sentences of made-up posts. Touches no database. */
#include "seed.h"

#include "base/buf.h"
#include "base/str.h"

static void add_capital(struct buf *out, const char *word)
{
	buf_add_char(out, str_upper(*word));
	buf_add_text(out, word + 1);
}

void post_seed_title(struct seed_random *random, struct buf *out)
{
	const struct post_words *words = &post_words;
	add_capital(out, seed_word(random, &words->adjectives));
	buf_printf(out, " %ss", seed_word(random, &words->nouns));
	if (seed_below(random, 2))
		buf_printf(out, " and the %s %s", seed_word(random, &words->adjectives),
			   seed_word(random, &words->nouns));
}

static void add_sentence(struct seed_random *random, struct buf *out)
{
	const struct post_words *words = &post_words;
	if (seed_below(random, 3) == 0)
		buf_printf(out, "%s the ", seed_word(random, &words->openers));
	else
		buf_add_lit(out, "The ");
	buf_printf(out, "%s %s %s the %s %s", seed_word(random, &words->adjectives),
		   seed_word(random, &words->nouns), seed_word(random, &words->verbs),
		   seed_word(random, &words->adjectives), seed_word(random, &words->nouns));
	if (seed_below(random, 2))
		buf_printf(out, " %s", seed_word(random, &words->adverbs));
	buf_add_char(out, '.');
}

void post_seed_text(struct seed_random *random, struct buf *out)
{
	int64_t sentences = 3 + seed_below(random, 6);
	for (int64_t i = 0; i < sentences; i++) {
		if (i)
			buf_add_char(out, ' ');
		add_sentence(random, out);
	}
}
