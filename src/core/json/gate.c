/*
 * The strict scan of a JSON text: values, numbers, arrays, objects and the limits on depth and
 * count. Strings are in gate_string.c, duplicate names in gate_keys.c. What is refused and where
 * follows Python's json module, whose words FastAPI clients know.
 */
#include "gate.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/json.h"

static bool gate_value(struct gate *g);

void gate_init(struct gate *g, struct arena *arena, const char *text, size_t len)
{
	g->start = g->at = text;
	g->end = text + len;
	g->why = g->why_at = NULL;
	g->arena = arena;
	g->has_long_number = false;
	g->depth = 0;
	g->nodes = g->key_count = 0;
	g->spans = NULL;
	g->keys = g->first_keys;
	g->key_room = GATE_KEYS_FIRST;
}

void gate_keep(struct gate *g, struct json_span *room, size_t count)
{
	g->spans = room;
	g->span_room = count;
}

static void skip_space(struct gate *g)
{
	while (g->at < g->end &&
	       (*g->at == ' ' || *g->at == '\n' || *g->at == '\r' || *g->at == '\t'))
		g->at++;
}

static bool next_is(const struct gate *g, char byte)
{
	return g->at < g->end && *g->at == byte;
}

static bool literal(struct gate *g, const char *word, size_t len)
{
	if ((size_t)(g->end - g->at) < len || memcmp(g->at, word, len) != 0)
		return gate_fail(g, g->at, "Expecting value");
	g->at += len;
	return true;
}

/* ---- numbers ---- */

static const char *skip_digits(const char *at, const char *end)
{
	while (at < end && str_is_digit(*at))
		at++;
	return at;
}

/* The end of an exponent that starts at `at`, or `at` when there is none. */
static const char *skip_exponent(const char *at, const char *end)
{
	if (at == end || (*at != 'e' && *at != 'E'))
		return at;
	const char *digits = at + 1;
	if (digits < end && (*digits == '+' || *digits == '-'))
		digits++;
	const char *past = skip_digits(digits, end);
	return past == digits ? at : past;
}

/*
 * Stops where the number's grammar does ("01" after the 0): what follows is then refused by whoever
 * is next.
 */
static bool gate_number(struct gate *g)
{
	double ignored;
	const char *number = g->at;
	const char *at = number + (*number == '-');
	if (at == g->end || !str_is_digit(*at))
		return gate_fail(g, number, "Expecting value");
	at = *at == '0' ? at + 1 : skip_digits(at, g->end);
	if (g->end - at >= 2 && *at == '.' && str_is_digit(at[1]))
		at = skip_digits(at + 1, g->end);
	const char *exponent = at;
	at = skip_exponent(at, g->end);
	size_t len = (size_t)(at - number);
	/* Without an exponent it takes more than 300 digits to leave a double's range. */
	if ((at != exponent || len > 300) && !json_token_real(number, len, &ignored))
		return gate_fail(g, number, "Number out of range");
	if (len > GATE_NUMBER_MAX)
		g->has_long_number = true;
	g->at = at;
	return true;
}

/* ---- arrays and objects ---- */

static bool gate_enter(struct gate *g)
{
	if (++g->depth > JSON_DEPTH_MAX)
		return gate_fail(g, g->at, "Nested deeper than 64 levels");
	g->at++;
	skip_space(g);
	return true;
}

/* After an item: true to go on with the next one, false at the end or on a fault. */
static bool gate_comma(struct gate *g, char closing)
{
	skip_space(g);
	if (next_is(g, closing))
		return false;
	if (!next_is(g, ','))
		return gate_fail(g, g->at, "Expecting ',' delimiter");
	g->at++;
	skip_space(g);
	return true;
}

static bool gate_leave(struct gate *g)
{
	if (g->why)
		return false;
	g->at++;
	g->depth--;
	return true;
}

