/*
 * Fuzz target of the words of full-text search: whatever bytes come, words are UTF-8 with one blank
 * between, each once and bounded, and the words of words are the same. What is looked for in itself
 * is found, and so is each half of it.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_form(struct arena *arena, const char *words, size_t len)
{
	size_t again_len;
	const char *again = text_words(arena, words, len, &again_len);
	assert(strlen(words) == len && len <= TEXT_WORDS_MAX && str_is_utf8(words, len));
	assert(len == again_len && !memcmp(words, again, len));
	for (const char *at = words; *at; at += *at == ' ') {
		size_t word = strcspn(at, " ");
		assert(word && word <= TEXT_WORD_MAX);
		at += word;
		assert(!*at || at[1]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) arena = { 0 };
	const char *text = (const char *)data;
	size_t len, half = size / 2;
	const char *words = text_words(&arena, text, size, &len);
	check_form(&arena, words, len);
	assert(text_words_begin(words, words));
	char *parted = arena_strndup(&arena, text, size);
	if (half)
		parted[half] = ' ';
	const char *all = text_words(&arena, parted, size, &len);
	if (half && len < TEXT_WORDS_MAX / 2) {
		assert(text_words_begin(all, text_words(&arena, parted, half, NULL)));
		assert(text_words_begin(all, text_words(&arena, parted + half, size - half, NULL)));
	}
	return 0;
}
