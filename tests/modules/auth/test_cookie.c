/* Signing in by cookie: whom a cookie lets in, and for how long. */
#include "modules/auth/cookie.h"

#include <stdio.h>
#include <string.h>

#include "core/app.h"
#include "modules/auth/internal.h"
#include "modules/auth/step_up.h"
#include "testing/stage.h"
#include "testing/store.h"

#define LOGIN "{'login':'ada','password':'" ADA_PASSWORD "'}"
#define OFF "Signing in by cookie is switched off: use /auth/login"
#define NO_COOKIE "You are not signed in by cookie: see /auth/refresh-token"
#define REFUSED "Could not validate credentials"

enum { COOKIE_ROOM = 128 };

/* Where browsers come by https. */
static void open_with_cookies(struct stage *s)
{
	stage_open_with(s, (const char *const[]){ "auth.cookies=true", NULL });
	s->options.environment = ENV_TESTING;
}

/* What the browser keeps of the header that an operation has left. */
static void keep(struct stage *s, char ret[COOKIE_ROOM])
{
	const struct auth_cookie *left = auth_cookie_left(&s->scene.c);
	assert_non_null(left);
	const char *value = strchr(left->header, '=') + 1;
	size_t len = strcspn(value, ";");
	assert_in_range(len, 1, COOKIE_ROOM - 1);
	memcpy(ret, value, len);
	ret[len] = '\0';
}

static void sign_in(struct stage *s, char ret[COOKIE_ROOM])
{
	stage_call_ok(s, AS_NOBODY, &auth_login_by_cookie, LOGIN);
	keep(s, ret);
}

static enum app_err show(struct stage *s, const char *cookie, struct actor *ret)
{
	const struct credentials shown = { CREDENTIALS_COOKIE, cookie, strlen(cookie) };
	enum app_err err = auth_authenticator.screen(&s->scene.c, &shown);
	return err ? err : auth_authenticator.authenticate(&s->scene.c, &shown, ret);
}

static void is_let_in(struct stage *s, const char *cookie)
{
	struct actor actor = { 0 };
	stage_ok(s, show(s, cookie, &actor));
	assert_int_equal(actor.user_id, ADA_ID);
}

static void is_refused(struct stage *s, const char *cookie)
{
	struct actor actor = { 0 };
	assert_int_equal(show(s, cookie, &actor), APP_UNAUTHENTICATED);
	assert_string_equal(ctx_failure_text(&s->scene.c, APP_UNAUTHENTICATED), REFUSED);
	assert_int_equal(actor.user_id, 0);
	ctx_recover(&s->scene.c);
}

static struct actor ada_in(struct stage *s, const char *cookie)
{
	struct actor actor = { 0 };
	stage_ok(s, show(s, cookie, &actor));
	return actor;
}

/* The operation as the one whom the cookie lets in. */
static enum app_err run_with(struct stage *s, const char *cookie, const struct operation *op,
			     void *in, void *ret)
{
	struct op_call call = { .c = &s->scene.c, .op = op, .in = in, .out = ret };
	s->scene.c.actor = ada_in(s, cookie);
	return op_call_run(&call);
}

static enum app_err run(struct stage *s, const char *cookie, const struct operation *op,
			struct auth_page *ret)
{
	struct nothing in = { 0 };
	return run_with(s, cookie, op, &in, ret);
}

/* ---- rows ---- */

static void is_set(void **state)
{
	const char *name = *state;
	struct stage s;
	open_with_cookies(&s);
	if (!strstr(name, "__Host-"))
		s.options.environment = ENV_LOCAL;
	stage_call_ok(&s, AS_NOBODY, &auth_login_by_cookie, LOGIN);
	const char *header = auth_cookie_left(&s.scene.c)->header;
	assert_int_equal(strncmp(header, name, strlen(name)), 0);
	assert_string_equal(strchr(header, ';'),
			    strstr(name, "__Host-") ? "; Path=/; Secure; HttpOnly; SameSite=Lax"
						    : "; Path=/; HttpOnly; SameSite=Lax");
	stage_close(&s);
}

static void gives_a_word_and_no_token(void **state)
{
	(void)state;
	struct stage s;
	char token[64] = "";
	int64_t expires_in = 0;
	open_with_cookies(&s);
	const char *answer = stage_call_ok(&s, AS_NOBODY, &auth_login_by_cookie, LOGIN);
	assert_int_equal(
		sscanf(answer, "{'csrf_token':'%63[^']','expires_in':%ld}", token, &expires_in), 2);
	assert_int_equal(strlen(token), 22);
	assert_int_equal(expires_in, 7 * 24 * 60 * 60);
	stage_close(&s);
}

