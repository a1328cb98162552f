/*
 * Numbers with units: "30s", "250ms", "1MiB". One table serves reading and printing. Knows nothing
 * of bounds or of where a value comes from.
 */
#include <string.h>

#include "base/str.h"
#include "internal.h"

/* Largest first. Of the words for one factor the first is the one printed. */
static const struct {
	enum option_unit unit;
	const char *word;
	int64_t factor;
} words[] = {
	{ UNIT_NONE, "", 1 },
	{ UNIT_SECONDS, "d", 86400 },
	{ UNIT_SECONDS, "h", 3600 },
	{ UNIT_SECONDS, "m", 60 },
	{ UNIT_SECONDS, "s", 1 },
	{ UNIT_SECONDS, "", 1 },
	{ UNIT_MILLISECONDS, "d", 86400000 },
	{ UNIT_MILLISECONDS, "h", 3600000 },
	{ UNIT_MILLISECONDS, "m", 60000 },
	{ UNIT_MILLISECONDS, "s", 1000 },
	{ UNIT_MILLISECONDS, "ms", 1 },
	{ UNIT_MILLISECONDS, "", 1 },
	{ UNIT_MINUTES, "d", 1440 },
	{ UNIT_MINUTES, "h", 60 },
	{ UNIT_MINUTES, "m", 1 },
	{ UNIT_MINUTES, "", 1 },
	{ UNIT_BYTES, "GiB", 1 << 30 },
	{ UNIT_BYTES, "GB", 1 << 30 },
	{ UNIT_BYTES, "G", 1 << 30 },
	{ UNIT_BYTES, "MiB", 1 << 20 },
	{ UNIT_BYTES, "MB", 1 << 20 },
	{ UNIT_BYTES, "M", 1 << 20 },
	{ UNIT_BYTES, "KiB", 1 << 10 },
	{ UNIT_BYTES, "KB", 1 << 10 },
	{ UNIT_BYTES, "K", 1 << 10 },
	{ UNIT_BYTES, "", 1 },
	{ UNIT_BYTES, "B", 1 },
};

static int64_t word_factor(enum option_unit unit, const char *word)
{
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (words[i].unit == unit && str_eq_nocase(words[i].word, word))
			return words[i].factor;
	return 0;
}

enum config_number config_unit_parse(enum option_unit unit, const char *text, int64_t *ret)
{
	size_t sign = text[0] == '-' || text[0] == '+';
	size_t digits = strspn(text + sign, "0123456789");
	const char *word = text + sign + digits;
	word += strspn(word, " ");
	int64_t factor = word_factor(unit, word);
	if (!digits || !factor)
		return CONFIG_NUMBER_MALFORMED;

	int64_t count, product;
	if (!str_span_to_int64(text, sign + digits, &count) ||
	    __builtin_mul_overflow(count, factor, &product))
		return CONFIG_NUMBER_TOO_LARGE;
	*ret = product;
	return CONFIG_NUMBER_OK;
}

void config_unit_add(struct buf *out, enum option_unit unit, int64_t number)
{
	size_t i = 0;
	while (number && (words[i].unit != unit || number % words[i].factor))
		i++;
	buf_add_int(out, number ? number / words[i].factor : 0);
	buf_add_text(out, number ? words[i].word : "");
}

const char *config_unit_words(enum option_unit unit)
{
	switch (unit) {
	case UNIT_SECONDS: return "a time such as 30, 30s, 5m, 1h or 2d";
	case UNIT_MILLISECONDS: return "a time such as 250, 250ms, 2s or 1m";
	case UNIT_MINUTES: return "a time such as 15, 15m, 1h or 2d";
	case UNIT_BYTES: return "a size such as 1048576, 64KiB, 1MiB or 1GiB";
	case UNIT_NONE: break;
	}
	return "a whole number";
}
