/*
 * Fuzz target of Cookie: the first line is a name, the second the header. The header cut at its
 * semicolons, pair by pair, says what is to be found.
 */
#include "fuzz/target.h"

#include "core/cookie.h"

/* Whether the pair, which it trims, is of that name; *ret_value is its value then. */
static bool pair_has(char *pair, const char *name, const char **ret_value)
{
	pair += strspn(pair, " \t");
	for (size_t len = strlen(pair); len && strchr(" \t", pair[len - 1]); len--)
		pair[len - 1] = '\0';
	char *equals = pair + strlen(name);
	if (strncmp(pair, name, strlen(name)) != 0 || *equals != '=')
		return false;
	*ret_value = equals + 1;
	return true;
}

static enum cookie_found expected(char *header, const char *name, const char **ret_value)
{
	static const char octets[] = "!#$%&'()*+-./0123456789:<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "[]^_`abcdefghijklmnopqrstuvwxyz{|}~";
	enum cookie_found found = COOKIE_ABSENT;
	size_t count = 0;
	for (char *pair; (pair = strsep(&header, ";"));) {
		const char *value;
		/* behind the last semicolon there is none */
		if (!header && !*pair)
			break;
		if (++count > COOKIES_MAX)
			return COOKIE_BAD;
		if (!pair_has(pair, name, &value))
			continue;
		if (found || value[strspn(value, octets)])
			return COOKIE_BAD;
		found = COOKIE_THERE;
		*ret_value = value;
	}
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size < 4096 ? size : 4096), *rest = text;
	const char *name = fuzz_line(&rest), *wanted = NULL;
	struct cookie_value value = { 0 };
	char *header = rest ? rest : text + strlen(text);
	char *copy = fuzz_text((const uint8_t *)header, strlen(header));
	enum cookie_found found = cookie_find(header, name, &value);
	assert(found == expected(copy, name, &wanted));
	if (found == COOKIE_THERE)
		assert(value.len == strlen(wanted) && memcmp(value.text, wanted, value.len) == 0);
	free(copy);
	free(text);
	return 0;
}
