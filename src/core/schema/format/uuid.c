/*
 * Whether a text is a UUID, and its canonical spelling, which is in lower case. The words of the
 * faults are those of pydantic.
 */
#include "uuid.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

enum { UUID_BARE = 32 };

static bool is_hyphen_place(size_t at)
{
	return at == 8 || at == 13 || at == 18 || at == 23;
}

/* The text without "urn:uuid:" or braces. */
static const char *uuid_core(const char *text, size_t *len)
{
	if (*len >= 2 && text[0] == '{' && text[*len - 1] == '}') {
		*len -= 2;
		return text + 1;
	}
	if (str_starts(text, "urn:uuid:")) {
		*len -= 9;
		return text + 9;
	}
	return text;
}

static bool is_uuid(const char *text, size_t len)
{
	if (len != UUID_BARE && len != UUID_LEN)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool hyphen = len == UUID_LEN && is_hyphen_place(i);
		if (hyphen ? text[i] != '-' : str_hex_value(text[i]) < 0)
			return false;
	}
	return true;
}

/* The first group whose length is wrong; the last one when the others are right. */
static const char *group_fault(struct arena *arena, const char *core, size_t len)
{
	static const size_t wanted[] = { 8, 4, 4, 4, 12 };
	for (size_t group = 0; group < 5; group++) {
		const char *hyphen = memchr(core, '-', len);
		size_t found = hyphen ? (size_t)(hyphen - core) : len;
		if (found != wanted[group])
			return arena_printf(
				arena, "invalid group length in group %zu: expected %zu, found %zu",
				group, wanted[group], found);
		core += found + 1;
		len -= found + 1;
	}
	return "invalid length";
}

const char *uuid_fault(struct arena *arena, const char *text, size_t len, bool may_quote)
{
	size_t core_len = len, hyphens = 0;
	const char *core = uuid_core(text, &core_len);
	for (size_t i = 0; i < core_len; i++) {
		uint32_t ignored;
		size_t step = str_utf8_next(core + i, core_len - i, &ignored);
		hyphens += core[i] == '-';
		if (core[i] == '-' || str_hex_value(core[i]) >= 0)
			continue;
		if (!may_quote)
			return "invalid character";
		return arena_printf(arena, "invalid character: found `%.*s` at %zu", (int)step,
				    core + i, (size_t)(core - text) + i + 1);
	}
	if (!hyphens && core == text)
		return arena_printf(
			arena, "invalid length: expected length 32 for simple format, found %zu",
			len);
	if (hyphens != 4)
		return arena_printf(arena, "invalid group count: expected 5, found %zu",
				    hyphens + 1);
	return group_fault(arena, core, core_len);
}

bool uuid_read(const char *text, size_t len, char ret_uuid[UUID_ROOM])
{
	size_t core_len = len;
	const char *core = uuid_core(text, &core_len);
	if (!is_uuid(core, core_len) || (core != text && core_len != UUID_LEN))
		return false;
	for (size_t i = 0; i < UUID_LEN; i++) {
		ret_uuid[i] = is_hyphen_place(i) ? '-' : str_lower(*core++);
		if (is_hyphen_place(i) && *core == '-')
			core++;
	}
	ret_uuid[UUID_LEN] = '\0';
	return true;
}
