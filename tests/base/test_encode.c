/* Percent-decoding, base64url and hex: what is decoded, and what is refused. */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "testing/rows.h"

#define BYTES(literal) .text = (literal), .len = sizeof(literal) - 1

struct percent_case {
	const char *text;
	size_t len;
	bool form;
	const char *result; /* NULL: refused */
	size_t result_len;
};

static void percent_is_decoded(void **state)
{
	const struct percent_case *t = *state;
	AUTO(arena) arena = { 0 };
	size_t len = 99;
	char *result = str_percent_decode(&arena, t->text, t->len, t->form, &len);
	if (!t->result) {
		assert_null(result);
		assert_int_equal(len, 99);
		return;
	}
	assert_non_null(result);
	assert_int_equal(len, t->result_len);
	assert_memory_equal(result, t->result, len + 1);
}

#define PERCENT_GOOD(sentence, bytes, is_form, wanted) \
	ROW_OF("percent: " sentence, percent_is_decoded, \
	       (&(struct percent_case){ BYTES(bytes), .form = is_form, .result = (wanted), \
					.result_len = sizeof(wanted) - 1 }))
#define PERCENT_BAD(sentence, bytes) \
	ROW_OF("percent: " sentence " is refused", percent_is_decoded, \
	       (&(struct percent_case){ BYTES(bytes) }))

struct base64_case {
	const char *bytes;
	size_t len;
	const char *text;
};

static void base64url_round_trips(void **state)
{
	const struct base64_case *t = *state;
	char text[64], back[64];
	assert_int_equal(str_base64url_room(t->len), strlen(t->text) + 1);
	assert_int_equal(str_base64url(t->bytes, t->len, text), strlen(t->text));
	assert_string_equal(text, t->text);
	size_t len = 99;
	assert_true(str_base64url_decode(text, strlen(text), back, t->len, &len));
	assert_int_equal(len, t->len);
	assert_memory_equal(back, t->bytes, len);
	if (t->len)
		assert_false(str_base64url_decode(text, strlen(text), back, t->len - 1, &len));
}

#define BASE64_ROW(sentence, raw, encoded) \
	ROW_OF("base64url: " sentence, base64url_round_trips, \
	       (&(struct base64_case){ .bytes = (raw), .len = sizeof(raw) - 1, .text = encoded }))

static void base64url_is_refused(void **state)
{
	const char *text = *state;
	char out[64];
	size_t len = 99;
	assert_false(str_base64url_decode(text, strlen(text), out, sizeof(out), &len));
	assert_int_equal(len, 99);
}

#define BASE64_BAD(sentence, text) \
	ROW_OF("base64url: " sentence " is refused", base64url_is_refused, text)

static void base64url_all_bytes(void **state)
{
	(void)state;
	unsigned char bytes[256], back[256];
	char text[400];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)i;
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		size_t text_len = str_base64url(bytes, len, text);
		assert_int_equal(text_len + 1, str_base64url_room(len));
		size_t back_len = 0;
		assert_true(str_base64url_decode(text, text_len, back, sizeof(back), &back_len));
		assert_int_equal(back_len, len);
		assert_memory_equal(back, bytes, len);
	}
}

static void base64url_is_canonical(void **state)
{
	(void)state;
	/*
	 * Of the 64 last characters of a two-character text, exactly the four with clear low bits
	 * are right.
	 */
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	int accepted = 0;
	for (int i = 0; i < 64; i++) {
		char text[2] = { 'A', digits[i] }, out[1];
		size_t len;
		accepted += str_base64url_decode(text, 2, out, 1, &len);
	}
	assert_int_equal(accepted, 4);
}

static void hex_is_lower_case(void **state)
{
	(void)state;
	char out[9];
	str_hex("\x00\x7f\xab\xff", 4, out);
	assert_string_equal(out, "007fabff");
	str_hex("", 0, out);
	assert_string_equal(out, "");
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		PERCENT_GOOD("nothing", "", false, ""),
		PERCENT_GOOD("plain text stays", "abc", false, "abc"),
		PERCENT_GOOD("both cases of hex", "%2f%2F", false, "//"),
		PERCENT_GOOD("plus stays in a path", "a+b", false, "a+b"),
		PERCENT_GOOD("plus is a space in a form", "a+b%2B", true, "a b+"),
		PERCENT_GOOD("decoded once only", "%252e", false, "%2e"),
		PERCENT_GOOD("NUL shows in the length", "a%00b", false, "a\0b"),
		PERCENT_GOOD("UTF-8 bytes", "%e2%82%ac", false, "\xe2\x82\xac"),
		PERCENT_GOOD("an escape at the very end", "a%20", false, "a "),
		PERCENT_BAD("%zz", "%zz"),
		PERCENT_BAD("half hex", "%2g"),
		PERCENT_BAD("a sign for a digit", "%+1"),
		PERCENT_BAD("a bare percent at the end", "abc%"),
		PERCENT_BAD("one digit at the end", "abc%2"),
		PERCENT_BAD("%u0041", "%u0041"),

		BASE64_ROW("nothing", "", ""),
		BASE64_ROW("RFC 4648: f", "f", "Zg"),
		BASE64_ROW("RFC 4648: fo", "fo", "Zm8"),
		BASE64_ROW("RFC 4648: foo", "foo", "Zm9v"),
		BASE64_ROW("RFC 4648: foob", "foob", "Zm9vYg"),
		BASE64_ROW("RFC 4648: foobar", "foobar", "Zm9vYmFy"),
		BASE64_ROW("the two URL characters", "\xfb\xff\xbf", "-_-_"),
		ROW("base64url: every length up to 256", base64url_all_bytes),
		ROW("base64url: one spelling a value", base64url_is_canonical),
		BASE64_BAD("padding", "Zg=="),
		BASE64_BAD("one character", "Z"),
		BASE64_BAD("five characters", "Zm9vY"),
		BASE64_BAD("unused bits set after one byte", "Zh"),
		BASE64_BAD("unused bits set after two bytes", "Zm9"),
		BASE64_BAD("plus", "++++"),
		BASE64_BAD("slash", "////"),
		BASE64_BAD("white space", "Zm9v\n"),
		BASE64_BAD("white space inside", "Zm 9v"),
		BASE64_BAD("a trailing dot", "Zm9vYg."),
		BASE64_BAD("a byte beyond ASCII", "Zm9\xff"),

		ROW("hex is lower case", hex_is_lower_case),
	};
	return rows_run("base/encode", rows, COUNT_OF(rows));
}