static void lets_in_as_the_account_is(void **state)
{
	(void)state;
	struct stage s;
	char cookie[COOKIE_ROOM];
	open_with_cookies(&s);
	sign_in(&s, cookie);
	struct actor actor = ada_in(&s, cookie);
	assert_int_equal(actor.kind, ACTOR_USER);
	assert_int_equal(actor.user_id, ADA_ID);
	assert_int_equal(actor.session_id, stage_int(&s, "SELECT max(id) FROM sessions"));
	assert_int_equal(actor.proven_us, s.clock.us);
	assert_false(actor.is_superuser);
	/* as it is again inside a write */
	s.scene.c.actor = actor;
	stage_ok(&s, auth_authenticator.confirm(&s.scene.c));
	stage_exec(&s, "UPDATE users SET is_superuser = TRUE WHERE id = 2");
	assert_true(ada_in(&s, cookie).is_superuser);
	stage_close(&s);
}

static void of_another_is_refused(void **state)
{
	(void)state;
	struct stage s;
	char first[COOKIE_ROOM], second[COOKIE_ROOM], mixed[COOKIE_ROOM];
	open_with_cookies(&s);
	sign_in(&s, first);
	sign_in(&s, second);
	is_let_in(&s, first);
	is_let_in(&s, second);
	snprintf(mixed, sizeof(mixed), "%.*s%s", (int)strcspn(first, "."), first,
		 strchr(second, '.'));
	is_refused(&s, mixed);
	stage_close(&s);
}

static void no_byte_can_be_turned(void **state)
{
	(void)state;
	struct stage s;
	char cookie[COOKIE_ROOM];
	open_with_cookies(&s);
	sign_in(&s, cookie);
	for (char *at = cookie; *at; at++) {
		*at ^= 1;
		is_refused(&s, cookie);
		*at ^= 1;
	}
	is_let_in(&s, cookie);
	stage_close(&s);
}

static void is_none(void **state)
{
	const char *text = *state;
	struct stage s;
	char cookie[COOKIE_ROOM], changed[2 * COOKIE_ROOM];
	open_with_cookies(&s);
	sign_in(&s, cookie);
	/* "%s" is the secret with its dot */
	const char *place = strstr(text, "%s");
	if (place)
		snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(place - text), text,
			 strchr(cookie, '.'), place + 2);
	is_refused(&s, place ? changed : text);
	stage_close(&s);
}

static void of_tokens_is_no_cookies(void **state)
{
	(void)state;
	struct stage s;
	char cookie[COOKIE_ROOM];
	open_with_cookies(&s);
	sign_in(&s, cookie);
	stage_exec(&s, "UPDATE sessions SET cookie_hash = NULL");
	is_refused(&s, cookie);
	stage_close(&s);
}

static void ends_with(void **state)
{
	const char *change = *state;
	struct stage s;
	char cookie[COOKIE_ROOM];
	open_with_cookies(&s);
	sign_in(&s, cookie);
	is_let_in(&s, cookie);
	stage_exec(&s, change);
	is_refused(&s, cookie);
	stage_close(&s);
}

#define DAY SECONDS_US(24 * 60 * 60)

static void is_over_when_idle(void **state)
{
	(void)state;
	struct stage s;
	char cookie[COOKIE_ROOM];
	open_with_cookies(&s);
	sign_in(&s, cookie);
	s.clock.us += 7 * DAY - 1;
	is_let_in(&s, cookie);
	s.clock.us += 1;
	is_refused(&s, cookie);
	stage_close(&s);
}

static void stays_when_renewed(void **state)
{
	(void)state;
	struct stage s;
	char cookie[COOKIE_ROOM];
	struct auth_page page;
	open_with_cookies(&s);
	sign_in(&s, cookie);
	for (int i = 0; i < 4; i++) {
		s.clock.us += 6 * DAY;
		stage_ok(&s, run(&s, cookie, &auth_renew_page, &page));
		assert_int_equal(page.expires_in, (i < 3 ? 7 : 6) * 24 * 60 * 60);
	}
	/* the longest life is not put off */
	s.clock.us += 6 * DAY - 1;
	is_let_in(&s, cookie);
	s.clock.us += 1;
	is_refused(&s, cookie);
	stage_close(&s);
}

