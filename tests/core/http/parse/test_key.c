/* Which headers are a key, and that both forms of one text are the same. */
#include "core/http/parse/key.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "testing/json.h"
#include "testing/rows.h"

struct key_case {
	/* with its quotes swapped; and the key, NULL: it is none */
	const char *header, *key;
};

static void is_read(void **state)
{
	const struct key_case *row = *state;
	char key[KEY_ROOM];
	AUTO(arena) arena = { 0 };
	arena_init(&arena, 0);
	bool is_key = key_read(json_swapped(&arena, row->header), key);
	assert_int_equal(is_key, row->key != NULL);
	if (is_key)
		assert_string_equal(key, json_swapped(&arena, row->key));
}

/* state: what stands around the text. */
static void may_be_so_long(void **state)
{
	const char *around = *state;
	char header[2 * KEY_ROOM], key[KEY_ROOM];
	for (int len = KEY_MAX; len <= KEY_MAX + 1; len++) {
		snprintf(header, sizeof(header), "%s%0*d%s", around, len, 7, around);
		assert_int_equal(key_read(header, key), len == KEY_MAX);
		if (len == KEY_MAX)
			assert_int_equal(strlen(key), KEY_MAX);
	}
}

#define KEY(sentence, header, key) ROW_OF(sentence, is_read, (&(struct key_case){ header, key }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		KEY("in quotes, as the draft has it", "'8e03978e-40d5'", "8e03978e-40d5"),
		KEY("without, as many clients send it", "8e03978e-40d5", "8e03978e-40d5"),
		KEY("one byte", "a", "a"),
		KEY("a blank within", "a b", "a b"),
		KEY("blanks in quotes are part of it", "' a '", " a "),
		KEY("a quote and a backslash are escaped", "'a\\'b\\\\c'", "a'b\\c"),
		KEY("bare text has no escapes", "a\\b'c", "a\\b'c"),
		KEY("nothing", "", NULL),
		KEY("nothing in quotes", "''", NULL),
		KEY("an open quote", "'a", NULL),
		KEY("an escaped quote does not close it", "'a\\'", NULL),
		KEY("another escape", "'a\\nb'", NULL),
		KEY("a parameter, of which none is known", "'a';b=1", NULL),
		KEY("two of them", "'a', 'b'", NULL),
		KEY("a blank in front", " a", NULL),
		KEY("a blank behind", "a ", NULL),
		KEY("a tab", "a\tb", NULL),
		KEY("a tab in quotes", "'a\tb'", NULL),
		KEY("bytes beyond ASCII", "\xc3\xa9", NULL),
		KEY("the same in quotes", "'\xc3\xa9'", NULL),
		ROW_OF("255 bytes and no more", may_be_so_long, ""),
		ROW_OF("the same in quotes", may_be_so_long, "\""),
	};
	return rows_run("core/http/key", rows, COUNT_OF(rows));
}
