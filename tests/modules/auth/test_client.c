/* The grant of a client: an API key for an access token, and what whoever shows that may. */
#include <stdio.h>
#include <string.h>

#include "base/app_name.h"
#include "base/str.h"
#include "core/authenticator.h"
#include "core/security.h"
#include "core/trace.h"
#include "modules/auth/internal.h"
#include "modules/keys/internal.h"
#include "modules/posts/internal.h"
#include "modules/users/internal.h"
#include "modules/users/roles.h"
#include "testing/stage.h"
#include "testing/store.h"

#define ID APP_NAME "_1"
#define NOT_KNOWN "There is no such client, or this is not its secret"
#define TWO_PLACES "Show the client in one place: the header Authorization, or the form"
#define NO_SECRET "aaaaaaaaaaaaaaaaaaaaaaaaaa"

struct fixture {
	struct stage s;
	/* of account 3, a service; its id is 1 */
	char key[KEY_TEXT_ROOM];
	char token[TOKEN_ROOM];
};

/* ---- a client ---- */

static void take(const char *answer, const char *member, char *ret, size_t room)
{
	char before[32];
	snprintf(before, sizeof(before), "'%s':'", member);
	const char *at = strstr(answer, before);
	assert_non_null(at);
	at += strlen(before);
	size_t len = strcspn(at, "'");
	assert_true(len < room);
	memcpy(ret, at, len);
	ret[len] = '\0';
}

static void open_client(struct fixture *f, const char *more)
{
	struct stage *s = &f->s;
	stage_open(s);
	stage_call_ok(s, AS_ROOT, &users_create_service, "{'username':'deploy'}");
	stage_call_ok(s, AS_ROOT, &users_set_roles, "{'user_id':3,'roles':['editor']}");
	const char *json = arena_printf(s->scene.c.arena,
					"{'user_id':3,'name':'k','roles':['editor']%s}", more);
	take(stage_call_ok(s, AS_ROOT, &keys_create_of, json), "key", f->key, sizeof(f->key));
}

static const char *grant_of(struct fixture *f, const char *id, const char *secret)
{
	return arena_printf(f->s.scene.c.arena,
			    "{'grant_type':'client_credentials','client_id':'%s',"
			    "'client_secret':'%s'}",
			    id, secret);
}

/* As Basic has it, of what stands on both sides of the colon. */
static const char *basic_of(struct fixture *f, const char *id, const char *secret, const char *more)
{
	struct arena *arena = f->s.scene.c.arena;
	const char *both = arena_printf(arena, "%s:%s", id, secret);
	char text[256];
	assert_true(str_base64url_room(strlen(both)) <= sizeof(text));
	size_t len = str_base64url(both, strlen(both), text);
	for (size_t i = 0; i < len; i++)
		text[i] = text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
	return arena_printf(arena,
			    "{'grant_type':'client_credentials','authorization':'Basic %s%.*s'%s}",
			    text, (int)((4 - len % 4) % 4), "==", more);
}

static const char *give(struct fixture *f, const char *json)
{
	const char *answer = stage_call_ok(&f->s, AS_NOBODY, &auth_token, json);
	take(answer, "access_token", f->token, sizeof(f->token));
	return answer;
}

/* From here on the token acts. */
static enum app_err show(struct fixture *f)
{
	struct ctx *c = &f->s.scene.c;
	const struct credentials shown = { CREDENTIALS_BEARER, f->token, strlen(f->token) };
	ctx_recover(c);
	c->actor = (struct actor){ 0 };
	return auth_authenticator.authenticate(c, &shown, &c->actor);
}

static enum app_err call(struct fixture *f, const struct operation *op, const char *json)
{
	struct ctx *c = &f->s.scene.c;
	ctx_recover(c);
	buf_init(&f->s.out, c->arena);
	return stage_run(c, op, json, &f->s.out);
}

/* ---- given ---- */

static void gives_a_token_alone(struct fixture *f, const char *json)
{
	const char *answer = give(f, json);
	assert_string_equal(strstr(answer, "','token_type'"),
			    "','token_type':'bearer','expires_in':1800}");
}

