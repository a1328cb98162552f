/* The one reader of entity tags and of lists of them. */
#include "base/etag.h"

#include <string.h>

/* RFC 9110 §8.8.3 etagc */
static bool is_etag_char(char byte)
{
	unsigned char c = (unsigned char)byte;
	return c == 0x21 || (c >= 0x23 && c != 0x7f);
}

bool etag_read(const char **at, struct etag *ret)
{
	const char *start = *at;
	bool weak = start[0] == 'W' && start[1] == '/';
	if (weak)
		start += 2;
	if (*start != '"')
		return false;
	const char *end = start + 1;
	while (is_etag_char(*end))
		end++;
	if (*end != '"')
		return false;
	*ret = (struct etag){ .opaque = start, .len = (size_t)(end - start) + 1, .weak = weak };
	*at = end + 1;
	return true;
}

bool etag_is_same(const struct etag *a, const struct etag *b)
{
	return a->len == b->len && memcmp(a->opaque, b->opaque, a->len) == 0;
}

bool etag_list_is_any(const char *list)
{
	list += strspn(list, " \t");
	return *list == '*' && list[1 + strspn(list + 1, " \t")] == '\0';
}

enum etag_step etag_list_next(const char **at, struct etag *ret)
{
	*at += strspn(*at, " \t,");
	if (!**at)
		return ETAG_STEP_END;
	if (!etag_read(at, ret))
		return ETAG_STEP_WRONG;
	*at += strspn(*at, " \t");
	return !**at || **at == ',' ? ETAG_STEP_TAG : ETAG_STEP_WRONG;
}
