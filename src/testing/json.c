/* Text with its quotes swapped, and what compares it. */
#include "testing/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "testing/rows.h"

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
	return text ? json_swap(arena_strdup(arena, text)) : NULL;
}

char *json_operand(const char *text)
{
	char *copy = strdup(text);
	return strncmp(text, "{'", 2) ? copy : json_swap(copy);
}

int json_count(const char *got, const char *want)
{
	char *text = json_swap(strdup(got));
	int count = 0;
	for (const char *at = text; (at = strstr(at, want)); at++)
		count++;
	free(text);
	return count;
}

bool json_has(const char *got, const char *want)
{
	return json_count(got, want) > 0;
}

/* What stands behind the name of the member; NULL: there is none. */
static const char *value_of(const char *text, const char *name)
{
	char before[64];
	snprintf(before, sizeof(before), "\"%s\":", name);
	const char *at = strstr(text, before);
	return at ? at + strlen(before) : NULL;
}

long json_int(const char *text, const char *name)
{
	const char *at = value_of(text, name);
	return at ? atol(at) : -1;
}

const char *json_text(const char *text, const char *name, char *out, size_t room)
{
	const char *at = value_of(text, name);
	int len = at && *at == '"' ? (int)strcspn(at + 1, "\"") : 0;
	snprintf(out, room, "%.*s", len, len ? at + 1 : "");
	return out;
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
