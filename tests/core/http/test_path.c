/* Targets decoded once: what becomes a segment or a pair, and what is refused. */
#include <string.h>

#include "base/buf.h"
#include "core/http/path.h"
#include "support/rows.h"
#include "support/scene.h"

/* ---- paths ---- */

struct path_case {
	const char *target;
	const char *segments; /* joined by '|' */
	const char *text;
	bool slash;
};

static void splits(void **state)
{
	const struct path_case *row = *state;
	struct scene scene;
	struct path path;
	struct buf joined;

	scene_open(&scene);
	buf_init(&joined, &scene.arena);
	assert_int_equal(path_split(&scene.c, row->target, &path), APP_OK);
	for (size_t i = 0; i < path.count; i++) {
		assert_int_equal(path.segments[i].len, strlen(path.segments[i].text));
		buf_printf(&joined, "%s%s", i ? "|" : "", path.segments[i].text);
	}
	assert_string_equal(buf_text(&joined), row->segments);
	assert_string_equal(path.text, row->text);
	assert_int_equal(path.trailing_slash, row->slash);
	scene_close(&scene);
}

struct refused_case {
	const char *target;
	enum app_err err;
};

static void refuses(void **state)
{
	const struct refused_case *row = *state;
	struct scene scene;
	struct path path = { .count = 77 };

	scene_open(&scene);
	assert_int_equal(path_split(&scene.c, row->target, &path), row->err);
	assert_int_equal(scene.c.failure.err, row->err);
	assert_int_equal(path.count, 77);
	scene_close(&scene);
}

static void finds_the_query(void **state)
{
	struct scene scene;
	struct path path;

	(void)state;
	scene_open(&scene);
	assert_int_equal(path_split(&scene.c, "/a?b=/c/..?d", &path), APP_OK);
	assert_string_equal(path.query, "b=/c/..?d");
	assert_int_equal(path.query_len, 9);
	assert_int_equal(path.count, 1);
	assert_int_equal(path_split(&scene.c, "/a?", &path), APP_OK);
	assert_string_equal(path.query, "");
	assert_int_equal(path_split(&scene.c, "/a", &path), APP_OK);
	assert_null(path.query);
	scene_close(&scene);
}

static void bounds_the_depth(void **state)
{
	struct scene scene;
	struct path path;
	char target[2 * PATH_SEGMENTS_MAX + 3] = "";

	(void)state;
	scene_open(&scene);
	for (int i = 0; i < PATH_SEGMENTS_MAX; i++)
		strcat(target, "/a");
	assert_int_equal(path_split(&scene.c, target, &path), APP_OK);
	assert_int_equal(path.count, PATH_SEGMENTS_MAX);
	strcat(target, "/a");
	assert_int_equal(path_split(&scene.c, target, &path), APP_NOT_FOUND);
	scene_close(&scene);
}

/* ---- pairs ---- */

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
	assert_int_equal(path_pairs(&scene.c, "query", row->text, strlen(row->text), &pairs),
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
	assert_int_equal(path_pairs(&scene.c, "form", row->text, strlen(row->text), &pairs),
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
	for (int i = 0; i < PATH_PAIRS_MAX; i++)
		strcat(text, "a=1&");
	assert_int_equal(path_pairs(&scene.c, "query", text, strlen(text), &pairs), APP_OK);
	assert_non_null(pairs[99].name);
	assert_null(pairs[100].name);
	strcat(text, "b");
	assert_int_equal(path_pairs(&scene.c, "query", text, strlen(text), &pairs),
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
	assert_int_equal(path_pairs(&scene.c, "form", "a=12345", 4, &pairs), APP_OK);
	assert_string_equal(pairs[0].value, "12");
	assert_int_equal(path_pairs(&scene.c, "form", NULL, 0, &pairs), APP_OK);
	assert_null(pairs[0].name);
	scene_close(&scene);
}

#define PATH(sentence, ...) ROW_OF(sentence, splits, (&(struct path_case){ __VA_ARGS__ }))
#define REFUSED(sentence, ...) ROW_OF(sentence, refuses, (&(struct refused_case){ __VA_ARGS__ }))
#define PAIRS(sentence, ...) ROW_OF(sentence, reads_pairs, (&(struct pairs_case){ __VA_ARGS__ }))
#define BAD_PAIRS(sentence, ...) \
	ROW_OF(sentence, refuses_pairs, (&(struct pairs_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		PATH("the root has no segment", "/", "", "/", false),
		PATH("a path is cut at its slashes", "/api/v1/posts", "api|v1|posts",
		     "/api/v1/posts", false),
		PATH("a trailing slash is told", "/posts/", "posts", "/posts/", true),
		PATH("escapes are decoded", "/caf%C3%A9/a%20b", "caf\xc3\xa9|a b",
		     "/caf\xc3\xa9/a b", false),
		PATH("escapes are decoded once", "/%252e%252e", "%2e%2e", "/%2e%2e", false),
		PATH("a plus stays a plus", "/a+b", "a+b", "/a+b", false),
		PATH("the query is no part of the path", "/a?b/c/", "a", "/a", false),
		PATH("three dots are a name", "/...", "...", "/...", false),
		REFUSED("an encoded slash is refused", "/a%2fb", APP_BAD_REQUEST),
		REFUSED("an encoded backslash is refused", "/a%5Cb", APP_BAD_REQUEST),
		REFUSED("a backslash is refused", "/a\\b", APP_BAD_REQUEST),
		REFUSED("..%2f is refused", "/static/..%2f..%2fetc/passwd", APP_BAD_REQUEST),
		REFUSED("..%5c is refused", "/static/..%5c..%5cetc", APP_BAD_REQUEST),
		REFUSED("an overlong dot is refused", "/%c0%ae", APP_BAD_REQUEST),
		REFUSED("broken UTF-8 is refused", "/%ff", APP_BAD_REQUEST),
		REFUSED("%00 is refused", "/a%00", APP_BAD_REQUEST),
		REFUSED("an encoded line feed is refused", "/a%0a", APP_BAD_REQUEST),
		REFUSED("a broken escape is refused", "/%zz", APP_BAD_REQUEST),
		REFUSED("a path without a slash is refused", "a", APP_BAD_REQUEST),
		REFUSED("a dot segment leads nowhere", "/a/./b", APP_NOT_FOUND),
		REFUSED("two dots lead nowhere", "/a/../b", APP_NOT_FOUND),
		REFUSED("two encoded dots lead nowhere", "/a/%2e%2E/b", APP_NOT_FOUND),
		REFUSED("two dots at the end lead nowhere", "/..", APP_NOT_FOUND),
		REFUSED("two slashes lead nowhere", "//etc/passwd", APP_NOT_FOUND),
		REFUSED("an empty segment within leads nowhere", "/a//b", APP_NOT_FOUND),
		REFUSED("two slashes at the end lead nowhere", "/a//", APP_NOT_FOUND),
		ROW("the query is what follows the first question mark", finds_the_query),
		ROW("32 segments are found, 33 are not", bounds_the_depth),

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

	return rows_run("path", rows, COUNT_OF(rows));
}
