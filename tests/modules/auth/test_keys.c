/* The keys that sign access tokens as they are kept in the database: added, listed, forgotten. */
#include <string.h>

#include "base/str.h"
#include "core/authenticator.h"
#include "core/security.h"
#include "core/service.h"
#include "modules/auth/internal.h"
#include "modules/auth/signing.h"
#include "testing/program.h"
#include "testing/stage.h"
#include "testing/store.h"

#define OTHER_SECRET "another secret of more than 32 bytes"
#define OWN "SELECT count(*) FROM auth_keys WHERE sealed IS NULL"
#define ALL "SELECT count(*) FROM auth_keys"

enum { LEAD_S = 10, LIVE_S = 24 * 60 * 60 + 60 };

static void later(struct stage *s, int64_t seconds)
{
	s->clock.us += SECONDS_US(seconds);
}

/* As a process does that starts now, or hears of a change. */
static enum app_err load(struct stage *s)
{
	struct auth_kept kept;
	enum app_err err = auth_keys_read(&s->scene.c, &kept);
	return err ? err : keyring_set(&s->scene.c, kept.keys, kept.count);
}

static void rotate(struct stage *s, const char *json)
{
	stage_call_ok(s, AS_SYSTEM, &auth_rotate_keys, json);
	stage_ok(s, load(s));
}

static void sign(struct stage *s, char ret_text[TOKEN_ROOM])
{
	int64_t now_s = s->clock.us / SECONDS_US(1);
	struct token token = { .user_id = ADA_ID,
			       .version = 1,
			       .session_id = stage_actor(&s->scene.c, AS_ADA).session_id,
			       .issued_at = now_s,
			       .expires_at = now_s + ACCESS_MINUTES_MAX * 60,
			       .id = "test" };
	stage_ok(s, token_sign(&s->scene.c, &token, ret_text));
}

/* Of the same key, which the header says. */
static bool has_head_of(const char *token, const char *other)
{
	size_t len = strcspn(other, ".");
	return !strncmp(token, other, len + 1);
}

static bool is_taken(struct stage *s, const char *token)
{
	struct actor actor = { 0 };
	const struct credentials credentials = { CREDENTIALS_BEARER, token, strlen(token) };
	enum app_err err = auth_authenticator.authenticate(&s->scene.c, &credentials, &actor);
	ctx_recover(&s->scene.c);
	return !err;
}

#define STATE "'state':'"

/* The state of each key, in order: "retired signs ". */
static const char *states(struct stage *s)
{
	const char *at = stage_call_ok(s, AS_SYSTEM, &auth_list_keys, "{}");
	struct buf text;
	buf_init(&text, s->scene.c.arena);
	while ((at = strstr(at, STATE))) {
		at += strlen(STATE);
		buf_add(&text, at, strcspn(at, "'"));
		buf_add_char(&text, ' ');
	}
	return buf_text(&text);
}

static void without_rows_the_secret_s_key_signs(void **state)
{
	(void)state;
	struct stage s;
	struct kept_key own;
	stage_open(&s);
	stage_ok(&s, keyring_own(&s.scene.c, &own));
	assert_int_equal(stage_int(&s, ALL), 0);
	const char *list = stage_call_ok(&s, AS_SYSTEM, &auth_list_keys, "{}");
	assert_string_equal(list, arena_printf(s.scene.c.arena,
					       "{'keys':[{'kid':'%s','state':'signs',"
					       "'signs_from':'1970-01-01T00:00:00Z',"
					       "'taken_until':null}]}",
					       own.id));
	assert_int_equal(stage_int(&s, ALL), 0);
	stage_close(&s);
}

static void a_new_key_signs_in_a_moment(void **state)
{
	(void)state;
	struct stage s;
	char before[TOKEN_ROOM], meanwhile[TOKEN_ROOM], after[TOKEN_ROOM];
	stage_open(&s);
	sign(&s, before);
	const char *added = stage_call_ok(&s, AS_SYSTEM, &auth_rotate_keys, "{}");
	text_assert_has(added, "'signs_from':'2026-01-02T03:04:15Z'");
	text_assert_has(added, "'state':'next'");
	stage_ok(&s, load(&s));
	assert_int_equal(stage_int(&s, OWN), 1);
	assert_int_equal(stage_int(&s, ALL), 2);
	assert_string_equal(states(&s), "signs next ");
	later(&s, LEAD_S - 1);
	sign(&s, meanwhile);
	assert_true(has_head_of(meanwhile, before));
	later(&s, 1);
	sign(&s, after);
	assert_false(has_head_of(after, before));
	assert_string_equal(states(&s), "retired signs ");
	assert_true(is_taken(&s, before) && is_taken(&s, meanwhile) && is_taken(&s, after));
	stage_close(&s);
}