static bool gate_array(struct gate *g)
{
	if (!gate_enter(g))
		return false;
	if (next_is(g, ']'))
		return gate_leave(g);
	do {
		if (!gate_value(g))
			return false;
	} while (gate_comma(g, ']'));
	return gate_leave(g);
}

static bool gate_member(struct gate *g)
{
	if (!next_is(g, '"'))
		return gate_fail(g, g->at, "Expecting property name enclosed in double quotes");
	if (!gate_key(g))
		return false;
	skip_space(g);
	if (!next_is(g, ':'))
		return gate_fail(g, g->at, "Expecting ':' delimiter");
	g->at++;
	skip_space(g);
	return gate_value(g);
}

static bool gate_object(struct gate *g)
{
	size_t base = g->key_count;
	if (!gate_enter(g))
		return false;
	if (next_is(g, '}'))
		return gate_leave(g);
	do {
		if (!gate_member(g))
			return false;
	} while (gate_comma(g, '}'));
	return !g->why && gate_keys_close(g, base) && gate_leave(g);
}

/* ---- values ---- */

static bool gate_any(struct gate *g)
{
	bool escaped;
	if (g->at == g->end)
		return gate_fail(g, g->at, "Expecting value");
	switch (*g->at) {
	case '{': return gate_object(g);
	case '[': return gate_array(g);
	case '"': return gate_string(g, &escaped);
	case 't': return literal(g, "true", 4);
	case 'f': return literal(g, "false", 5);
	case 'n': return literal(g, "null", 4);
	case '-':
	case '0' ... '9': return gate_number(g);
	default: return gate_fail(g, g->at, "Expecting value");
	}
}

static void grow_spans(struct gate *g)
{
	size_t size = g->span_room * sizeof(*g->spans);
	struct json_span *grown = arena_raw(g->arena, size * 2);
	memcpy(grown, g->spans, size);
	g->spans = grown;
	g->span_room *= 2;
}

/* Recursion is bounded by JSON_DEPTH_MAX. */
static bool gate_value(struct gate *g)
{
	size_t index = g->nodes;
	const char *start = g->at;
	if (++g->nodes > JSON_NODES_MAX)
		return gate_fail(g, start, "More than 100000 values");
	if (g->spans && index == g->span_room)
		grow_spans(g);
	if (!gate_any(g))
		return false;
	if (g->spans)
		g->spans[index] = (struct json_span){
			.at = start,
			.len = (uint32_t)(g->at - start),
			.nodes = (uint32_t)(g->nodes - index),
		};
	return true;
}

bool gate_run(struct gate *g)
{
	size_t len = (size_t)(g->end - g->start);
	if (len > UINT32_MAX)
		return gate_fail(g, g->start, "Text longer than 4 GiB");
	if (len >= 3 && memcmp(g->start, "\xEF\xBB\xBF", 3) == 0)
		return gate_fail(g, g->start, "Unexpected UTF-8 BOM (decode using utf-8-sig)");
	skip_space(g);
	if (!gate_value(g))
		return false;
	skip_space(g);
	return g->at == g->end || gate_fail(g, g->at, "Extra data");
}

size_t gate_fault_offset(const struct gate *g)
{
	return g->why ? str_utf8_count(g->start, (size_t)(g->why_at - g->start)) : 0;
}

static bool check(const char *text, size_t len, unsigned depth, size_t *ret_at,
		  const char **ret_why)
{
	AUTO(arena) scratch = { 0 };
	struct gate gate;
	gate_init(&gate, &scratch, text, len);
	gate.depth = depth;
	if (gate_run(&gate))
		return true;
	*ret_at = gate_fault_offset(&gate);
	*ret_why = gate.why;
	return false;
}

bool json_check(const char *text, size_t len, size_t *ret_at, const char **ret_why)
{
	return check(text, len, 0, ret_at, ret_why);
}

bool json_check_inner(const char *text, size_t len, size_t *ret_at, const char **ret_why)
{
	return check(text, len, 1, ret_at, ret_why);
}
