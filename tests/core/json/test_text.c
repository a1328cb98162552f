/* Texts as JSON: escapes, and broken UTF-8. */
#include "testing/json.h"
#include "testing/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/json.h"

struct text_case {
	const char *text;
	size_t len;
	const char *want;
};

static void text_row(void **state)
{
	const struct text_case *row = *state;
	char *text = malloc(row->len + 1);
	AUTO(buf) out = { 0 };
	memcpy(text, row->text, row->len);
	json_add_text(&out, text, row->len);
	free(text);
	assert_json_equal(buf_text(&out), row->want);
}

#define TEXT(sentence, text, want) \
	ROW_OF(sentence, text_row, (&(struct text_case){ text, sizeof(text) - 1, want }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		TEXT("an empty text", "", "''"),
		TEXT("a plain text", "abc", "'abc'"),
		TEXT("a text of more than eight bytes", "0123456789abcdefghij",
		     "'0123456789abcdefghij'"),
		TEXT("quotes and backslashes", "a\"b\\c/", "'a\\'b\\\\c/'"),
		TEXT("a quote after sixteen bytes", "0123456789abcdef\"x",
		     "'0123456789abcdef\\'x'"),
		TEXT("control characters with a letter", "\b\f\n\r\t", "'\\b\\f\\n\\r\\t'"),
		TEXT("other control characters", "\x01\x1f\x7f", "'\\u0001\\u001f\x7f'"),
		TEXT("a NUL", "a\0b", "'a\\u0000b'"),
		TEXT("two, three and four bytes of UTF-8", "é€𝄞", "'é€𝄞'"),
		TEXT("a line separator", "a\xE2\x80\xA8\xE2\x80\xA9z", "'a\\u2028\\u2029z'"),
		TEXT("a broken byte",
		     "a\xFF"
		     "b",
		     "'a\xEF\xBF\xBD"
		     "b'"),
		TEXT("a cut sequence at the end", "a\xE2\x82", "'a\xEF\xBF\xBD\xEF\xBF\xBD'"),
		TEXT("an overlong slash", "\xC0\xAF", "'\xEF\xBF\xBD\xEF\xBF\xBD'"),
		TEXT("a surrogate as bytes", "\xED\xA0\x80",
		     "'\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD'"),
	};
	return rows_run("json text", rows, COUNT_OF(rows));
}