static void is_given(void **state)
{
	(void)state;
	struct fixture f;
	open_client(&f, "");
	gives_a_token_alone(&f, grant_of(&f, ID, f.key));
	gives_a_token_alone(&f, basic_of(&f, ID, f.key, ""));
	gives_a_token_alone(&f, basic_of(&f, ID, f.key, ",'scope':'all','client_id':'" ID "'"));
	gives_a_token_alone(&f, basic_of(&f, ID, f.key, ",'client_id':'','client_secret':''"));
	assert_int_equal(stage_int(&f.s, "SELECT count(*) FROM sessions WHERE user_id = 3"), 0);
	stage_close(&f.s);
}

/* RFC 6749 §2.3.1 */
static void is_decoded_as_a_form(void **state)
{
	(void)state;
	struct fixture f;
	open_client(&f, "");
	const char *secret = arena_printf(f.s.scene.c.arena, "%%%02x%s", *f.key, f.key + 1);
	gives_a_token_alone(&f, basic_of(&f, APP_NAME "%5F1", secret, ""));
	stage_close(&f.s);
}

static void lives_no_longer_than_its_key(void **state)
{
	(void)state;
	struct fixture f;
	open_client(&f, ",'expires_in_days':1");
	f.s.clock.us += DAY_US - SECONDS_US(60);
	assert_non_null(strstr(give(&f, grant_of(&f, ID, f.key)), "'expires_in':60}"));
	stage_ok(&f.s, show(&f));
	f.s.clock.us += SECONDS_US(60);
	assert_int_equal(show(&f), APP_UNAUTHENTICATED);
	stage_close(&f.s);
}

/* ---- refused ---- */

/* How many statements the call made. */
static int64_t refused(struct fixture *f, const char *json, enum app_err want, const char *code,
		       const char *text)
{
	struct ctx *c = &f->s.scene.c;
	int64_t runs = 0;
	const char *answer;
	struct trace *trace = trace_begin(c);
	enum app_err err = stage_call(&f->s, AS_NOBODY, &auth_token, json, &answer);
	trace_end(trace);
	for (const struct trace_statement *at = trace_statements(trace); at; at = at->next)
		runs += at->runs;
	assert_int_equal(err, want);
	assert_string_equal(ctx_failure_code(c, err), code);
	assert_string_equal(answer, text);
	return runs;
}

static const char *guess(struct fixture *f, int64_t id)
{
	char *ret = arena_raw(f->s.scene.c.arena, KEY_TEXT_ROOM);
	key_text_write(id, NO_SECRET, ret);
	return ret;
}

static void is_refused_alike(struct fixture *f, const char *json)
{
	assert_int_equal(refused(f, json, APP_UNAUTHENTICATED, "invalid_client", NOT_KNOWN), 1);
}

static void whatever_is_wrong_is_refused_alike(void **state)
{
	(void)state;
	struct fixture f;
	open_client(&f, "");
	is_refused_alike(&f, grant_of(&f, ID, guess(&f, 1)));
	is_refused_alike(&f, grant_of(&f, APP_NAME "_77", guess(&f, 77)));
	is_refused_alike(&f, grant_of(&f, ID, "no key"));
	is_refused_alike(&f, grant_of(&f, APP_NAME "_77", "no key"));
	is_refused_alike(&f, grant_of(&f, APP_NAME "_2", f.key));
	is_refused_alike(&f, grant_of(&f, "1", f.key));
	is_refused_alike(&f, grant_of(&f, "3", f.key));
	is_refused_alike(&f, grant_of(&f, APP_NAME, f.key));
	is_refused_alike(&f, grant_of(&f, f.key, f.key));
	is_refused_alike(&f, "{'grant_type':'client_credentials'}");
	is_refused_alike(&f, "{'grant_type':'client_credentials','client_id':'" ID "'}");
	is_refused_alike(&f, basic_of(&f, ID, guess(&f, 1), ""));
	is_refused_alike(&f, basic_of(&f, APP_NAME "_77", guess(&f, 77), ""));
	is_refused_alike(&f, basic_of(&f, ID, "%zz", ""));
	is_refused_alike(&f, "{'grant_type':'client_credentials','authorization':'Basic !'}");
	is_refused_alike(&f, "{'grant_type':'client_credentials','authorization':'Basic YWE='}");
	is_refused_alike(&f, "{'grant_type':'client_credentials','authorization':'Bearer a'}");
	stage_close(&f.s);
}

