/* Reads Accept and Accept-Encoding item by item; an item that makes no sense is left out. Pure. */
#include "accept.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"

/* One item of a list: "text/html;level=1;q=0.5". */
struct accept_item {
	/* "text/html" */
	const char *name;
	size_t name_len;
	/* thousandths; -1: illegible */
	int q;
};

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

/* Where the text up to one of `stops` ends; quoted strings are passed over whole. */
static const char *skip_to(const char *at, const char *stops)
{
	bool quoted = false;
	for (; *at; at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (quoted && *at == '\\' && at[1])
			at++;
		else if (!quoted && strchr(stops, *at))
			break;
	}
	return at;
}

/* RFC 9110 §12.4.2: "1", "0.75", at most three decimals. */
static int read_quality(const char *at, const char *end)
{
	int q = 0, scale = 1000;
	if (at == end || (*at != '0' && *at != '1'))
		return -1;
	q = (*at++ - '0') * 1000;
	if (at < end && *at == '.')
		for (at++; at < end && str_is_digit(*at) && scale > 1; at++)
			q += (*at - '0') * (scale /= 10);
	at = skip_blanks(at);
	return at >= end && q <= 1000 ? q : -1;
}

static int find_quality(const char *params)
{
	for (const char *at = params; *at == ';';) {
		at = skip_blanks(at + 1);
		const char *end = skip_to(at, ",;");
		if ((at[0] | 0x20) == 'q' && at[1] == '=')
			return read_quality(at + 2, end);
		at = end;
	}
	return 1000;
}

/* Reads the item at *at and moves past it. False at the end. */
static bool next_item(const char **at, struct accept_item *ret)
{
	const char *start = *at + strspn(*at, " \t,");
	if (*start == '\0')
		return false;
	ret->name = start;
	ret->name_len = strcspn(start, " \t,;");
	const char *params = skip_blanks(start + ret->name_len);
	bool legible = *params == '\0' || *params == ',' || *params == ';';
	ret->q = legible ? find_quality(params) : -1;
	*at = skip_to(params, ",");
	return true;
}

/* How closely the item's range names the type: 3 exactly, 2 "type/" and any, 1 anything, 0 not. */
static int closeness(const struct accept_item *item, const char *type)
{
	size_t major = strcspn(type, "/") + 1, len = strcspn(type, " ;");
	if (item->name_len == len && strncasecmp(item->name, type, len) == 0)
		return 3;
	if (item->name_len == major + 1 && item->name[major] == '*' &&
	    strncasecmp(item->name, type, major) == 0)
		return 2;
	return item->name_len == 3 && memcmp(item->name, "*/*", 3) == 0;
}

/* The quality the header gives the type; -1 when it holds no legible item. */
static int type_quality(const char *accept, const char *type)
{
	struct accept_item item;
	int closest = 0, quality = -1;
	while (next_item(&accept, &item)) {
		if (item.q < 0 || !memchr(item.name, '/', item.name_len))
			continue;
		if (quality < 0)
			quality = 0;
		int close = closeness(&item, type);
		if (close > closest) {
			closest = close;
			quality = item.q;
		}
	}
	return quality;
}

int accept_best(const char *accept, const char *const *offers, size_t count)
{
	int best = -1, best_quality = 0;
	if (!accept || strcmp(accept, "*/*") == 0)
		return 0;
	for (size_t i = 0; i < count; i++) {
		int quality = type_quality(accept, offers[i]);
		if (quality < 0)
			return 0;
		if (quality > best_quality) {
			best = (int)i;
			best_quality = quality;
		}
	}
	return best;
}

static bool item_is(const struct accept_item *item, const char *name)
{
	return strlen(name) == item->name_len && strncasecmp(item->name, name, item->name_len) == 0;
}

bool accept_gzip(const char *accept_encoding)
{
	struct accept_item item;
	/* -1: not named */
	int gzip = -1, identity = -1, any = -1;
	while (accept_encoding && next_item(&accept_encoding, &item)) {
		if (item_is(&item, "gzip") || item_is(&item, "x-gzip"))
			gzip = item.q;
		else if (item_is(&item, "identity"))
			identity = item.q;
		else if (item_is(&item, "*"))
			any = item.q;
	}
	if (gzip < 0)
		gzip = any;
	return gzip > 0 && gzip >= identity;
}
