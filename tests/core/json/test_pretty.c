/* JSON as people read it. */
#include "testing/json.h"
#include "testing/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/json.h"

struct pretty_case {
	const char *json, *want;
};

static void pretty_row(void **state)
{
	const struct pretty_case *row = *state;
	char *text = json_swap(strdup(row->json)), *want = json_swap(strdup(row->want));
	AUTO(buf) out = { 0 };
	json_pretty(text, strlen(text), &out);
	assert_string_equal(buf_text(&out), want);
	free(text);
	free(want);
}

static void printable_row(void **state)
{
	const struct pretty_case *row = *state;
	AUTO(buf) out = { 0 };
	json_printable(row->json, strlen(row->json), &out);
	assert_string_equal(buf_text(&out), row->want);
}

#define PRINTABLE(sentence, json, want) \
	ROW_OF(sentence, printable_row, (&(struct pretty_case){ json, want }))
#define PRETTY(sentence, json, want) \
	ROW_OF(sentence, pretty_row, (&(struct pretty_case){ json, want }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		PRETTY("a value alone stays as it is", "-1.5e3", "-1.5e3"),
		PRETTY("a text keeps its signs", "'a{[,:]}b'", "'a{[,:]}b'"),
		PRETTY("and its escapes", "'a\\\\'", "'a\\\\'"),
		PRETTY("a member is a line", "{'a':1,'b':true}", "{\n  'a': 1,\n  'b': true\n}"),
		PRETTY("an item is, too", "[1,'x',null]", "[\n  1,\n  'x',\n  null\n]"),
		PRETTY("what is empty stays together", "{'a':{},'b':[]}",
		       "{\n  'a': {},\n  'b': []\n}"),
		PRETTY("each level is deeper", "{'a':[{'b':[]}]}",
		       "{\n  'a': [\n    {\n      'b': []\n    }\n  ]\n}"),
		PRETTY("lines of values stay apart", "{'a':1}\n{'a':2}\n",
		       "{\n  'a': 1\n}\n{\n  'a': 2\n}\n"),
		PRETTY("nothing is nothing", "", ""),
		PRINTABLE("a text stays as it is, in any language",
			  "\"a\\n\xc3\xa4\xe4\xb8\x96\"\n", "\"a\\n\xc3\xa4\xe4\xb8\x96\"\n"),
		PRINTABLE("what steers a terminal is escaped",
			  "\"\xc2\x9b"
			  "31m\x7f\"",
			  "\"\\u009b31m\\u007f\""),
		PRINTABLE("what is no letter is told", "\"a\xff\"", "\"a\\ufffd\""),
		PRINTABLE("and what turns the text around",
			  "[\"a\xe2\x80\xae"
			  "b\"]",
			  "[\"a\\u202eb\"]"),
	};
	return rows_run("core/json/pretty", rows, COUNT_OF(rows));
}
