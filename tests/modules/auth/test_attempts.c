/*
 * What wrong passwords cost, by a clock that stands still: from one network, from a thousand, for
 * logins that are there and for those that are not.
 */
#include "modules/auth/internal.h"

#include <stdio.h>
#include <string.h>

#include "modules/users/internal.h"
#include "testing/stage.h"

enum { OWNER_AT = 9000, THIEF_AT = 1, ONE_THOUSAND = 1000, QUARTER_S = 15 * 60 };

#define LOGIN(name, word) "{'login':'" name "','password':'" word "'}"
#define RIGHT LOGIN("ada", ADA_PASSWORD)
#define WRONG LOGIN("ada", "a wrong password")

/* `set` is one more setting, or NULL. */
static void open_with(struct stage *s, const char *set)
{
	stage_open_empty(s,
			 (const char *const[]){ "auth.hash_memory_kib=1024", "auth.hash_passes=1",
						set ? set : "limits.apply=on",
						set ? "limits.apply=on" : NULL, NULL });
	stage_call_ok(s, AS_SYSTEM, &users_create,
		      "{'username':'Ada','email':'Ada@Example.com',"
		      "'password':'" ADA_PASSWORD "'}");
	stage_start_services(s, NULL);
}

static void close_it(struct stage *s)
{
	s->scene.c.client = NULL;
	stage_close(s);
}

static enum app_err try_from(struct stage *s, uint64_t network, const char *json)
{
	const struct client client = { .address = "", .network = network };
	const char *answer;
	scene_next(&s->scene);
	s->scene.c.client = &client;
	enum app_err err = stage_call(s, AS_NOBODY, &auth_login, json, &answer);
	s->scene.c.client = NULL;
	return err;
}

static void assert_tried(struct stage *s, uint64_t network, const char *json, enum app_err want)
{
	assert_string_equal(app_err_slug(try_from(s, network, json)), app_err_slug(want));
}

/* So many are looked at, and the next has to wait for so long. */
static void assert_waits(struct stage *s, uint64_t network, int tries, int seconds)
{
	for (int i = 0; i < tries; i++)
		assert_tried(s, network, WRONG, APP_UNAUTHENTICATED);
	assert_tried(s, network, WRONG, APP_TOO_MANY);
	assert_int_equal(s->scene.c.failure.retry_after_s, seconds);
	assert_string_equal(app_err_slug(APP_TOO_MANY),
			    ctx_failure_code(&s->scene.c, APP_TOO_MANY));
}

static void wait_s(struct stage *s, int seconds)
{
	s->clock.us += SECONDS_US(seconds);
}

/* By the sixth wait one is forgotten. */
static void each_further_one_is_dearer(void **state)
{
	static const int waits[] = { 30, 60, 120, 240, 480, 480, 900, 900 };
	struct stage s;
	(void)state;
	open_with(&s, NULL);
	for (size_t i = 0; i < COUNT_OF(waits); i++) {
		assert_waits(&s, THIEF_AT, i ? 1 : 5, waits[i]);
		wait_s(&s, waits[i] - 1);
		assert_tried(&s, THIEF_AT, WRONG, APP_TOO_MANY);
		wait_s(&s, 1);
	}
	close_it(&s);
}

static void a_right_one_has_to_wait_too(void **state)
{
	struct stage s;
	(void)state;
	open_with(&s, NULL);
	assert_waits(&s, THIEF_AT, 5, 30);
	assert_tried(&s, THIEF_AT, RIGHT, APP_TOO_MANY);
	wait_s(&s, 30);
	assert_tried(&s, THIEF_AT, RIGHT, APP_OK);
	close_it(&s);
}

static void a_right_one_has_the_others_forgotten(void **state)
{
	struct stage s;
	(void)state;
	open_with(&s, NULL);
	for (int i = 0; i < 3; i++) {
		for (int n = 0; n < 4; n++)
			assert_tried(&s, OWNER_AT, WRONG, APP_UNAUTHENTICATED);
		assert_tried(&s, OWNER_AT, RIGHT, APP_OK);
	}
	close_it(&s);
}

static void one_is_forgotten_in_a_quarter_of_an_hour(void **state)
{
	struct stage s;
	(void)state;
	open_with(&s, NULL);
	for (int i = 0; i < 20; i++) {
		assert_tried(&s, THIEF_AT, WRONG, APP_UNAUTHENTICATED);
		wait_s(&s, QUARTER_S);
	}
	close_it(&s);
}

