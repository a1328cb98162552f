/* Paths decoded once: what becomes a segment, and what is refused. */
#include <string.h>

#include "base/buf.h"
#include "core/router.h"
#include "testing/rows.h"
#include "testing/scene.h"

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
	struct router_path path;
	struct buf joined;

	scene_open(&scene);
	buf_init(&joined, &scene.arena);
	assert_int_equal(router_path_split(&scene.c, row->target, &path), APP_OK);
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
	struct router_path path = { .count = 77 };

	scene_open(&scene);
	assert_int_equal(router_path_split(&scene.c, row->target, &path), row->err);
	assert_int_equal(scene.c.failure.err, row->err);
	assert_int_equal(path.count, 77);
	scene_close(&scene);
}

static void finds_the_query(void **state)
{
	struct scene scene;
	struct router_path path;

	(void)state;
	scene_open(&scene);
	assert_int_equal(router_path_split(&scene.c, "/a?b=/c/..?d", &path), APP_OK);
	assert_string_equal(path.query, "b=/c/..?d");
	assert_int_equal(path.query_len, 9);
	assert_int_equal(path.count, 1);
	assert_int_equal(router_path_split(&scene.c, "/a?", &path), APP_OK);
	assert_string_equal(path.query, "");
	assert_int_equal(router_path_split(&scene.c, "/a", &path), APP_OK);
	assert_null(path.query);
	scene_close(&scene);
}

static void bounds_the_depth(void **state)
{
	struct scene scene;
	struct router_path path;
	char target[2 * ROUTER_SEGMENTS_MAX + 3] = "";

	(void)state;
	scene_open(&scene);
	for (int i = 0; i < ROUTER_SEGMENTS_MAX; i++)
		strcat(target, "/a");
	assert_int_equal(router_path_split(&scene.c, target, &path), APP_OK);
	assert_int_equal(path.count, ROUTER_SEGMENTS_MAX);
	strcat(target, "/a");
	assert_int_equal(router_path_split(&scene.c, target, &path), APP_NOT_FOUND);
	scene_close(&scene);
}

#define PATH(sentence, ...) ROW_OF(sentence, splits, (&(struct path_case){ __VA_ARGS__ }))
#define REFUSED(sentence, ...) ROW_OF(sentence, refuses, (&(struct refused_case){ __VA_ARGS__ }))

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
	};

	return rows_run("core/router/path", rows, COUNT_OF(rows));
}
