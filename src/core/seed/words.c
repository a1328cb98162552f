/* The words that `croft seed` makes names, titles, sentences and tags of. Holds no logic. */
#include "internal.h"

/* clang-format off */
static const char *const first_names[] = {
	"ada", "alan", "amara", "anna", "arjun", "bela", "bo", "carla", "chen", "clara", "dario",
	"dina", "edith", "elena", "emil", "erik", "fatima", "felix", "finn", "flora", "greta",
	"hana", "hugo", "ida", "ilya", "ines", "ivan", "jana", "jonas", "kaya", "kemal", "lara",
	"leo", "lin", "luca", "mara", "mateo", "maya", "mila", "nadia", "nils", "noor", "olga",
	"omar", "otto", "paula", "pavel", "petra", "quentin", "rafael", "rania", "rosa", "ruth",
	"samir", "sara", "selma", "sven", "tara", "theo", "tomas", "una", "vera", "victor",
	"wanda", "yara", "yusuf", "zoe",
};

static const char *const last_names[] = {
	"abel", "adler", "baker", "becker", "bianchi", "blake", "brandt", "castro", "chen",
	"clark", "costa", "cruz", "dahl", "diaz", "duarte", "ekman", "evans", "ferrari",
	"fischer", "fuchs", "garcia", "gruber", "haas", "hansen", "hoffmann", "ito", "ivanov",
	"jansen", "jensen", "kaya", "keller", "kim", "klein", "kovacs", "kowalski", "larsen",
	"lehmann", "lopez", "mansour", "marino", "martin", "meyer", "moore", "moreau", "mueller",
	"nakamura", "nguyen", "novak", "okafor", "olsen", "ortiz", "park", "patel", "petrov",
	"quinn", "rahman", "reyes", "rossi", "sato", "schmidt", "silva", "singh", "smith",
	"sousa", "tanaka", "torres", "vogel", "wagner", "weber", "wolf", "yilmaz", "zhang",
};

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

#define WORDS(list) \
	{ \
		(list), COUNT_OF(list) \
	}

const struct seed_words seed_words = {
	.first_names = WORDS(first_names),
	.last_names = WORDS(last_names),
	.adjectives = WORDS(adjectives),
	.nouns = WORDS(nouns),
	.verbs = WORDS(verbs),
	.adverbs = WORDS(adverbs),
	.openers = WORDS(openers),
	.tags = WORDS(tags),
};
