/*
 * The gate's strings: UTF-8, escapes, surrogate pairs and control characters; and member names,
 * unescaped so that "a" and "\u0061" count as the same name.
 */
#include "gate.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/*
 * The four digits after the 'u' at `u`. A closing quote must still fit behind them, as Python sees
 * it.
 */
static bool gate_unit(struct gate *g, const char *u, uint32_t *ret_unit)
{
	uint32_t unit = 0;
	if (g->end - u <= 5)
		return gate_fail(g, u, "Invalid \\uXXXX escape");
	for (int i = 1; i <= 4; i++) {
		int digit = str_hex_value(u[i]);
		if (digit < 0)
			return gate_fail(g, u, "Invalid \\uXXXX escape");
		unit = unit << 4 | (uint32_t)digit;
	}
	*ret_unit = unit;
	return true;
}

static bool is_high_surrogate(uint32_t unit)
{
	return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low_surrogate(uint32_t unit)
{
	return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* A \u escape at `slash`, with its second half when it is a surrogate pair. */
static bool gate_unicode_escape(struct gate *g, const char *slash)
{
	uint32_t unit, second;
	if (!gate_unit(g, slash + 1, &unit))
		return false;
	g->at = slash + 6;
	/* C strings end at a NUL, so nothing behind it would be seen. */
	if (!unit)
		return gate_fail(g, slash, "NUL character is not allowed");
	if (is_low_surrogate(unit))
		return gate_fail(g, slash, "Lone surrogate is not allowed");
	if (!is_high_surrogate(unit))
		return true;
	if (g->end - g->at < 2 || g->at[0] != '\\' || g->at[1] != 'u')
		return gate_fail(g, slash, "Lone surrogate is not allowed");
	if (!gate_unit(g, g->at + 1, &second))
		return false;
	if (!is_low_surrogate(second))
		return gate_fail(g, slash, "Lone surrogate is not allowed");
	g->at += 6;
	return true;
}

static bool gate_escape(struct gate *g, const char *open)
{
	const char *slash = g->at;
	if (g->end - slash < 2)
		return gate_fail(g, open, "Unterminated string starting at");
	if (slash[1] == 'u')
		return gate_unicode_escape(g, slash);
	if (!slash[1] || !strchr("\"\\/bfnrt", slash[1]))
		return gate_fail(g, slash, "Invalid \\escape");
	g->at += 2;
	return true;
}

static bool gate_multibyte(struct gate *g)
{
	uint32_t ignored;
	size_t step = str_utf8_next(g->at, (size_t)(g->end - g->at), &ignored);
	if (!step)
		return gate_fail(g, g->at, "Invalid UTF-8");
	g->at += step;
	return true;
}

bool gate_string(struct gate *g, bool *ret_escaped)
{
	const char *open = g->at++;
	*ret_escaped = false;
	for (;;) {
		g->at = gate_plain_run(g->at, g->end);
		if (g->at == g->end)
			return gate_fail(g, open, "Unterminated string starting at");
		unsigned char byte = (unsigned char)*g->at;
		if (byte == '"')
			break;
		if (byte < 0x20)
			return gate_fail(g, g->at, "Invalid control character at");
		*ret_escaped |= byte == '\\';
		if (byte == '\\' ? !gate_escape(g, open) : !gate_multibyte(g))
			return false;
	}
	g->at++;
	return true;
}

/* ---- names ---- */

static uint32_t unit_at(const char *slash)
{
	uint32_t unit = 0;
	for (int i = 2; i < 6; i++)
		unit = unit << 4 | (uint32_t)str_hex_value(slash[i]);
	return unit;
}

/* Appends what the escape at `slash`, already checked, stands for; returns what follows it. */
static const char *add_escape(struct buf *out, const char *slash)
{
	static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
	if (slash[1] != 'u') {
		const char *letter = strchr(letters, slash[1]);
		buf_add_char(out, letter ? meant[letter - letters] : slash[1]);
		return slash + 2;
	}
	uint32_t unit = unit_at(slash);
	if (!is_high_surrogate(unit)) {
		str_utf8_add(out, unit);
		return slash + 6;
	}
	str_utf8_add(out, 0x10000 + ((unit - 0xD800) << 10) + (unit_at(slash + 6) - 0xDC00));
	return slash + 12;
}

static void key_unescape(struct gate *g, struct gate_key *key)
{
	struct buf out;
	buf_init(&out, g->arena);
	const char *end = key->text + key->len;
	for (const char *at = key->text; at < end;) {
		const char *slash = memchr(at, '\\', (size_t)(end - at));
		buf_add(&out, at, (size_t)((slash ? slash : end) - at));
		at = slash ? add_escape(&out, slash) : end;
	}
	key->text = buf_text(&out);
	key->len = out.len;
}

bool gate_key(struct gate *g)
{
	bool escaped;
	struct gate_key key = { .at = g->at, .text = g->at + 1 };
	if (!gate_string(g, &escaped))
		return false;
	key.len = (size_t)(g->at - 1 - key.text);
	if (escaped)
		key_unescape(g, &key);
	if (g->key_count == g->key_room) {
		size_t size = g->key_room * sizeof(*g->keys);
		struct gate_key *grown = arena_raw(g->arena, size * 2);
		memcpy(grown, g->keys, size);
		g->keys = grown;
		g->key_room *= 2;
	}
	g->keys[g->key_count++] = key;
	return true;
}