static void proves_again(void **state)
{
	(void)state;
	struct stage s;
	char cookie[COOKIE_ROOM];
	struct auth_page page;
	struct auth_again in = { .current_password = ADA_PASSWORD };
	struct nothing out = { 0 };
	open_with_cookies(&s);
	sign_in(&s, cookie);
	const int64_t then = s.clock.us;
	s.clock.us += DAY;
	stage_ok(&s, run(&s, cookie, &auth_renew_page, &page));
	assert_int_equal(ada_in(&s, cookie).proven_us, then);
	stage_ok(&s, run_with(&s, cookie, &auth_prove_again, &in, &out));
	assert_int_equal(ada_in(&s, cookie).proven_us, s.clock.us);
	stage_close(&s);
}

static void is_told_again(void **state)
{
	(void)state;
	struct stage s;
	char cookie[COOKIE_ROOM];
	struct auth_page page, again;
	open_with_cookies(&s);
	sign_in(&s, cookie);
	stage_ok(&s, run(&s, cookie, &auth_renew_page, &page));
	s.clock.us += DAY;
	stage_ok(&s, run(&s, cookie, &auth_get_page, &again));
	assert_string_equal(again.csrf_token, page.csrf_token);
	assert_int_equal(again.expires_in, 6 * 24 * 60 * 60);
	stage_close(&s);
}

static void is_not_of_tokens(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	open_with_cookies(&s);
	assert_int_equal(stage_call(&s, AS_ADA, &auth_renew_page, "{}", &answer), APP_BAD_REQUEST);
	assert_string_equal(answer, NO_COOKIE);
	assert_string_equal(ctx_failure_code(&s.scene.c, APP_BAD_REQUEST), "no_cookie");
	ctx_recover(&s.scene.c);
	stage_close(&s);
}

static void is_off(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	assert_null(auth_cookie_name(&s.scene.app));
	assert_int_equal(stage_call(&s, AS_NOBODY, &auth_login_by_cookie, LOGIN, &answer),
			 APP_BAD_REQUEST);
	assert_string_equal(answer, OFF);
	ctx_recover(&s.scene.c);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions WHERE user_id = 2"), 0);
	stage_close(&s);
}

#define SECRET "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("S57 the cookie is of this host alone, and for no script", is_set,
		       "__Host-croft=1."),
		ROW_OF("on a machine of one's own it goes over plain http", is_set, "croft=1."),
		ROW("a page is given a word, and no token", gives_a_word_and_no_token),
		ROW("who shows it is let in as the account is now", lets_in_as_the_account_is),
		ROW("the secret of one session opens no other", of_another_is_refused),
		ROW("no byte of it can be turned", no_byte_can_be_turned),
		ROW_OF("an empty one is none", is_none, ""),
		ROW_OF("one of no session is none", is_none, "%s"),
		ROW_OF("of a session that nobody has", is_none, "77%s"),
		ROW_OF("its number has one spelling", is_none, "01%s"),
		ROW_OF("and no sign", is_none, "+1%s"),
		ROW_OF("nor a number past all", is_none, "99999999999999999999%s"),
		ROW_OF("a byte more is none", is_none, "1%sA"),
		ROW_OF("a number alone is none", is_none, "1"),
		ROW_OF("another secret is none", is_none, "1." SECRET),
		ROW("a session of tokens has no cookie", of_tokens_is_no_cookies),
		ROW_OF("S13 it is over with its session", ends_with,
		       "UPDATE sessions SET ended_at = 1"),
		ROW_OF("S12 it is over with another password", ends_with,
		       "UPDATE users SET token_version = 9 WHERE id = 2"),
		ROW_OF("S12 it is over with its account", ends_with,
		       "UPDATE users SET is_active = FALSE WHERE id = 2"),
		ROW("it is over when nobody renews it", is_over_when_idle),
		ROW("it stays when it is renewed, up to its longest life", stays_when_renewed),
		ROW("S30 it is no proof of who one is: the password is, once more", proves_again),
		ROW("a page is told its word again", is_told_again),
		ROW("a session of tokens is not renewed so", is_not_of_tokens),
		ROW("switched off nobody signs in by it", is_off),
	};
	return store_run("modules/auth/cookie", rows, COUNT_OF(rows), NULL, NULL);
}
