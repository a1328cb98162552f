/*
 * Fuzz target of content negotiation: Accept in the first line, Accept-Encoding in the second.
 * Headers that keep to the grammar of RFC 9110 §12.5 are weighed once more by regular expressions;
 * of all others the answer is within its bounds.
 */
#include "fuzz/target.h"

#include <regex.h>
#include <strings.h>

#include "base/str.h"
#include "core/http/parse/accept.h"
#include "core/http/parse/media.h"

#define TOKEN "[A-Za-z0-9!#$%&'*+.^_`|~-]+"
#define PARAMS "(([ \t]*;[ \t]*" TOKEN "=" TOKEN ")*)"

enum { ITEMS_MAX = 64, OFFERS = 3 };

static const char *const offers[OFFERS] = { "application/json", "text/html; charset=utf-8",
					    "application/problem+json" };

struct item {
	char *name;
	int q;
};

static bool matches(const char *pattern, const char *text, regmatch_t part[8])
{
	static regex_t made[4];
	static const char *patterns[COUNT_OF(made)];
	size_t i = 0;
	while (patterns[i] && patterns[i] != pattern)
		i++;
	assert(i < COUNT_OF(made));
	if (!patterns[i])
		assert(!regcomp(&made[i], pattern, REG_EXTENDED));
	patterns[i] = pattern;
	return !regexec(&made[i], text, 8, part, 0);
}

/* The weight in thousandths of the first "q"; -1: it is none. */
static int weight_of(const char *params)
{
	static const char number[] = "^(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)$";
	regmatch_t part[8];
	for (const char *at = strchr(params, ';'); at; at = strchr(at + 1, ';')) {
		char value[64];
		const char *name = at + 1 + strspn(at + 1, " \t");
		if ((*name | 0x20) != 'q' || name[1] != '=')
			continue;
		snprintf(value, sizeof(value), "%.*s", (int)strcspn(name + 2, " \t;"), name + 2);
		if (strcspn(name + 2, " \t;") > 5 || !matches(number, value, part))
			return -1;
		return (int)(strtod(value, NULL) * 1000 + 0.5);
	}
	return 1000;
}

/* The items of a header that keeps to the grammar; their count, or -1. */
static int items_of(const char *pattern, char *header, struct item items[ITEMS_MAX])
{
	int count = 0;
	for (char *text; (text = strsep(&header, ","));) {
		regmatch_t part[8];
		if (!text[strspn(text, " \t")])
			continue;
		if (count == ITEMS_MAX || !matches(pattern, text, part))
			return -1;
		items[count].q = weight_of(text + part[2].rm_so);
		items[count].name = text + part[1].rm_so;
		items[count++].name[part[1].rm_eo - part[1].rm_so] = '\0';
	}
	return count;
}

static int closeness(const char *range, const char *type)
{
	size_t len = strcspn(type, ";"), major = strcspn(type, "/") + 1;
	if (!strcmp(range, "*/*"))
		return 1;
	if (strlen(range) == major + 1 && !strncasecmp(range, type, major) && range[major] == '*')
		return 2;
	return strlen(range) == len && !strncasecmp(range, type, len) ? 3 : 0;
}

static int best_again(const struct item *items, int count)
{
	int best = -1, best_q = 0, legible = 0;
	for (int i = 0; i < count; i++)
		legible += items[i].q >= 0;
	for (int offer = 0; offer < OFFERS && legible; offer++) {
		int closest = 0, q = 0;
		for (int i = 0; i < count; i++) {
			int close = closeness(items[i].name, offers[offer]);
			if (items[i].q >= 0 && close > closest) {
				closest = close;
				q = items[i].q;
			}
		}
		if (q > best_q) {
			best = offer;
			best_q = q;
		}
	}
	return legible ? best : 0;
}

static void check_types(char *header)
{
	static const char pattern[] = "^[ \t]*(" TOKEN "/" TOKEN ")" PARAMS "[ \t]*$";
	struct item items[ITEMS_MAX];
	int best = accept_best(header, offers, OFFERS);
	assert(best >= -1 && best < OFFERS);
	int count = items_of(pattern, header, items);
	if (count >= 0)
		assert(best == best_again(items, count));
}

static int coding_q(const struct item *items, int count, const char *name, const char *other)
{
	int q = -1;
	for (int i = 0; i < count; i++)
		if (!strcasecmp(items[i].name, name) || !strcasecmp(items[i].name, other))
			q = items[i].q;
	return q;
}

static void check_codings(char *header)
{
	static const char pattern[] = "^[ \t]*(" TOKEN ")" PARAMS "[ \t]*$";
	struct item items[ITEMS_MAX];
	bool accepts = accept_gzip(header);
	int count = items_of(pattern, header, items);
	if (count < 0)
		return;
	int any = coding_q(items, count, "*", "*");
	int gzip = coding_q(items, count, "gzip", "x-gzip");
	int plain = coding_q(items, count, "identity", "identity");
	gzip = gzip < 0 ? any : gzip;
	assert(accepts == (gzip > 0 && gzip >= plain));
}

/* A type is what it is in any case, and blanks at its end say nothing. */
static void check_media(const char *type)
{
	char *other = NULL;
	assert(asprintf(&other, "%s ", type) >= 0);
	for (char *at = other; *at && *at != ';'; at++)
		*at = str_lower(*at);
	if (*type)
		assert(media_kind(type) == media_kind(other));
	free(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *rest = text;
	char *types = fuzz_line(&rest), *codings = fuzz_line(&rest);
	check_media(types);
	check_types(types);
	check_codings(codings);
	free(text);
	return 0;
}