/* Services that keep our public keys for five minutes have the new one by then. */
static void a_public_key_waits_longer(void **state)
{
	(void)state;
	struct stage s;
	stage_open_empty(&s, (const char *const[]){ "auth.signing=eddsa", NULL });
	const char *added = stage_call_ok(&s, AS_SYSTEM, &auth_rotate_keys, "{}");
	text_assert_has(added, "'signs_from':'2026-01-02T03:14:05Z'");
	assert_string_equal(states(&s), "signs next ");
	later(&s, 600);
	assert_string_equal(states(&s), "retired signs ");
	stage_close(&s);
}

static void what_a_retired_key_signed_lives_until_it_expires(void **state)
{
	(void)state;
	struct stage s;
	char text[TOKEN_ROOM];
	stage_open(&s);
	for (int turn = 0; turn < 2; turn++) {
		rotate(&s, "{}");
		later(&s, LEAD_S - 1);
		sign(&s, text);
		later(&s, 1);
		for (int hour = 1; hour < 24; hour++)
			later(&s, 3600);
		rotate(&s, "{}");
		assert_true(is_taken(&s, text));
		later(&s, 3600 - 2);
		assert_true(is_taken(&s, text));
		later(&s, 2 + 30);
		assert_false(is_taken(&s, text));
		later(&s, LIVE_S);
	}
	stage_close(&s);
}

static void a_fourth_key_waits(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	rotate(&s, "{}");
	rotate(&s, "{}");
	assert_int_equal(stage_int(&s, ALL), 3);
	assert_int_equal(stage_call(&s, AS_SYSTEM, &auth_rotate_keys, "{}", &answer), APP_CONFLICT);
	assert_string_equal(answer,
			    "there are 3 keys already, and what the oldest signed may live until "
			    "2026-01-03T03:05:15Z: rotate again after that, or forget the old "
			    "ones, which ends all access tokens");
	assert_int_equal(stage_int(&s, ALL), 3);
	later(&s, LEAD_S + LIVE_S - 1);
	assert_int_equal(stage_call(&s, AS_SYSTEM, &auth_rotate_keys, "{}", &answer), APP_CONFLICT);
	later(&s, 1);
	rotate(&s, "{}");
	/* that of the secret and the one that hardly signed are gone */
	assert_int_equal(stage_int(&s, OWN), 0);
	assert_string_equal(states(&s), "signs next ");
	stage_close(&s);
}

static void forgetting_ends_all_tokens(void **state)
{
	(void)state;
	struct stage s;
	char own[TOKEN_ROOM], drawn[TOKEN_ROOM], fresh[TOKEN_ROOM];
	stage_open(&s);
	sign(&s, own);
	rotate(&s, "{}");
	later(&s, LEAD_S);
	sign(&s, drawn);
	rotate(&s, "{'forget':true}");
	assert_int_equal(stage_int(&s, ALL), 1);
	assert_string_equal(states(&s), "signs ");
	sign(&s, fresh);
	assert_true(is_taken(&s, fresh));
	assert_false(is_taken(&s, own) || is_taken(&s, drawn));
	stage_close(&s);
}

/* ---- another secret ---- */

static void change_secret(struct stage *s)
{
	struct security_options options = *(const struct security_options *)config_group(
		s->scene.app.config, &security_option_group);
	options.secret = OTHER_SECRET;
	security_drop(s->scene.app.security);
	stage_ok(s, security_new(&s->scene.c, &options, &s->scene.app.security));
}

#define CANNOT_OPEN \
	"the keys that sign access tokens were sealed with another auth.secret, or changed: set " \
	"the secret from before, or run `croft auth rotate-keys --forget`, which draws a new key " \
	"and ends all access tokens"

