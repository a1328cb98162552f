/* Query strings and forms decoded once: what becomes a pair, and what is refused. */
#include <string.h>

#include "base/buf.h"
#include "core/http/parse/pairs.h"
#include "testing/rows.h"
#include "testing/scene.h"

struct pairs_case {
	const char *text;
	const char *expected; /* "name=value;" for each */
};

static void reads_pairs(void **state)
{
	const struct pairs_case *row = *state;
	const struct input_pair *pairs;
	struct scene scene;
	struct buf joined;

	scene_open(&scene);
	buf_init(&joined, &scene.arena);
	assert_int_equal(pairs_read(&scene.c, "query", row->text, strlen(row->text), &pairs),
			 APP_OK);
	for (; pairs->name; pairs++) {
		assert_int_equal(pairs->value_len, strlen(pairs->value));
		buf_printf(&joined, "%s=%s;", pairs->name, pairs->value);
	}
	assert_string_equal(buf_text(&joined), row->expected);
	scene_close(&scene);
}

static void refuses_pairs(void **state)
{
	const struct pairs_case *row = *state;
	const struct input_pair *pairs = NULL;
	struct scene scene;

	scene_open(&scene);
	assert_int_equal(pairs_read(&scene.c, "form", row->text, strlen(row->text), &pairs),
			 APP_BAD_REQUEST);
	assert_string_equal(ctx_failure_text(&scene.c, APP_BAD_REQUEST), row->expected);
	assert_null(pairs);
	scene_close(&scene);
}

static void bounds_the_pairs(void **state)
{
	const struct input_pair *pairs;
	struct scene scene;
	char text[512] = "";

	(void)state;
	scene_open(&scene);
	for (int i = 0; i < PAIRS_MAX; i++)
		strcat(text, "a=1&");
	assert_int_equal(pairs_read(&scene.c, "query", text, strlen(text), &pairs), APP_OK);
	assert_non_null(pairs[99].name);
	assert_null(pairs[100].name);
	strcat(text, "b");
	assert_int_equal(pairs_read(&scene.c, "query", text, strlen(text), &pairs),
			 APP_BAD_REQUEST);
	assert_string_equal(ctx_failure_text(&scene.c, APP_BAD_REQUEST),
			    "More than 100 query parameters");
	scene_close(&scene);
}

static void reads_no_further(void **state)
{
	const struct input_pair *pairs;
	struct scene scene;

	(void)state;
	scene_open(&scene);
	assert_int_equal(pairs_read(&scene.c, "form", "a=12345", 4, &pairs), APP_OK);
	assert_string_equal(pairs[0].value, "12");
	assert_int_equal(pairs_read(&scene.c, "form", NULL, 0, &pairs), APP_OK);
	assert_null(pairs[0].name);
	scene_close(&scene);
}

#define PAIRS(sentence, ...) ROW_OF(sentence, reads_pairs, (&(struct pairs_case){ __VA_ARGS__ }))
#define BAD_PAIRS(sentence, ...) \
	ROW_OF(sentence, refuses_pairs, (&(struct pairs_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		PAIRS("no text is no pair", "", ""),
		PAIRS("pairs come in their order", "b=1&a=2&b=3", "b=1;a=2;b=3;"),
		PAIRS("a name alone has an empty value", "flag&x=", "flag=;x=;"),
		PAIRS("empty pieces are passed over", "&a=1&&b=2&", "a=1;b=2;"),
		PAIRS("only the first equals sign divides", "a=b=c", "a=b=c;"),
		PAIRS("names and values are decoded", "a%20b=%C3%A9+%2B", "a b=\xc3\xa9 +;"),
		PAIRS("an encoded ampersand is part of the value", "a=1%26b%3D2", "a=1&b=2;"),
		PAIRS("values are decoded once", "a=%2541", "a=%41;"),
		PAIRS("a value may hold line breaks", "a=x%0d%0ay", "a=x\r\ny;"),
		BAD_PAIRS("%00 in a value is refused and the parameter named", "x=1&a=%00",
			  "The form parameter 'a' holds a NUL"),
		BAD_PAIRS("broken UTF-8 in a value is refused", "a=%ff",
			  "The form parameter 'a' is not valid UTF-8"),
		BAD_PAIRS("a broken escape in a value is refused", "a=%4",
			  "The form parameter 'a' holds a broken percent escape"),
		BAD_PAIRS("a broken escape in a name is refused", "%zz=1",
			  "A form parameter's name holds a broken percent escape"),
		BAD_PAIRS("%00 in a name is refused", "a%00b=1",
			  "A form parameter's name holds a control character"),
		BAD_PAIRS("broken UTF-8 in a name is refused", "%ff=1",
			  "A form parameter's name is not valid UTF-8"),
		ROW("100 pairs pass, 101 do not", bounds_the_pairs),
		ROW("the length ends the text", reads_no_further),
	};

	return rows_run("core/http/parse/pairs", rows, COUNT_OF(rows));
}
