/*
 * Judges the bytes of a head by where its strings lie. libmicrohttpd 0.9.75 ends a head at a line
 * that begins with NUL or has no name, joins folded lines, cuts values at NUL and takes a bare LF,
 * and tells nobody. But it reads in place, making one NUL of each separator: so each string must
 * begin where the one before it ended, and nothing be left over.
 */
#include "guard.h"

#include <stdalign.h>
#include <string.h>

enum { VERSION_LEN = 8, LINE_END = 2 /* CR LF */ };

/*
 * The connection's memory is aligned, and each request is moved to its beginning. Two bytes that
 * the library passes over hold no more than an empty line.
 */
static bool begins_well(uintptr_t method, uintptr_t start)
{
	return start ? method == start || method == start + LINE_END
		     : method % alignof(max_align_t) == 0;
}

void guard_place_begin(struct guard_place *place, const struct guard_line *line, size_t head_size,
		       const void *start)
{
	uintptr_t method = (uintptr_t)line->method;
	uintptr_t target = method + strlen(line->method) + 1;
	uintptr_t version = target + line->target_len + 1;
	place->fine = begins_well(method, (uintptr_t)start) && (uintptr_t)line->target == target &&
		      (uintptr_t)line->version == version && strlen(line->version) == VERSION_LEN;
	place->next = version + VERSION_LEN + LINE_END;
	place->end = method + head_size;
}

void guard_place_header(struct guard_place *place, const char *name, size_t name_len,
			const char *value, size_t value_len)
{
	uintptr_t at = (uintptr_t)name, blank = at + name_len + 1, text = (uintptr_t)value;
	if (!place->fine)
		return;
	place->fine = at == place->next && value && text >= blank && text <= place->end &&
		      value_len <= place->end - text;
	for (; place->fine && blank < text; blank++) {
		char byte = name[blank - at];
		place->fine = byte == ' ' || byte == '\t';
	}
	place->next = text + value_len + LINE_END;
}

bool guard_place_holds(const struct guard_place *place)
{
	return place->fine && place->next + LINE_END == place->end;
}
