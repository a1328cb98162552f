/* Text with its quotes swapped, and what compares it. */
#include "support/json.h"

#include <stdlib.h>
#include <string.h>

#include "support/rows.h"

void json_swap_bytes(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '"' || text[i] == '\'')
			text[i] = text[i] == '"' ? '\'' : '"';
}

char *json_swap(char *text)
{
	json_swap_bytes(text, strlen(text));
	return text;
}

const char *json_swapped(struct arena *arena, const char *text)
{
	return json_swap(arena_strdup(arena, text));
}

static char *swapped_got(const char *got, const char *file, int line)
{
	if (!got) {
		print_error("%s:%d: there is no text\n", file, line);
		_fail(file, line);
	}
	char *text = strdup(got);
	if (!text)
		abort();
	return json_swap(text);
}

void json_must_equal(const char *got, const char *want, const char *file, int line)
{
	char *text = swapped_got(got, file, line);
	_assert_string_equal(text, want, file, line);
	free(text);
}

void json_must_hold(const char *got, const char *want, bool there, const char *file, int line)
{
	char *text = swapped_got(got, file, line);
	if (!strstr(text, want) == there) {
		print_error("%s:\n%s\nin:\n%s\n", there ? "missing" : "not wanted", want, text);
		_fail(file, line);
	}
	free(text);
}
