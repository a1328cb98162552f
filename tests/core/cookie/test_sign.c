/* Signed cookies: what comes back is what was signed, and nothing else is taken for it. */
#include "core/cookie.h"

#include <stdio.h>

#include "core/security/fixture.h"
#include "testing/frozen_clock.h"

#define BASKET "{\"items\":[3,5]}"

enum { LIFETIME_S = 3600, HEADER_ROOM = COOKIE_VALUE_MAX + 256 };

static struct scene scene;
static struct frozen_clock now;
static const struct cookie basket = { .name = "__Host-basket", .lifetime_s = LIFETIME_S };

static int setup(void **state)
{
	(void)state;
	secure_scene_open(&scene, &cheap);
	frozen_clock_set(&now, "2026-01-02T03:04:05Z");
	scene.c.clock = &now.clock;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	secure_scene_close(&scene);
	return 0;
}

/* Signs, and writes the header with which a browser sends it back under that name. */
static void send_back(const void *bytes, size_t len, const char *name, char ret[HEADER_ROOM])
{
	const char *set;
	assert_int_equal(cookie_sign(&scene.c, &basket, bytes, len, &set), APP_OK);
	const char *value = strchr(set, '=') + 1;
	int written = snprintf(ret, HEADER_ROOM, "%s=%.*s", name, (int)strcspn(value, ";"), value);
	assert_in_range(written, 1, HEADER_ROOM - 1);
}

static void is_refused(const char *header)
{
	struct cookie_value value;
	assert_int_equal(cookie_open(&scene.c, &basket, header, &value), COOKIE_BAD);
}

static void is_opened(const char *header, const char *want)
{
	struct cookie_value value;
	assert_int_equal(cookie_open(&scene.c, &basket, header, &value), COOKIE_THERE);
	assert_string_equal(value.text, want);
	assert_int_equal(value.len, strlen(want));
}

static void comes_back(void **state)
{
	const char *text = *state;
	char header[HEADER_ROOM];
	send_back(text, strlen(text), basket.name, header);
	is_opened(header, text);
}

/* Of every byte one bit: in a base64 text that is another letter, or none. */
static void no_byte_can_be_turned(void **state)
{
	(void)state;
	char header[HEADER_ROOM];
	send_back(BASKET, strlen(BASKET), basket.name, header);
	for (char *at = strchr(header, '=') + 1; *at; at++)
		for (int bit = 0; bit < 7; bit++) {
			*at ^= (char)(1 << bit);
			is_refused(header);
			*at ^= (char)(1 << bit);
			scene_next(&scene);
		}
}

static void is_cut(void **state)
{
	(void)state;
	char header[HEADER_ROOM];
	send_back(BASKET, strlen(BASKET), basket.name, header);
	for (size_t len = strlen(header) - 1; header[len - 1] != '='; len--) {
		header[len] = '\0';
		is_refused(header);
		scene_next(&scene);
	}
	is_refused("__Host-basket=");
	is_refused("__Host-basket=..");
}

static void another_name_is_another_key(void **state)
{
	(void)state;
	static const struct cookie other = { .name = "__Host-basket2", .lifetime_s = LIFETIME_S };
	struct cookie_value value;
	char header[HEADER_ROOM];
	send_back(BASKET, strlen(BASKET), other.name, header);
	assert_int_equal(cookie_open(&scene.c, &other, header, &value), COOKIE_BAD);
}

static void another_secret_is_another_key(void **state)
{
	(void)state;
	struct security_options options = cheap;
	struct security *ours = scene.app.security;
	char header[HEADER_ROOM];
	options.secret = "another secret of at least 32 bytes, for sure";
	assert_int_equal(security_new(&scene.c, &options, &scene.app.security), APP_OK);
	send_back(BASKET, strlen(BASKET), basket.name, header);
	security_drop(scene.app.security);
	scene.app.security = ours;
	is_refused(header);
}

static void lives_for_its_time(void **state)
{
	(void)state;
	char header[HEADER_ROOM];
	int64_t began = now.us;
	send_back(BASKET, strlen(BASKET), basket.name, header);
	now.us = began + SECONDS_US(LIFETIME_S) - 1;
	is_opened(header, BASKET);
	now.us = began + SECONDS_US(LIFETIME_S);
	is_refused(header);
	/* of a machine whose clock is ahead */
	now.us = began - SECONDS_US(60);
	is_opened(header, BASKET);
	now.us = began - SECONDS_US(61);
	is_refused(header);
	now.us = began;
}

static void two_are_none(void **state)
{
	(void)state;
	char one[HEADER_ROOM], two[2 * HEADER_ROOM + 2];
	send_back(BASKET, strlen(BASKET), basket.name, one);
	snprintf(two, sizeof(two), "%s; %s", one, one);
	is_refused(two);
}

static void has_a_longest(void **state)
{
	(void)state;
	static char bytes[COOKIE_SIGNED_MAX + 1];
	const char *set;
	char header[HEADER_ROOM];
	struct cookie_value value;
	memset(bytes, 0xff, sizeof(bytes));
	send_back(bytes, COOKIE_SIGNED_MAX, basket.name, header);
	assert_int_equal(cookie_open(&scene.c, &basket, header, &value), COOKIE_THERE);
	assert_int_equal(value.len, COOKIE_SIGNED_MAX);
	assert_memory_equal(value.text, bytes, value.len);
	assert_int_equal(cookie_sign(&scene.c, &basket, bytes, sizeof(bytes), &set), APP_INTERNAL);
	scene_next(&scene);
}

static void needs_a_lifetime(void **state)
{
	(void)state;
	const struct cookie endless = { .name = "a" };
	const char *set;
	assert_int_equal(cookie_sign(&scene.c, &endless, "", 0, &set), APP_INTERNAL);
	scene_next(&scene);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("what was signed comes back", comes_back, BASKET),
		ROW_OF("nothing at all, too", comes_back, ""),
		ROW("no bit of it can be turned", no_byte_can_be_turned),
		ROW("a part of it is none", is_cut),
		ROW("under another name it is none of ours", another_name_is_another_key),
		ROW("that of another secret is none of ours", another_secret_is_another_key),
		ROW("it lives for its time, and does not come from the future", lives_for_its_time),
		ROW("two of them are none", two_are_none),
		ROW("so many bytes and no more", has_a_longest),
		ROW("one that lives for ever is not signed", needs_a_lifetime),
	};
	return rows_run_with("core/cookie/sign", rows, COUNT_OF(rows), setup, teardown);
}
