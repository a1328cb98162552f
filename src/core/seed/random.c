/* Random numbers that follow from the seed alone, and what is drawn with them. */
#include "core/seed.h"

static const int64_t year_us = INT64_C(365) * 24 * 3600 * 1000000;

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

int64_t seed_time_us(struct seeder *s)
{
	int64_t step = year_us / (s->total + 1);
	return s->plan->now.us - year_us + s->done * step + seed_below(&s->random, step + 1);
}
