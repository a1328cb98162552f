/*
 * One spelling of JSON for each value, so that what two databases hold can be compared: jsonb keeps
 * neither blanks nor the order of names nor how a number or a text was written. For digests only:
 * it is no JSON any more.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/json.h"
#include "internal.h"

static void value_add(struct arena *arena, struct buf *out, struct json_node value);

/* With its length before it, so that no two lists of texts have one form. */
static void text_add(struct buf *out, const char *text)
{
	size_t len = strlen(text);
	buf_printf(out, "%zu\"", len);
	buf_add(out, text, len);
}

/* ---- numbers ---- */

/* What stands before an exponent: its digits without the zeros at both ends, and their power. */
struct decimal {
	const char *digits;
	size_t len;
	int64_t power; /* of ten, of the last digit */
};

static struct decimal decimal_read(struct arena *arena, const char *text, size_t len)
{
	char *digits = arena_zero(arena, len + 1);
	struct decimal d = { .digits = digits };
	bool behind_point = false;
	for (size_t i = 0; i < len; i++) {
		behind_point = behind_point || text[i] == '.';
		if (!str_is_digit(text[i]))
			continue;
		d.power -= behind_point;
		if (text[i] != '0' || d.len)
			digits[d.len++] = text[i];
	}
	for (; d.len && digits[d.len - 1] == '0'; d.len--)
		d.power++;
	return d;
}

/* Exact, whatever a double can hold: 1.50 and 15e-1 are the same, and so are 0 and -0.0. */
static void number_add(struct arena *arena, struct buf *out, const struct json_span *span)
{
	size_t before = 0;
	int64_t exponent = 0;
	while (before < span->len && span->at[before] != 'e' && span->at[before] != 'E')
		before++;
	const char *after = span->at + before + 1;
	size_t len = before < span->len ? span->len - before - 1 : 0;
	bool plus = len && *after == '+';
	const struct decimal d = decimal_read(arena, span->at, before);
	if (!d.len)
		buf_add_lit(out, "#0");
	else if (len && !str_span_to_int64(after + plus, len - plus, &exponent))
		buf_printf(out, "#%.*s", (int)span->len, span->at);
	else
		buf_printf(out, "#%s%.*se%" PRId64, *span->at == '-' ? "-" : "", (int)d.len,
			   d.digits, d.power + exponent);
}

/* ---- arrays and objects ---- */

static void array_add(struct arena *arena, struct buf *out, struct json_node array)
{
	buf_printf(out, "[%zu", json_node_count(array));
	for (struct json_node at = json_node_first(array); at.item; at = json_node_next(at))
		value_add(arena, out, at);
}

static int by_name(const void *left, const void *right)
{
	const struct json_node *a = left, *b = right;
	return strcmp(json_node_name(*a), json_node_name(*b));
}

static void object_add(struct arena *arena, struct buf *out, struct json_node object)
{
	size_t count = json_node_count(object), i = 0;
	struct json_node *members = arena_zero(arena, (count + 1) * sizeof(*members));
	for (struct json_node at = json_node_first(object); at.item; at = json_node_next(at))
		members[i++] = at;
	qsort(members, count, sizeof(*members), by_name);
	buf_printf(out, "{%zu", count);
	for (i = 0; i < count; i++) {
		text_add(out, json_node_name(members[i]));
		value_add(arena, out, members[i]);
	}
}

/* As deep as json_tree_read() lets it be. */
static void value_add(struct arena *arena, struct buf *out, struct json_node value)
{
	switch (json_node_kind(value)) {
	case JSON_NULL: buf_add_lit(out, "n"); break;
	case JSON_BOOL: buf_add_text(out, json_node_is_true(value) ? "t" : "f"); break;
	case JSON_NUMBER: number_add(arena, out, value.span); break;
	case JSON_TEXT: text_add(out, json_node_text(value)); break;
	case JSON_ARRAY: array_add(arena, out, value); break;
	case JSON_OBJECT: object_add(arena, out, value); break;
	}
}

void copy_json_add(struct buf *out, const char *text, size_t len)
{
	AUTO(arena) arena;
	AUTO(json_tree) tree = { 0 };
	arena_init(&arena, 0);
	if (json_tree_read(&tree, &arena, text, len))
		value_add(&arena, out, json_tree_top(&tree));
	else
		buf_add(out, text, len);
}
