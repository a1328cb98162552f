/*
 * The cookie of a device from which one has signed in: whom it keeps from waiting while others
 * guess, and whom not. By a clock that stands still.
 */
#include "modules/auth/cookie.h"

#include <stdio.h>
#include <string.h>

#include "core/app.h"
#include "modules/auth/internal.h"
#include "modules/users.h"
#include "testing/stage.h"

enum { COOKIE_ROOM = 256, MANY = 1000, OWNER_AT = 9000 };

#define LOGIN(name, word) "{'login':'" name "','password':'" word "'}"
#define RIGHT LOGIN("ada", ADA_PASSWORD)
#define WRONG LOGIN("ada", "a wrong password")
#define NAME "__Host-croft-device"

/* Few wrong ones are looked at from everywhere, so that it is soon too late for all others. */
static void open_it(struct stage *s)
{
	stage_open_with(s, (const char *const[]){ "auth.cookies=true", "limits.apply=on",
						  "limits.failures_everywhere=100", NULL });
	s->options.environment = ENV_TESTING;
	stage_start_services(s, NULL);
}

static void close_it(struct stage *s)
{
	s->scene.c.client = NULL;
	stage_close(s);
}

/* `cookies`: the header; NULL: none comes. */
static enum app_err try_from(struct stage *s, uint64_t network, const char *cookies,
			     const char *json)
{
	const struct client client = { .address = "", .network = network };
	const char *answer;
	scene_next(&s->scene);
	s->scene.c.client = &client;
	auth_device_read(&s->scene.c, cookies);
	enum app_err err = stage_call(s, AS_NOBODY, &auth_login_by_cookie, json, &answer);
	s->scene.c.client = NULL;
	return err;
}

static void assert_tried(struct stage *s, uint64_t network, const char *cookies, const char *json,
			 enum app_err want)
{
	assert_string_equal(app_err_slug(try_from(s, network, cookies, json)), app_err_slug(want));
}

/* Signs in; what the browser sends from then on. */
static void sign_in(struct stage *s, uint64_t network, const char *json, char ret[COOKIE_ROOM])
{
	assert_tried(s, network, NULL, json, APP_OK);
	const char *header = auth_cookie_left(&s->scene.c)->device_header;
	snprintf(ret, COOKIE_ROOM, "a=b; %.*s", (int)strcspn(header, ";"), header);
}

/* From everywhere, until nobody is let in who is not known. */
static int guess_often(struct stage *s)
{
	int looked_at = 0;
	for (uint64_t i = 1; i <= MANY; i++)
		looked_at += try_from(s, i, NULL, WRONG) == APP_UNAUTHENTICATED;
	return looked_at;
}

static void is_set(void **state)
{
	const char *name = *state;
	struct stage s;
	open_it(&s);
	if (!strstr(name, "__Host-"))
		s.options.environment = ENV_LOCAL;
	assert_tried(&s, OWNER_AT, NULL, RIGHT, APP_OK);
	const char *header = auth_cookie_left(&s.scene.c)->device_header;
	assert_int_equal(strncmp(header, name, strlen(name)), 0);
	assert_string_equal(strchr(header, ';'),
			    strstr(name, "__Host-")
				    ? "; Path=/; Max-Age=7776000; Secure; HttpOnly; SameSite=Lax"
				    : "; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax");
	assert_tried(&s, OWNER_AT, NULL, WRONG, APP_UNAUTHENTICATED);
	assert_null(auth_cookie_left(&s.scene.c));
	close_it(&s);
}

static void signs_in_meanwhile(void **state)
{
	struct stage s;
	char cookies[COOKIE_ROOM];
	(void)state;
	open_it(&s);
	sign_in(&s, OWNER_AT, RIGHT, cookies);
	int looked_at = 0;
	for (uint64_t i = 1; i <= MANY; i++) {
		looked_at += try_from(&s, i, NULL, WRONG) == APP_UNAUTHENTICATED;
		if (i % 100 == 0) {
			assert_tried(&s, OWNER_AT + i, cookies, RIGHT, APP_OK);
			assert_tried(&s, OWNER_AT + i, cookies, LOGIN("ADA", ADA_PASSWORD), APP_OK);
		}
	}
	assert_int_equal(looked_at, 100);
	assert_tried(&s, OWNER_AT + 1, NULL, RIGHT, APP_TOO_MANY);
	close_it(&s);
}

/* Whatever it is, by now. */
static void helps_nobody(struct stage *s, const char *cookies)
{
	assert_int_equal(guess_often(s), 100);
	assert_tried(s, OWNER_AT + 1, cookies, RIGHT, APP_TOO_MANY);
	close_it(s);
}