static void another_secret_is_told(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	rotate(&s, "{}");
	change_secret(&s);
	s.scene.c.app->services = services_new(NULL);
	services_add(s.scene.c.app->services, &auth_keyring_service);
	assert_int_equal(services_start(&s.scene.c, s.scene.c.app->services), APP_CONFLICT);
	assert_string_equal(ctx_failure_text(&s.scene.c, APP_CONFLICT), CANNOT_OPEN);
	ctx_recover(&s.scene.c);
	/* nor is one added that no server would take in beside them */
	assert_int_equal(stage_call(&s, AS_SYSTEM, &auth_rotate_keys, "{}", &answer), APP_CONFLICT);
	assert_string_equal(answer, CANNOT_OPEN);
	assert_int_equal(stage_int(&s, ALL), 2);
	stage_call_ok(&s, AS_SYSTEM, &auth_rotate_keys, "{'forget':true}");
	stage_ok(&s, services_start(&s.scene.c, s.scene.c.app->services));
	stage_close(&s);
}

static void a_start_takes_the_keys_in(void **state)
{
	(void)state;
	struct stage s;
	char text[TOKEN_ROOM];
	stage_open(&s);
	rotate(&s, "{'forget':true}");
	sign(&s, text);
	struct security_options options = *(const struct security_options *)config_group(
		s.scene.app.config, &security_option_group);
	security_drop(s.scene.app.security);
	stage_ok(&s, security_new(&s.scene.c, &options, &s.scene.app.security));
	assert_false(is_taken(&s, text));
	stage_start_services(&s, NULL);
	assert_true(is_taken(&s, text));
	stage_close(&s);
}

/* Rows that were changed by hand are not served with. */
static void a_changed_row_is_told(void **state)
{
	struct stage s;
	stage_open(&s);
	rotate(&s, "{}");
	rotate(&s, "{}");
	stage_exec(&s, *state);
	assert_int_equal(load(&s), APP_CONFLICT);
	assert_string_equal(ctx_failure_text(&s.scene.c, APP_CONFLICT), CANNOT_OPEN);
	stage_close(&s);
}

#define CHANGED(sentence, sql) \
	ROW_OF("a row that was changed: " sentence, a_changed_row_is_told, sql)

static void nobody_else_may(void **state)
{
	static const int actors[] = { AS_NOBODY, AS_ADA };
	const struct operation *op = *state;
	struct stage s;
	stage_open(&s);
	for (size_t i = 0; i < COUNT_OF(actors); i++) {
		const char *answer;
		assert_int_not_equal(stage_call(&s, actors[i], op, "{}", &answer), APP_OK);
	}
	assert_int_equal(stage_int(&s, ALL), 0);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("without a row the key that follows from the secret signs",
		    without_rows_the_secret_s_key_signs),
		ROW("a new key signs in a moment, and the one before it is retired then",
		    a_new_key_signs_in_a_moment),
		ROW("a key of EdDSA is public for ten minutes before it signs",
		    a_public_key_waits_longer),
		ROW("what a retired key signed lives until it expires",
		    what_a_retired_key_signed_lives_until_it_expires),
		ROW("a fourth key waits until the first is over", a_fourth_key_waits),
		ROW("forgetting the keys ends all tokens", forgetting_ends_all_tokens),
		ROW("keys that were sealed with another secret end the start, with a sentence",
		    another_secret_is_told),
		ROW("a start takes the keys in", a_start_takes_the_keys_in),
		CHANGED("two ids swapped",
			"UPDATE auth_keys SET sealed = (SELECT max(sealed) FROM auth_keys)"
			" WHERE sealed IS NOT NULL"),
		CHANGED("the key of the secret in place of a sealed one",
			"UPDATE auth_keys SET sealed = NULL WHERE id = 2"),
		CHANGED("another letter", "UPDATE auth_keys SET sealed = 'A' || substr(sealed, 2)"
					  " WHERE substr(sealed, 1, 1) <> 'A'"),
		CHANGED("more than there may be",
			"INSERT INTO auth_keys (id, kid, signs_from, created_at)"
			" VALUES (9, 'AAAAAAAAAAA', 1, 1)"),
		ROW_OF("superusers alone list the keys", nobody_else_may, (void *)&auth_list_keys),
		ROW_OF("superusers alone add one", nobody_else_may, (void *)&auth_rotate_keys),
	};
	return store_run("modules/auth/keys", rows, COUNT_OF(rows), NULL, NULL);
}
