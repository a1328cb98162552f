/* From token to actor: what a token is still good for after its account has changed. */
#include "core/authenticator.h"

#include <string.h>

#include "core/security.h"
#include "modules/auth/internal.h"
#include "modules/users/internal.h"
#include "testing/stage.h"
#include "testing/store.h"

#define LOGIN "{'login':'ada','password':'" ADA_PASSWORD "'}"
#define CHANGE "{'current_password':'" ADA_PASSWORD "','new_password':'difference engine'}"

/* Signs ada's token, changes something, and asks who it is. */
struct token_case {
	const struct operation *op; /* called after the token was signed, or NULL */
	int who;
	const char *json;
	bool elsewhere;  /* in another session of hers */
	int64_t later_s; /* how much time goes by */
	bool is_refused;
};

static void sign(struct stage *s, char ret_text[TOKEN_ROOM])
{
	int64_t now_s = s->clock.us / 1000000;
	struct token token = { .user_id = ADA_ID,
			       .version = 1,
			       .session_id = stage_actor(&s->scene.c, AS_ADA).session_id,
			       .issued_at = now_s,
			       .expires_at = now_s + 1800,
			       .id = "test" };
	stage_ok(s, token_sign(&s->scene.c, &token, ret_text));
}

static enum app_err ask(struct stage *s, const char *token, struct actor *ret)
{
	const struct credentials credentials = { CREDENTIALS_BEARER, token, strlen(token) };
	return auth_authenticator.authenticate(&s->scene.c, &credentials, ret);
}

static void assert_refused(struct stage *s, enum app_err err)
{
	assert_int_equal(err, APP_UNAUTHENTICATED);
	assert_string_equal(ctx_failure_code(&s->scene.c, err), "invalid_token");
	assert_string_equal(ctx_failure_text(&s->scene.c, err), "Could not validate credentials");
	assert_non_null(s->scene.c.failure.cause);
}

static void authenticates(void **state)
{
	const struct token_case *want = *state;
	struct stage s;
	stage_open(&s);
	char text[TOKEN_ROOM];
	sign(&s, text);
	const char *answer;
	if (want->elsewhere)
		stage_call_ok(&s, AS_NOBODY, &auth_login, LOGIN);
	if (want->op)
		stage_ok(&s, stage_call(&s, want->who, want->op, want->json, &answer));
	s.clock.us += SECONDS_US(want->later_s);
	struct actor actor = { 0 };
	enum app_err err = ask(&s, text, &actor);
	if (want->is_refused) {
		assert_refused(&s, err);
		assert_int_equal(actor.kind, ACTOR_ANONYMOUS);
	} else {
		stage_ok(&s, err);
		assert_int_equal(actor.kind, ACTOR_USER);
		assert_int_equal(actor.user_id, ADA_ID);
		assert_false(actor.is_superuser);
	}
	stage_close(&s);
}

static void sees_a_new_role(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	char text[TOKEN_ROOM];
	sign(&s, text);
	stage_exec(&s, "UPDATE users SET is_superuser = TRUE WHERE id = 2");
	struct actor actor = { 0 };
	stage_ok(&s, ask(&s, text, &actor));
	assert_true(actor.is_superuser);
	stage_close(&s);
}

static void refuses_text(void **state)
{
	const char *text = *state;
	struct stage s;
	stage_open(&s);
	struct actor actor = { 0 };
	assert_refused(&s, ask(&s, text, &actor));
	stage_close(&s);
}

static void takes_no_other_scheme(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	char text[TOKEN_ROOM];
	sign(&s, text);
	struct actor actor = { 0 };
	const struct credentials other = { CREDENTIALS_OTHER, text, strlen(text) };
	assert_int_equal(auth_authenticator.authenticate(&s.scene.c, &other, &actor),
			 APP_UNAUTHENTICATED);
	assert_string_equal(ctx_failure_code(&s.scene.c, APP_UNAUTHENTICATED), "unauthenticated");
	ctx_recover(&s.scene.c);
	assert_int_equal(auth_authenticator.screen(&s.scene.c, &other), APP_UNAUTHENTICATED);
	assert_int_equal(actor.kind, ACTOR_ANONYMOUS);
	stage_close(&s);
}

static void refuses_any_flipped_character(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	char text[TOKEN_ROOM];
	sign(&s, text);
	size_t len = strlen(text);
	for (size_t i = 0; i < len; i++) {
		text[i] ^= 1;
		struct actor actor = { 0 };
		assert_refused(&s, ask(&s, text, &actor));
		ctx_recover(&s.scene.c);
		text[i] ^= 1;
	}
	stage_close(&s);
}

#define AFTER(...) (&(struct token_case){ __VA_ARGS__ })

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("a token stands for its account", authenticates, AFTER(.op = NULL)),
		ROW_OF("a token lives to its last second", authenticates,
		       AFTER(.op = NULL, .later_s = 1799)),
		ROW_OF("a token dies when its time is up, and the leeway", authenticates,
		       AFTER(.op = NULL, .later_s = 1831, .is_refused = true)),
		ROW_OF("a token outlives a new name", authenticates,
		       AFTER(&users_update_me, AS_ADA, "{'full_name':'A'}", .later_s = 0)),
		ROW_OF("a token dies when the password is changed elsewhere", authenticates,
		       AFTER(&users_change_password, AS_ADA, CHANGE, .elsewhere = true,
			     .is_refused = true)),
		ROW_OF("a token outlives a change of the password in its own session",
		       authenticates, AFTER(&users_change_password, AS_ADA, CHANGE, .later_s = 0)),
		ROW_OF("a token dies when a superuser sets the password", authenticates,
		       AFTER(&users_update, AS_ROOT, "{'user_id':2,'password':'difference engine'}",
			     .is_refused = true)),
		ROW_OF("a token dies when the command line sets the password", authenticates,
		       AFTER(&users_set_password, AS_SYSTEM,
			     "{'login':'ada','password':'difference engine'}", .is_refused = true)),
		ROW_OF("a token dies with a disabled account", authenticates,
		       AFTER(&users_update, AS_ROOT, "{'user_id':2,'is_active':false}",
			     .is_refused = true)),
		ROW_OF("a token dies with a deleted account", authenticates,
		       AFTER(&users_delete, AS_ROOT, "{'user_id':2}", .is_refused = true)),
		ROW("a role is what it is now, not when the token was made", sees_a_new_role),
		ROW_OF("no token at all is refused", refuses_text, ""),
		ROW_OF("any text is refused", refuses_text, "abc"),
		ROW_OF("an unsigned token is refused", refuses_text,
		       "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiIyIn0."),
		ROW("a good token of another scheme is none", takes_no_other_scheme),
		ROW("any flipped character is refused", refuses_any_flipped_character),
	};
	return store_run("modules/auth/authenticator", rows, COUNT_OF(rows), NULL, NULL);
}