static void of_another_account(void **state)
{
	struct stage s;
	char cookies[COOKIE_ROOM];
	(void)state;
	open_it(&s);
	stage_call_ok(&s, AS_SYSTEM, &users_create,
		      "{'username':'eve','email':'eve@example.com',"
		      "'password':'" ADA_PASSWORD "'}");
	sign_in(&s, OWNER_AT, LOGIN("eve", ADA_PASSWORD), cookies);
	helps_nobody(&s, cookies);
}

static void that_was_changed(void **state)
{
	struct stage s;
	char cookies[COOKIE_ROOM];
	(void)state;
	open_it(&s);
	sign_in(&s, OWNER_AT, RIGHT, cookies);
	char *in = strrchr(cookies, '.') - 3;
	*in = *in == 'A' ? 'B' : 'A';
	helps_nobody(&s, cookies);
}

static void after_another_password(void **state)
{
	struct stage s;
	char cookies[COOKIE_ROOM];
	(void)state;
	open_it(&s);
	sign_in(&s, OWNER_AT, RIGHT, cookies);
	stage_exec(&s, "UPDATE users SET token_version = 9 WHERE id = 2");
	helps_nobody(&s, cookies);
}

static void after_its_time(void **state)
{
	struct stage s;
	char cookies[COOKIE_ROOM];
	(void)state;
	open_it(&s);
	sign_in(&s, OWNER_AT, RIGHT, cookies);
	s.clock.us += AUTH_KNOWN_DAYS * DAY_US;
	helps_nobody(&s, cookies);
}

static void where_cookies_are_off(void **state)
{
	struct stage s;
	char cookies[COOKIE_ROOM];
	(void)state;
	open_it(&s);
	sign_in(&s, OWNER_AT, RIGHT, cookies);
	stage_close(&s);
	stage_open(&s);
	auth_device_read(&s.scene.c, cookies);
	assert_null(auth_device_left(&s.scene.c));
	stage_close(&s);
}

/* Nor does one learn with a cookie of one's own who has an account. */
static void of_a_login_that_nobody_has(void **state)
{
	struct stage s;
	char cookies[COOKIE_ROOM];
	(void)state;
	open_it(&s);
	sign_in(&s, OWNER_AT, RIGHT, cookies);
	for (int i = 0; i < 5; i++)
		assert_tried(&s, 1, cookies, LOGIN("nobody", "wrong"), APP_UNAUTHENTICATED);
	assert_tried(&s, 1, NULL, LOGIN("nobody", "wrong"), APP_TOO_MANY);
	close_it(&s);
}

/* Whoever has stolen it guesses no faster, from however many places. */
static void waits_for_its_own(void **state)
{
	struct stage s;
	char cookies[COOKIE_ROOM];
	int looked_at = 0;
	(void)state;
	open_it(&s);
	sign_in(&s, OWNER_AT, RIGHT, cookies);
	for (uint64_t i = 1; i <= MANY; i++)
		looked_at += try_from(&s, i, cookies, WRONG) == APP_UNAUTHENTICATED;
	assert_int_equal(looked_at, 5);
	assert_int_equal(s.scene.c.failure.retry_after_s, 30);
	assert_tried(&s, OWNER_AT, cookies, RIGHT, APP_TOO_MANY);
	/* without it one is anybody, and nothing of that was counted for the place */
	assert_tried(&s, 1, NULL, WRONG, APP_UNAUTHENTICATED);
	close_it(&s);
}

static void waits_for_no_neighbour(void **state)
{
	struct stage s;
	char cookies[COOKIE_ROOM];
	(void)state;
	open_it(&s);
	sign_in(&s, OWNER_AT, RIGHT, cookies);
	for (int i = 0; i < 5; i++)
		assert_tried(&s, 1, NULL, WRONG, APP_UNAUTHENTICATED);
	assert_tried(&s, 1, NULL, RIGHT, APP_TOO_MANY);
	assert_tried(&s, 1, cookies, RIGHT, APP_OK);
	close_it(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("a sign-in by cookie marks the device, for 90 days", is_set, NAME "="),
		ROW_OF("on a machine of one's own it goes over plain http", is_set,
		       "croft-device="),
		ROW("S27 a thousand guess from as many networks, and there the owner signs in",
		    signs_in_meanwhile),
		ROW("S27 the device of another account does not help", of_another_account),
		ROW("S27 nor a cookie that was changed", that_was_changed),
		ROW("S27 it ends with the password", after_another_password),
		ROW("and with its time", after_its_time),
		ROW("where nobody signs in by cookie none is looked at", where_cookies_are_off),
		ROW("S23 a device makes no difference for logins that nobody has",
		    of_a_login_that_nobody_has),
		ROW("S27 a device waits for its own failures, wherever it is", waits_for_its_own),
		ROW("S27 and for nobody else's of its network", waits_for_no_neighbour),
	};
	return rows_run("modules/auth/device", rows, COUNT_OF(rows));
}
