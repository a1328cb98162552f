/*
 * The scores: a word a slot, the shape's upper bits as its name and the score in the lowest eight.
 */
#include "dear.h"

#include <string.h>

#include "base/random.h"
#include "base/str.h"

enum {
	STEP = 4, /* added for a dear one; a cheap one halves */
	DEAR = 8,
	MOST = 16,
	SCORE_MASK = 0xff,
	SHAPE_ROOM = 1024, /* bytes of a query's shape that are told apart */
};

void dear_init(struct dear *dear)
{
	memset(dear, 0, sizeof(*dear));
	random_bytes(dear->key, sizeof(dear->key));
}

struct shape {
	unsigned char bytes[SHAPE_ROOM];
	size_t len;
};

static void shape_add(struct shape *shape, const void *bytes, size_t len)
{
	if (len > SHAPE_ROOM - shape->len)
		len = SHAPE_ROOM - shape->len;
	memcpy(shape->bytes + shape->len, bytes, len);
	shape->len += len;
}

static bool value_counts(const char *name, size_t len)
{
	static const char *const names[] = { "sort",    "order_by", "ordering",
					     "include", "fields",   "with_total" };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return true;
	return false;
}

/* Whether the text begins with the mark, or with its escape. */
static bool begins_with(const char *text, size_t len, char mark, const char *escape)
{
	return *text == mark || (len >= 3 && strncasecmp(text, escape, 3) == 0);
}

/*
 * The names in filters=id:1,title:x as they come, where colons and commas may be encoded. A time
 * has colons of its own.
 */
static void shape_add_filters(struct shape *shape, const char *value, size_t len)
{
	size_t name = 0;
	bool named = false;
	for (size_t i = 0; i < len; i++) {
		const char *at = value + i;
		if (str_is_word(*at)) {
			name++;
			continue;
		}
		if (begins_with(at, len - i, ',', "%2c"))
			named = false;
		if (!named && begins_with(at, len - i, ':', "%3a")) {
			shape_add(shape, at - name, name);
			named = true;
		}
		name = 0;
	}
}

static void shape_add_pair(struct shape *shape, const char *pair, size_t len)
{
	const char *equals = memchr(pair, '=', len);
	size_t name_len = equals ? (size_t)(equals - pair) : len;
	if (value_counts(pair, name_len)) {
		shape_add(shape, pair, len);
		return;
	}
	size_t value_len = len - name_len;
	if (name_len == strlen("filters") && memcmp(pair, "filters", name_len) == 0)
		shape_add_filters(shape, pair + name_len, value_len);
	shape_add(shape, pair, name_len);
	shape_add(shape, &value_len, sizeof(value_len));
}

uint64_t dear_shape(const struct dear *dear, const void *what, const char *query, size_t len)
{
	struct shape shape;
	shape.len = 0;
	shape_add(&shape, &what, sizeof(what));
	for (size_t at = 0; query && at < len;) {
		const char *end = memchr(query + at, '&', len - at);
		size_t pair_len = end ? (size_t)(end - query) - at : len - at;
		shape_add_pair(&shape, query + at, pair_len);
		at += pair_len + 1;
	}
	return digest_short(dear->key, shape.bytes, shape.len) & ~(uint64_t)SCORE_MASK;
}

static _Atomic uint64_t *slot_of(const struct dear *dear, uint64_t shape)
{
	return (_Atomic uint64_t *)&dear->slots[(shape >> 8) % DEAR_SLOTS];
}

/* 0 when the slot is another shape's. */
static uint64_t score_of(const struct dear *dear, uint64_t shape)
{
	uint64_t slot = atomic_load_explicit(slot_of(dear, shape), memory_order_relaxed);
	return (slot & ~(uint64_t)SCORE_MASK) == shape ? slot & SCORE_MASK : 0;
}

bool dear_is(const struct dear *dear, uint64_t shape)
{
	return score_of(dear, shape) >= DEAR;
}

void dear_note(struct dear *dear, uint64_t shape, bool was_dear)
{
	uint64_t score = score_of(dear, shape);
	if (!score && !was_dear)
		return;
	score = was_dear ? score + STEP : score / 2;
	if (score > MOST)
		score = MOST;
	atomic_store_explicit(slot_of(dear, shape), shape | score, memory_order_relaxed);
}
