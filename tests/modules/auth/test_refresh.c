/* Refresh tokens: each is good once, and what is used again long after ends its session. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "core/authenticator.h"
#include "core/security.h"
#include "modules/auth/internal.h"
#include "modules/users/internal.h"
#include "testing/stage.h"
#include "testing/store.h"

#define NO_MORE "This refresh token is not good, or not any more: sign in again"
#define LOGIN "{'login':'ada','password':'" ADA_PASSWORD "'}"
#define REFRESH "'refresh_token':'"

enum { TEXT_ROOM = 128 };

struct pair {
	char access[TOKEN_ROOM], refresh[TEXT_ROOM];
};

static void take_pair(const char *answer, struct pair *ret)
{
	const char *at = strstr(answer, REFRESH);
	assert_non_null(at);
	assert_int_equal(sscanf(answer, "{'access_token':'%639[^']", ret->access), 1);
	assert_int_equal(sscanf(at, REFRESH "%127[^']", ret->refresh), 1);
}

static void sign_in(struct stage *s, struct pair *ret)
{
	take_pair(stage_call_ok(s, AS_NOBODY, &auth_login, LOGIN), ret);
}

static const char *input(struct stage *s, const char *refresh)
{
	return arena_printf(s->scene.c.arena, "{'refresh_token':'%s'}", refresh);
}

static void refresh(struct stage *s, const char *token, struct pair *ret)
{
	take_pair(stage_call_ok(s, AS_NOBODY, &auth_refresh_token, input(s, token)), ret);
}

static void is_refused(struct stage *s, const char *token)
{
	const char *answer;
	enum app_err err = stage_call(s, AS_NOBODY, &auth_refresh_token, input(s, token), &answer);
	assert_string_equal(answer, NO_MORE);
	assert_int_equal(err, APP_BAD_REQUEST);
	assert_string_equal(ctx_failure_code(&s->scene.c, err), "invalid_grant");
	ctx_recover(&s->scene.c);
}

#define BY_GRANT "{'grant_type':'refresh_token','refresh_token':'%s'}"

static const char *grant_input(struct stage *s, const char *refresh)
{
	return arena_printf(s->scene.c.arena, BY_GRANT, refresh);
}

static bool is_in(struct stage *s, const struct pair *pair)
{
	struct actor actor = { 0 };
	const struct credentials credentials = { CREDENTIALS_BEARER, pair->access,
						 strlen(pair->access) };
	enum app_err err = auth_authenticator.authenticate(&s->scene.c, &credentials, &actor);
	ctx_recover(&s->scene.c);
	return !err;
}

static void gives_the_next(void **state)
{
	(void)state;
	struct stage s;
	struct pair first, second, third;
	stage_open(&s);
	sign_in(&s, &first);
	refresh(&s, first.refresh, &second);
	assert_string_not_equal(second.refresh, first.refresh);
	s.clock.us += SECONDS_US(60);
	refresh(&s, second.refresh, &third);
	assert_true(is_in(&s, &first) && is_in(&s, &second) && is_in(&s, &third));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions"), 1);
	stage_close(&s);
}

/* The answer was lost: the same one comes again, and is the only one that lives. */
static void gives_the_same_again(void **state)
{
	(void)state;
	struct stage s;
	struct pair first, second, again;
	stage_open(&s);
	sign_in(&s, &first);
	refresh(&s, first.refresh, &second);
	s.clock.us += SECONDS_US(9);
	refresh(&s, first.refresh, &again);
	assert_string_equal(again.refresh, second.refresh);
	assert_int_equal(stage_int(&s, "SELECT generation FROM sessions"), 1);
	stage_close(&s);
}

static void reuse_ends_the_session(void **state)
{
	(void)state;
	struct stage s;
	struct pair first, second, other;
	stage_open(&s);
	sign_in(&s, &first);
	sign_in(&s, &other);
	refresh(&s, first.refresh, &second);
	s.clock.us += SECONDS_US(10);
	is_refused(&s, first.refresh);
	is_refused(&s, second.refresh);
	assert_false(is_in(&s, &second));
	assert_true(is_in(&s, &other));
	refresh(&s, other.refresh, &other);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions WHERE ended_why = 'reuse'"),
			 1);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM audit WHERE outcome <> 'ok'"), 1);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM audit WHERE outcome = 'reuse'"
				       " AND operation = 'auth.refresh_token'"
				       " AND subject = 'users' AND subject_id = 2"),
			 1);
	stage_close(&s);
}

/* RFC 6749 §6; where passwords are not traded, too. */
static void the_grant_does_the_same(void **state)
{
	(void)state;
	struct stage s;
	struct pair first, second, third;
	const char *answer;
	stage_open_with(&s, (const char *const[]){ "auth.password_grant=off", NULL });
	sign_in(&s, &first);
	take_pair(stage_call_ok(&s, AS_NOBODY, &auth_token, grant_input(&s, first.refresh)),
		  &second);
	assert_string_not_equal(second.refresh, first.refresh);
	refresh(&s, second.refresh, &third);
	s.clock.us += SECONDS_US(60);
	enum app_err err = stage_call(&s, AS_NOBODY, &auth_token, grant_input(&s, first.refresh),
				      &answer);
	assert_string_equal(answer, NO_MORE);
	assert_int_equal(err, APP_BAD_REQUEST);
	assert_string_equal(ctx_failure_code(&s.scene.c, err), "invalid_grant");
	ctx_recover(&s.scene.c);
	is_refused(&s, third.refresh);
	stage_close(&s);
}