static void the_login_counts_however_it_is_written(void **state)
{
	struct stage s;
	(void)state;
	open_with(&s, NULL);
	for (int i = 0; i < 5; i++)
		assert_tried(&s, THIEF_AT, i % 2 ? LOGIN("ADA", "wrong") : LOGIN("aDa", "wrong"),
			     APP_UNAUTHENTICATED);
	assert_tried(&s, THIEF_AT, RIGHT, APP_TOO_MANY);
	/* another login is another matter, be it of the same account: who tries learns nothing */
	assert_tried(&s, THIEF_AT, LOGIN("ada@example.com", ADA_PASSWORD), APP_OK);
	close_it(&s);
}

/* From his network he signs in; from a new one he does, too. */
static void a_thousand_from_one_network(void **state)
{
	struct stage s;
	int looked_at = 0;
	(void)state;
	open_with(&s, NULL);
	for (int i = 0; i < ONE_THOUSAND; i++) {
		looked_at += try_from(&s, THIEF_AT, WRONG) == APP_UNAUTHENTICATED;
		if (i % 100 == 99)
			assert_tried(&s, OWNER_AT + (uint64_t)i, RIGHT, APP_OK);
	}
	assert_int_equal(looked_at, 5);
	close_it(&s);
}

static void a_thousand_from_a_thousand_networks(void **state)
{
	struct stage s;
	int looked_at = 0;
	(void)state;
	open_with(&s, NULL);
	assert_tried(&s, OWNER_AT, RIGHT, APP_OK);
	for (uint64_t i = 1; i <= ONE_THOUSAND; i++) {
		looked_at += try_from(&s, i, WRONG) == APP_UNAUTHENTICATED;
		if (i % 100 == 0)
			assert_tried(&s, OWNER_AT, RIGHT, APP_OK);
	}
	assert_int_equal(looked_at, 100);
	/* from elsewhere he has to wait for his turn, too, and is told how long */
	assert_tried(&s, OWNER_AT + 1, RIGHT, APP_TOO_MANY);
	assert_int_equal(s.scene.c.failure.retry_after_s, 36);
	wait_s(&s, 36);
	assert_tried(&s, OWNER_AT + 1, RIGHT, APP_OK);
	close_it(&s);
}

static void a_network_that_is_known_is_so_for_its_login_alone(void **state)
{
	struct stage s;
	(void)state;
	open_with(&s, "limits.failures_everywhere=2");
	assert_tried(&s, OWNER_AT, LOGIN("ada@example.com", ADA_PASSWORD), APP_OK);
	assert_tried(&s, 1, WRONG, APP_UNAUTHENTICATED);
	assert_tried(&s, 2, WRONG, APP_UNAUTHENTICATED);
	assert_tried(&s, OWNER_AT, RIGHT, APP_TOO_MANY);
	close_it(&s);
}

/* The owner of a known network, or who has found it, waits as others do for wrong passwords. */
static void a_network_that_is_known_waits_for_its_own_failures(void **state)
{
	struct stage s;
	(void)state;
	open_with(&s, NULL);
	assert_tried(&s, OWNER_AT, RIGHT, APP_OK);
	assert_waits(&s, OWNER_AT, 5, 30);
	close_it(&s);
}

/* Whether there is such an account shows in nothing. */
static void known_and_unknown_logins_are_answered_alike(void **state)
{
	struct stage s;
	(void)state;
	open_with(&s, "limits.failures_everywhere=20");
	for (uint64_t i = 0; i < 100; i++) {
		char there[256], not_there[256];
		enum app_err err = try_from(&s, i % 10, LOGIN("ada", "wrong"));
		snprintf(there, sizeof(there), "%s %s %d", app_err_slug(err),
			 ctx_failure_text(&s.scene.c, err), s.scene.c.failure.retry_after_s);
		err = try_from(&s, i % 10, LOGIN("nobody", "wrong"));
		snprintf(not_there, sizeof(not_there), "%s %s %d", app_err_slug(err),
			 ctx_failure_text(&s.scene.c, err), s.scene.c.failure.retry_after_s);
		assert_string_equal(there, not_there);
		wait_s(&s, 7);
	}
	close_it(&s);
}

/* An account that is inactive is as one that is not there. */
static void the_right_password_of_an_inactive_account_is_wrong(void **state)
{
	struct stage s;
	(void)state;
	open_with(&s, NULL);
	stage_exec(&s, "UPDATE users SET is_active = false");
	for (int i = 0; i < 5; i++)
		assert_tried(&s, THIEF_AT, RIGHT, APP_UNAUTHENTICATED);
	assert_tried(&s, THIEF_AT, RIGHT, APP_TOO_MANY);
	close_it(&s);
}

