/* Random numbers, names of things and sentences for `croft seed`. Touches no database. */
#include "base/buf.h"
#include "base/str.h"
#include "internal.h"

int64_t seed_below(struct seed_random *random, int64_t bound)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	z ^= z >> 31;
	return (int64_t)(z % (uint64_t)bound);
}

const char *seed_word(struct seed_random *random, const struct word_list *list)
{
	return list->at[seed_below(random, (int64_t)list->count)];
}

static void add_capital(struct buf *out, const char *word)
{
	buf_add_char(out, *word >= 'a' && *word <= 'z' ? (char)(*word - 'a' + 'A') : *word);
	buf_add_text(out, word + 1);
}

void seed_add_title(struct seed_random *random, struct buf *out)
{
	const struct seed_words *words = &seed_words;
	add_capital(out, seed_word(random, &words->adjectives));
	buf_printf(out, " %ss", seed_word(random, &words->nouns));
	if (seed_below(random, 2))
		buf_printf(out, " and the %s %s", seed_word(random, &words->adjectives),
			   seed_word(random, &words->nouns));
}

static void add_sentence(struct seed_random *random, struct buf *out)
{
	const struct seed_words *words = &seed_words;
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

void seed_add_text(struct seed_random *random, struct buf *out)
{
	int64_t sentences = 3 + seed_below(random, 6);
	for (int64_t i = 0; i < sentences; i++) {
		if (i)
			buf_add_char(out, ' ');
		add_sentence(random, out);
	}
}
