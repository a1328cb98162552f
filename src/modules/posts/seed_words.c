/* The words that titles, sentences and tags of made-up posts are made of. Holds no logic. */
#include "seed.h"

/* clang-format off */
static const char *const adjectives[] = {
	"quiet", "simple", "small", "bright", "early", "honest", "slow", "careful", "patient",
	"useful", "steady", "open", "plain", "wild", "narrow", "gentle", "modern", "old",
	"clever", "hidden", "lasting", "warm", "sharp", "local", "common", "daily", "rare",
	"modest",
};

static const char *const nouns[] = {
	"garden", "harbour", "kitchen", "machine", "letter", "market", "bridge", "notebook",
	"river", "workshop", "engine", "library", "window", "station", "lantern", "compass",
	"orchard", "meadow", "recipe", "signal", "archive", "journey", "theatre", "valley",
	"island", "forest", "museum", "harvest", "winter", "summer", "village", "mountain",
	"railway", "bicycle", "camera", "clock",
};

static const char *const verbs[] = {
	"builds", "keeps", "finds", "follows", "repairs", "explains", "watches", "carries",
	"changes", "opens", "measures", "collects", "remembers", "answers", "crosses", "paints",
	"teaches", "writes", "shares", "hears", "grows", "turns",
};

static const char *const adverbs[] = {
	"slowly", "often", "rarely", "again", "together", "quietly", "carefully", "every day",
	"in the evening", "at last", "by hand", "without hurry", "before dawn", "after the rain",
};

static const char *const openers[] = {
	"In the end", "Last week", "Every spring", "On Sundays", "As a rule", "For a long time",
	"Near the coast", "Years ago", "This morning", "With some luck", "Before the rain",
	"At the market",
};

static const char *const tags[] = {
	"architecture", "baking", "books", "chess", "climate", "coding", "cooking", "cycling",
	"databases", "design", "economics", "film", "gardening", "health", "history", "hiking",
	"languages", "music", "networks", "painting", "photography", "poetry", "science",
	"travel",
};
/* clang-format on */

const struct post_words post_words = {
	.adjectives = WORD_LIST(adjectives),
	.nouns = WORD_LIST(nouns),
	.verbs = WORD_LIST(verbs),
	.adverbs = WORD_LIST(adverbs),
	.openers = WORD_LIST(openers),
	.tags = WORD_LIST(tags),
};
