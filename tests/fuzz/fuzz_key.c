/*
 * Fuzz target of Idempotency-Key: the pattern that the document has says what is a key, and a key
 * that is written in quotes again is the same one.
 */
#include "fuzz/target.h"

#include <regex.h>

#include "core/http/parse/key.h"

#define QUOTED "^\"([ !#-[^-~]|]|\\\\[\"\\]){1,255}\"$"
#define BARE "^[!#-~]([ -~]{0,253}[!-~])?$"

static bool matches(int which, const char *text)
{
	static const char *const patterns[] = { QUOTED, BARE };
	static regex_t made[2];
	static bool is_made[2];
	if (!is_made[which])
		assert(!regcomp(&made[which], patterns[which], REG_EXTENDED | REG_NOSUB));
	is_made[which] = true;
	return !regexec(&made[which], text, 0, NULL, 0);
}

static void check_again(const char *key)
{
	char header[2 * KEY_ROOM + 2], *at = header, again[KEY_ROOM];
	*at++ = '"';
	for (const char *byte = key; *byte; byte++) {
		if (*byte == '"' || *byte == '\\')
			*at++ = '\\';
		*at++ = *byte;
	}
	*at++ = '"';
	*at = '\0';
	bool is_key = key_read(header, again);
	assert(is_key && strcmp(again, key) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size < 1024 ? size : 1024), key[KEY_ROOM];
	bool is_key = key_read(text, key);
	assert(is_key == (matches(0, text) || matches(1, text)));
	if (is_key)
		check_again(key);
	free(text);
	return 0;
}