static void no_guess_ends_a_session(void **state)
{
	const char *token = *state;
	struct stage s;
	struct pair pair;
	stage_open(&s);
	sign_in(&s, &pair);
	is_refused(&s, token);
	assert_true(is_in(&s, &pair));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions WHERE ended_at IS NULL"), 1);
	refresh(&s, pair.refresh, &pair);
	stage_close(&s);
}

static void no_other_spelling(void **state)
{
	const char *const *from_to = *state;
	struct stage s;
	struct pair pair;
	stage_open(&s);
	sign_in(&s, &pair);
	assert_true(str_starts(pair.refresh, from_to[0]));
	is_refused(&s, arena_printf(s.scene.c.arena, "%s%s", from_to[1],
				    pair.refresh + strlen(from_to[0])));
	stage_close(&s);
}

static void dies_with(void **state)
{
	struct stage s;
	struct pair pair;
	stage_open(&s);
	sign_in(&s, &pair);
	stage_exec(&s, *state);
	is_refused(&s, pair.refresh);
	assert_false(is_in(&s, &pair));
	stage_close(&s);
}

/* But where it was done: there the next change and the next refresh go on, too. */
static void dies_with_a_change_elsewhere(void **state)
{
	(void)state;
	struct stage s;
	struct pair there, here;
	stage_open(&s);
	sign_in(&s, &there);
	sign_in(&s, &here);
	struct ctx *c = &s.scene.c;
	c->actor = stage_actor(c, AS_ADA);
	for (int i = 0; i < 2; i++) {
		struct user_change_password in = {
			.current_password = i ? "difference engine" : ADA_PASSWORD,
			.new_password = i ? ADA_PASSWORD : "difference engine",
		};
		struct nothing out;
		struct op_call call = {
			.c = c, .op = &users_change_password, .in = &in, .out = &out
		};
		stage_ok(&s, op_call_run(&call));
		assert_true(is_in(&s, &here));
		assert_false(is_in(&s, &there));
	}
	is_refused(&s, there.refresh);
	refresh(&s, here.refresh, &here);
	assert_true(is_in(&s, &here));
	stage_close(&s);
}

static void idleness_ends_it(void **state)
{
	(void)state;
	struct stage s;
	struct pair pair;
	stage_open(&s);
	sign_in(&s, &pair);
	s.clock.us += 7 * DAY_US - 1;
	refresh(&s, pair.refresh, &pair);
	s.clock.us += 7 * DAY_US;
	is_refused(&s, pair.refresh);
	stage_close(&s);
}

/* Nothing given lives longer than it. */
static void its_life_has_an_end(void **state)
{
	(void)state;
	struct stage s;
	struct pair pair;
	stage_open(&s);
	sign_in(&s, &pair);
	int64_t begun = s.clock.us;
	for (int i = 0; i < 5; i++) {
		s.clock.us += 6 * DAY_US - SECONDS_US(1);
		refresh(&s, pair.refresh, &pair);
	}
	struct token token;
	stage_ok(&s, token_verify(&s.scene.c, pair.access, strlen(pair.access), &token));
	assert_int_equal(token.expires_at, (begun + 30 * DAY_US) / SECONDS_US(1));
	s.clock.us = begun + 30 * DAY_US;
	is_refused(&s, pair.refresh);
	stage_close(&s);
}

static void logout_ends_it(void **state)
{
	(void)state;
	struct stage s;
	struct pair here, there;
	stage_open(&s);
	sign_in(&s, &there);
	sign_in(&s, &here);
	stage_call_ok(&s, AS_ADA, &auth_logout, "{}");
	assert_false(is_in(&s, &here));
	is_refused(&s, here.refresh);
	assert_true(is_in(&s, &there));
	refresh(&s, there.refresh, &there);
	stage_close(&s);
}

#define SPELT(from, to) ((const char *const[]){ from, to })

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a refresh token gives the next", gives_the_next),
		ROW("S11 within its grace it gives the same one again", gives_the_same_again),
		ROW("S10 used again later it ends its session, and no other",
		    reuse_ends_the_session),
		ROW("S10 the token endpoint of OAuth2 does the same", the_grant_does_the_same),
		ROW_OF("S10 a wrong signature changes nothing", no_guess_ends_a_session,
		       "r.1.0.AAAAAAAAAAAAAAAAAAAAAA"),
		ROW_OF("a session that there is not is refused alike", no_guess_ends_a_session,
		       "r.77.0.AAAAAAAAAAAAAAAAAAAAAA"),
		ROW_OF("what is no refresh token is refused alike", no_guess_ends_a_session, "r.1"),
		ROW_OF("a signature that is too long is none", no_guess_ends_a_session,
		       "r.1.0.AAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
		ROW_OF("a zero in front of the session is refused", no_other_spelling,
		       SPELT("r.1.", "r.01.")),
		ROW_OF("a zero in front of the generation is refused", no_other_spelling,
		       SPELT("r.1.0.", "r.1.00.")),
		ROW_OF("another generation under the same signature is refused", no_other_spelling,
		       SPELT("r.1.0.", "r.1.1.")),
		ROW_OF("S09 it dies with another password", dies_with,
		       "UPDATE users SET token_version = 9"),
		ROW("S09 it dies with a change of the password, but where that was done",
		    dies_with_a_change_elsewhere),
		ROW_OF("S09 it dies with a deactivated account", dies_with,
		       "UPDATE users SET is_active = FALSE"),
		ROW_OF("S09 it dies with a deleted account", dies_with,
		       "DELETE FROM users WHERE id = 2"),
		ROW("S12 idleness ends a session", idleness_ends_it),
		ROW("S12 however often it is refreshed, its life has an end", its_life_has_an_end),
		ROW("S13 signing out ends this session, and no other", logout_ends_it),
	};
	return store_run("modules/auth/refresh", rows, COUNT_OF(rows), NULL, NULL);
}