static void one_that_is_over_is_refused_alike(void **state)
{
	const char *sql = *state;
	struct fixture f;
	open_client(&f, ",'expires_in_days':1");
	stage_exec(&f.s, sql);
	is_refused_alike(&f, grant_of(&f, ID, f.key));
	is_refused_alike(&f, basic_of(&f, ID, f.key, ""));
	stage_close(&f.s);
}

static void two_places_are_refused(void **state)
{
	(void)state;
	struct fixture f;
	open_client(&f, "");
	const char *secret = arena_printf(f.s.scene.c.arena, ",'client_secret':'%s'", f.key);
	refused(&f, basic_of(&f, ID, f.key, secret), APP_BAD_REQUEST, "invalid_request",
		TWO_PLACES);
	refused(&f, basic_of(&f, ID, f.key, ",'client_id':'" APP_NAME "_2'"), APP_BAD_REQUEST,
		"invalid_request", TWO_PLACES);
	stage_close(&f.s);
}

/* ---- what the token is ---- */

static void acts_as_the_key(void **state)
{
	(void)state;
	struct fixture f;
	open_client(&f, "");
	give(&f, grant_of(&f, ID, f.key));
	stage_ok(&f.s, show(&f));
	const struct actor *actor = &f.s.scene.c.actor;
	assert_int_equal(actor->user_id, 3);
	assert_int_equal(actor->key_id, 1);
	assert_int_equal(actor->session_id, 0);
	assert_true(actor_may(actor, &posts_read_any));
	assert_false(actor_may(actor, &users_manage));
	stage_ok(&f.s, call(&f, &posts_create, "{'title':'T'}"));
	assert_int_equal(stage_int(&f.s, "SELECT key_id FROM audit WHERE user_id = 3 AND"
					 " operation = 'posts.create'"),
			 1);
	stage_close(&f.s);
}

static void is_refused_what_is_for_people(void **state)
{
	(void)state;
	struct fixture f;
	open_client(&f, "");
	give(&f, grant_of(&f, ID, f.key));
	stage_ok(&f.s, show(&f));
	enum app_err err = call(&f, &auth_logout, "{}");
	assert_string_equal(ctx_failure_text(&f.s.scene.c, err),
			    "An API key may not do this: sign in for it");
	assert_int_equal(err, APP_FORBIDDEN);
	stage_close(&f.s);
}

static void loses_what_its_account_loses(void **state)
{
	(void)state;
	struct fixture f;
	open_client(&f, "");
	give(&f, grant_of(&f, ID, f.key));
	stage_call_ok(&f.s, AS_ROOT, &users_set_roles, "{'user_id':3,'roles':['member']}");
	stage_ok(&f.s, show(&f));
	assert_false(actor_may(&f.s.scene.c.actor, &posts_read_any));
	stage_close(&f.s);
}

static void ends_with_its_key(void **state)
{
	const char *sql = *state;
	struct fixture f;
	open_client(&f, ",'expires_in_days':1");
	give(&f, grant_of(&f, ID, f.key));
	stage_ok(&f.s, show(&f));
	stage_exec(&f.s, sql);
	assert_int_equal(call(&f, &posts_create, "{'title':'T'}"), APP_UNAUTHENTICATED);
	assert_int_equal(stage_int(&f.s, "SELECT count(*) FROM posts"), 0);
	enum app_err err = show(&f);
	assert_int_equal(err, APP_UNAUTHENTICATED);
	assert_string_equal(ctx_failure_code(&f.s.scene.c, err), "invalid_token");
	stage_close(&f.s);
}

/* As one could be after a backup was put back. */
static void is_of_no_other_key_with_that_id(void **state)
{
	const char *sql = *state;
	struct fixture f;
	open_client(&f, "");
	give(&f, grant_of(&f, ID, f.key));
	stage_exec(&f.s, sql);
	assert_int_equal(show(&f), APP_UNAUTHENTICATED);
	stage_close(&f.s);
}

/* ---- what is told and kept ---- */

static const char *shown(struct fixture *f)
{
	return arena_printf(f->s.scene.c.arena, "{'token':'%s'}", f->token);
}

