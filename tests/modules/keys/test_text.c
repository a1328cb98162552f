/* What a key looks like: written, read, and told from what was mistyped. */
#include <string.h>

#include "base/app_name.h"
#include "modules/keys/internal.h"
#include "testing/rows.h"

#define PREFIX APP_NAME "_"
/* The checksums beside it are by another program. */
#define SECRET "aaaaaaaaaaaaaaaaaaaaaaaaaa"

static void is_read_as_it_was_written(void **state)
{
	static const int64_t ids[] = { 1, 9, 12, 999999999999999999 };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		char secret[KEY_SECRET_ROOM], text[KEY_TEXT_ROOM], hash[DIGEST_TEXT_ROOM];
		struct key_claim claim = { 0 };
		key_secret_draw(secret);
		key_secret_hash(secret, hash);
		key_text_write(ids[i], secret, text);
		assert_true(key_claim_is_meant(text, strlen(text)));
		assert_true(key_claim_read(text, strlen(text), &claim));
		assert_int_equal(claim.id, ids[i]);
		assert_string_equal(claim.hash, hash);
	}
}

static void is_written_for_others(void **state)
{
	char text[KEY_TEXT_ROOM];
	(void)state;
	key_text_write(12, SECRET, text);
	assert_string_equal(text, PREFIX "12_" SECRET "ng5oeh");
}

static void two_are_never_the_same(void **state)
{
	char one[KEY_SECRET_ROOM], other[KEY_SECRET_ROOM];
	(void)state;
	key_secret_draw(one);
	key_secret_draw(other);
	assert_string_not_equal(one, other);
	assert_int_equal(strlen(one), 26);
}

/* Each of its characters, to each that may stand there. */
static void one_mistyped_is_none(void **state)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789_ACQ";
	char text[KEY_TEXT_ROOM];
	struct key_claim claim;
	(void)state;
	key_text_write(12, SECRET, text);
	for (size_t at = 0; text[at]; at++) {
		const char right = text[at];
		for (const char *other = characters; *other; other++) {
			text[at] = *other;
			assert_int_equal(key_claim_read(text, strlen(text), &claim),
					 *other == right);
		}
		text[at] = right;
	}
}

static void a_piece_is_none(void **state)
{
	char text[KEY_TEXT_ROOM];
	struct key_claim claim;
	(void)state;
	key_text_write(12, SECRET, text);
	for (size_t len = 0; len < strlen(text); len++)
		assert_false(key_claim_read(text, len, &claim));
	for (size_t from = 1; text[from]; from++)
		assert_false(key_claim_read(text + from, strlen(text + from), &claim));
}

static void is_none(void **state)
{
	const char *text = *state;
	struct key_claim claim;
	assert_false(key_claim_read(text, strlen(text), &claim));
}

#define NONE(sentence, text) ROW_OF(sentence, is_none, text)

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a key is read as it was written", is_read_as_it_was_written),
		ROW("the checksum of a key is as its documents say", is_written_for_others),
		ROW("two keys are never the same", two_are_never_the_same),
		ROW("a key with one character mistyped is none", one_mistyped_is_none),
		ROW("a piece of a key is none", a_piece_is_none),
		NONE("nothing is no key", ""),
		NONE("the beginning alone is no key", PREFIX),
		NONE("a key without an id is none", PREFIX "_" SECRET "hechzi"),
		NONE("an id with a zero before it is none", PREFIX "012_" SECRET "w2vzp6"),
		NONE("an id below zero is none", PREFIX "-1_" SECRET "crjquf"),
		NONE("an id past all ids is none", PREFIX "9999999999999999999_" SECRET "t76uqb"),
		NONE("a text as long as no key is none",
		     PREFIX "1_" SECRET SECRET SECRET SECRET SECRET SECRET),
	};
	return rows_run("modules/keys text", rows, COUNT_OF(rows));
}