static void all_ways_to_sign_in_count_together(void **state)
{
	static const char form[] = "{'username':'ada','password':'wrong'}";
	struct stage s;
	const char *answer;
	(void)state;
	open_with(&s, NULL);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(stage_call(&s, AS_NOBODY, &auth_login_form, form, &answer),
				 APP_UNAUTHENTICATED);
		assert_int_equal(stage_call(&s, AS_NOBODY, &auth_token, form, &answer),
				 APP_BAD_REQUEST);
	}
	assert_tried(&s, 0, WRONG, APP_UNAUTHENTICATED);
	assert_int_equal(stage_call(&s, AS_NOBODY, &auth_login_form, form, &answer), APP_TOO_MANY);
	assert_int_equal(stage_call(&s, AS_NOBODY, &auth_token, form, &answer), APP_TOO_MANY);
	assert_tried(&s, 0, RIGHT, APP_TOO_MANY);
	close_it(&s);
}

/* Whoever has found a token tries the password by what asks for it again. */
static enum app_err try_current(struct stage *s, const struct operation *op, const char *password)
{
	const struct client client = { .address = "", .network = THIEF_AT };
	const char *answer,
		*json = arena_printf(s->scene.c.arena, "{'current_password':'%s'}", password);
	s->scene.c.client = &client;
	enum app_err err = stage_call(s, AS_ADA, op, json, &answer);
	s->scene.c.client = NULL;
	return err;
}

static void the_current_password_is_one_that_is_guessed(void **state)
{
	static const struct operation *const ops[] = { &users_deactivate_me, &users_delete_me,
						       &auth_begin_factor };
	struct stage s;
	(void)state;
	stage_open_with(&s, (const char *const[]){ "limits.apply=on", NULL });
	stage_start_services(&s, NULL);
	for (int i = 0; i < 5; i++)
		assert_int_equal(try_current(&s, ops[i % 3], "wrong"), APP_INVALID);
	for (int i = 0; i < 3; i++)
		assert_int_equal(try_current(&s, ops[i], ADA_PASSWORD), APP_TOO_MANY);
	assert_tried(&s, THIEF_AT, RIGHT, APP_TOO_MANY);
	assert_tried(&s, OWNER_AT, RIGHT, APP_OK);
	wait_s(&s, 30);
	assert_int_equal(try_current(&s, &auth_begin_factor, ADA_PASSWORD), APP_OK);
	close_it(&s);
}

static void nobody_waits(void **state)
{
	const char *const *sets = *state;
	struct stage s;
	stage_open_empty(&s, sets);
	stage_start_services(&s, NULL);
	for (uint64_t i = 0; i < 200; i++)
		assert_tried(&s, i % 2 ? i : THIEF_AT, WRONG, APP_UNAUTHENTICATED);
	close_it(&s);
}

#define CHEAP "auth.hash_memory_kib=1024", "auth.hash_passes=1"

int main(void)
{
	static const char *const off[] = { CHEAP, "limits.apply=off", NULL };
	static const char *const none[] = { CHEAP, "limits.apply=on", "limits.failures=0",
					    "limits.failures_everywhere=0", NULL };
	const struct CMUnitTest rows[] = {
		ROW("S27 each wrong password past the fifth is dearer than the one before",
		    each_further_one_is_dearer),
		ROW("S27 a right password has to wait, too", a_right_one_has_to_wait_too),
		ROW("a right one has the others forgotten", a_right_one_has_the_others_forgotten),
		ROW("one is forgotten in a quarter of an hour",
		    one_is_forgotten_in_a_quarter_of_an_hour),
		ROW("a login counts however it is written", the_login_counts_however_it_is_written),
		ROW("S27 a thousand from one network: five are looked at, and the owner signs in",
		    a_thousand_from_one_network),
		ROW("S27 a thousand from as many networks: a hundred are, and the owner signs in",
		    a_thousand_from_a_thousand_networks),
		ROW("a network is known for the login that signed in from it alone",
		    a_network_that_is_known_is_so_for_its_login_alone),
		ROW("a network that is known waits for its own failures",
		    a_network_that_is_known_waits_for_its_own_failures),
		ROW("S23 a login without an account is limited as one with it",
		    known_and_unknown_logins_are_answered_alike),
		ROW("S23 the right password of an inactive account is a wrong one",
		    the_right_password_of_an_inactive_account_is_wrong),
		ROW("all ways to sign in count together", all_ways_to_sign_in_count_together),
		ROW("S27 the current password is guessed as one at a sign-in is, by whatever asks",
		    the_current_password_is_one_that_is_guessed),
		ROW_OF("where limits are off nobody waits", nobody_waits, off),
		ROW_OF("nor where both are 0", nobody_waits, none),
	};
	return rows_run("auth attempts", rows, COUNT_OF(rows));
}
