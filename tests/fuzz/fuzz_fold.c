/*
 * Fuzz target of keys, normal forms and small letters: whatever bytes come, a key is UTF-8,
 * bounded, its own key, and the same from every form that means the same text; a normal form is
 * that already, and small letters are. What is trimmed begins and ends with what is no white space.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct text {
	const char *at;
	size_t len;
};

static struct text fold(struct arena *arena, struct text text)
{
	struct text key;
	key.at = text_fold(arena, text.at, text.len, &key.len);
	assert(str_is_utf8(key.at, key.len) && !key.at[key.len]);
	return key;
}

static void check_same(struct text a, struct text b)
{
	assert(a.len == b.len && !memcmp(a.at, b.at, a.len));
}

static void check_small(struct arena *arena, struct text text, struct text key)
{
	struct text small, again;
	small.at = text_lower(arena, text.at, text.len, &small.len);
	assert(str_is_utf8(small.at, small.len) && small.len <= text.len * TEXT_GROWTH_MAX);
	again.at = text_lower(arena, small.at, small.len, &again.len);
	check_same(again, small);
	check_same(fold(arena, small), key);
}

static void check_trimmed(struct text text)
{
	struct text bare = text, again;
	bare.at = text_trim(text.at, &bare.len);
	assert(bare.at >= text.at && bare.at + bare.len <= text.at + text.len);
	again = bare;
	again.at = text_trim(bare.at, &again.len);
	assert(again.at == bare.at && again.len == bare.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) arena = { 0 };
	struct text text = { (const char *)data, size }, key = fold(&arena, text);
	assert(key.len <= size * TEXT_GROWTH_MAX);
	check_same(fold(&arena, key), key);
	check_small(&arena, text, key);
	check_trimmed(text);
	for (int form = TEXT_NFD; form <= TEXT_NFKC; form++) {
		struct text normal, again;
		normal.at = text_normal(&arena, (enum text_form)form, text.at, size, &normal.len);
		assert(str_is_utf8(normal.at, normal.len) && normal.len <= size * TEXT_GROWTH_MAX);
		again.at = text_normal(&arena, (enum text_form)form, normal.at, normal.len,
				       &again.len);
		check_same(again, normal);
		/* a compatibility form may lose what folding would have made of a character */
		if (form == TEXT_NFD || form == TEXT_NFC)
			check_same(fold(&arena, normal), key);
	}
	return 0;
}