static void is_told_of(void **state)
{
	(void)state;
	struct fixture f;
	struct token token;
	open_client(&f, "");
	give(&f, grant_of(&f, ID, f.key));
	stage_ok(&f.s, token_verify(&f.s.scene.c, f.token, strlen(f.token), &token));
	assert_string_equal(stage_call_ok(&f.s, AS_ROOT, &auth_introspect, shown(&f)),
			    arena_printf(f.s.scene.c.arena,
					 "{'active':true,'sub':'3','username':'deploy','client_id':"
					 "'" ID "','token_type':'bearer','iat':%lld,'exp':%lld,"
					 "'jti':'%s'}",
					 (long long)token.issued_at, (long long)token.expires_at,
					 token.id));
	stage_exec(&f.s, "DELETE FROM api_keys");
	assert_string_equal(stage_call_ok(&f.s, AS_ROOT, &auth_introspect, shown(&f)),
			    "{'active':false}");
	stage_close(&f.s);
}

static void is_revoked_with_its_key_alone(void **state)
{
	(void)state;
	struct fixture f;
	const char *answer;
	open_client(&f, "");
	give(&f, grant_of(&f, ID, f.key));
	enum app_err err = stage_call(&f.s, AS_NOBODY, &auth_revoke, shown(&f), &answer);
	assert_int_equal(err, APP_BAD_REQUEST);
	assert_string_equal(ctx_failure_code(&f.s.scene.c, err), "unsupported_token_type");
	assert_string_equal(answer, "A token of an API key ends with its key: delete that");
	stage_ok(&f.s, show(&f));
	stage_exec(&f.s, "DELETE FROM api_keys");
	assert_string_equal(stage_call_ok(&f.s, AS_NOBODY, &auth_revoke, shown(&f)),
			    "{'is_over':true}");
	stage_close(&f.s);
}

static void the_audit_has_it_without_the_secret(void **state)
{
	(void)state;
	struct fixture f;
	open_client(&f, "");
	give(&f, grant_of(&f, ID, f.key));
	give(&f, basic_of(&f, ID, f.key, ""));
	assert_int_equal(stage_int(&f.s, "SELECT count(*) FROM audit WHERE subject_id = 1 AND"
					 " subject = 'api_keys' AND operation = 'auth.token'"),
			 2);
	const char *sql = arena_printf(f.s.scene.c.arena,
				       "SELECT count(*) FROM audit WHERE change LIKE '%%%s%%' OR"
				       " change LIKE '%%Basic%%'",
				       f.key);
	assert_int_equal(stage_int(&f.s, sql), 0);
	stage_close(&f.s);
}

#define DELETED "DELETE FROM api_keys"
#define EXPIRED "UPDATE api_keys SET expires_at = 1"
#define INACTIVE "UPDATE users SET is_active = FALSE WHERE id = 3"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("S18 a client gets an access token, and no other, by form and by Basic",
		    is_given),
		ROW("what Basic has is decoded as a form is", is_decoded_as_a_form),
		ROW("a token lives no longer than its key", lives_no_longer_than_its_key),
		ROW("S18 unknown clients and wrong secrets are told alike, by as many look-ups",
		    whatever_is_wrong_is_refused_alike),
		ROW_OF("S18 so is a key that was deleted", one_that_is_over_is_refused_alike,
		       DELETED),
		ROW_OF("S18 and one that has expired", one_that_is_over_is_refused_alike, EXPIRED),
		ROW_OF("S18 and one of an account that is inactive",
		       one_that_is_over_is_refused_alike, INACTIVE),
		ROW("a client that is shown in two places is refused", two_places_are_refused),
		ROW("its token acts as the key", acts_as_the_key),
		ROW("it does nothing that is for people", is_refused_what_is_for_people),
		ROW("it loses what the account loses", loses_what_its_account_loses),
		ROW_OF("it ends with the commit that deletes the key", ends_with_its_key, DELETED),
		ROW_OF("it ends with the time of the key", ends_with_its_key, EXPIRED),
		ROW_OF("it ends with the account", ends_with_its_key, INACTIVE),
		ROW_OF("it is of no other key with that id", is_of_no_other_key_with_that_id,
		       "UPDATE api_keys SET hash = replace(hash, substr(hash, 1, 1), '_')"),
		ROW_OF("nor of one of another account", is_of_no_other_key_with_that_id,
		       "UPDATE api_keys SET user_id = 2"),
		ROW("it is told of with the name of its client", is_told_of),
		ROW("it is not revoked by itself", is_revoked_with_its_key_alone),
		ROW("S65 S66 the audit has which key it was, and not the key",
		    the_audit_has_it_without_the_secret),
	};
	return store_run("modules/auth/client", rows, COUNT_OF(rows), NULL, NULL);
}
