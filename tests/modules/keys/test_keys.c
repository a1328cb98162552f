/* API keys: made, shown, deleted, and what whoever shows one may. */
#include <string.h>

#include "base/app_name.h"
#include "core/app.h"
#include "core/authenticator.h"
#include "modules/auth/internal.h"
#include "modules/auth/step_up.h"
#include "modules/keys/internal.h"
#include "modules/posts/internal.h"
#include "modules/roles/internal.h"
#include "modules/users/internal.h"
#include "modules/users/roles.h"
#include "testing/stage.h"
#include "testing/store.h"

/* ---- a key ---- */

/* The text of a new key of `who`, in memory of the row. */
static const char *make_key(struct stage *s, int who, const char *json)
{
	static char text[KEY_TEXT_ROOM];
	const char *answer = stage_call_ok(s, who, &keys_create, json);
	const char *at = strstr(answer, "'key':'");
	assert_non_null(at);
	at += strlen("'key':'");
	size_t len = strcspn(at, "'");
	assert_true(len < sizeof(text));
	memcpy(text, at, len);
	text[len] = '\0';
	return text;
}

static enum app_err show_as(struct stage *s, enum credentials_scheme scheme, const char *key)
{
	struct ctx *c = &s->scene.c;
	const struct credentials shown = { scheme, key, strlen(key) };
	ctx_recover(c);
	c->actor = (struct actor){ 0 };
	return auth_authenticator.authenticate(c, &shown, &c->actor);
}

/* From here on the key acts. */
static enum app_err show(struct stage *s, const char *key)
{
	return show_as(s, CREDENTIALS_KEY, key);
}

static enum app_err call(struct stage *s, const struct operation *op, const char *json)
{
	struct ctx *c = &s->scene.c;
	ctx_recover(c);
	buf_init(&s->out, c->arena);
	return stage_run(c, op, json, &s->out);
}

static void assert_refused(struct stage *s, enum app_err err)
{
	assert_int_equal(err, APP_UNAUTHENTICATED);
	assert_string_equal(ctx_failure_code(&s->scene.c, err), "invalid_token");
	assert_string_equal(ctx_failure_text(&s->scene.c, err), "Could not validate credentials");
	assert_int_equal(s->scene.c.actor.kind, ACTOR_ANONYMOUS);
}

/* ---- shown ---- */

static void acts_as_its_account(void **state)
{
	const enum credentials_scheme *scheme = *state;
	struct stage s;
	stage_open(&s);
	const char *key = make_key(&s, AS_ADA, "{'name':'deploy'}");
	stage_ok(&s, show_as(&s, *scheme, key));
	const struct actor *actor = &s.scene.c.actor;
	assert_int_equal(actor->kind, ACTOR_USER);
	assert_int_equal(actor->user_id, ADA_ID);
	assert_int_equal(actor->key_id, 1);
	assert_int_equal(actor->session_id, 0);
	stage_ok(&s, call(&s, &users_me, "{}"));
	stage_ok(&s, call(&s, &posts_create, "{'title':'T'}"));
	assert_int_equal(stage_int(&s, "SELECT author_id FROM posts"), ADA_ID);
	stage_close(&s);
}

static void is_no_superuser(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	stage_ok(&s, show(&s, make_key(&s, AS_ROOT, "{'name':'k','roles':['editor']}")));
	assert_false(s.scene.c.actor.is_superuser);
	assert_true(actor_may(&s.scene.c.actor, &posts_read_any));
	assert_false(actor_may(&s.scene.c.actor, &users_manage));
	stage_close(&s);
}

static bool may_read_any(struct stage *s, const char *key)
{
	stage_ok(s, show(s, key));
	return actor_may(&s->scene.c.actor, &posts_read_any);
}

static void loses_what_its_account_loses(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	stage_call_ok(&s, AS_ROOT, &users_set_roles, "{'user_id':2,'roles':['editor']}");
	const char *key = make_key(&s, AS_ADA, "{'name':'k','roles':['editor']}");
	assert_true(may_read_any(&s, key));
	stage_call_ok(&s, AS_ROOT, &users_set_roles, "{'user_id':2,'roles':['member']}");
	assert_false(may_read_any(&s, key));
	stage_close(&s);
}

static void has_no_role_that_it_was_not_given(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	stage_call_ok(&s, AS_ROOT, &users_set_roles, "{'user_id':2,'roles':['editor']}");
	assert_false(may_read_any(&s, make_key(&s, AS_ADA, "{'name':'k'}")));
	stage_close(&s);
}

/* The next role has the bit of the one that is gone. */
static void gets_no_other_role_with_the_bit(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	const char *key = make_key(&s, AS_ROOT, "{'name':'k','roles':['editor']}");
	assert_true(may_read_any(&s, key));
	stage_call_ok(&s, AS_ROOT, &roles_delete, "{'role_id':2}");
	stage_call_ok(&s, AS_ROOT, &roles_create,
		      "{'name':'other','permissions':['posts.read.any']}");
	assert_int_equal(stage_int(&s, "SELECT id FROM roles WHERE name = 'other'"), 2);
	assert_false(may_read_any(&s, key));
	stage_close(&s);
}

/* ---- refused ---- */

struct end_case {
	/* SQL, or NULL */
	const char *sql;
	int64_t later_s;
};

static void is_dead(void **state)
{
	const struct end_case *k = *state;
	struct stage s;
	stage_open(&s);
	const char *key = make_key(&s, AS_ADA, "{'name':'k','expires_in_days':1}");
	stage_ok(&s, show(&s, key));
	if (k->sql)
		stage_exec(&s, k->sql);
	s.clock.us += SECONDS_US(k->later_s);
	assert_refused(&s, show(&s, key));
	stage_close(&s);
}

static void lives_until_then(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	const char *key = make_key(&s, AS_ADA, "{'name':'k','expires_in_days':1}");
	s.clock.us += DAY_US - SECONDS_US(1);
	stage_ok(&s, show(&s, key));
	stage_close(&s);
}

/* Another secret with a checksum that is right, of an id that is there and of one that is not. */
static void a_guess_is_refused(void **state)
{
	const int64_t *id = *state;
	char guess[KEY_TEXT_ROOM];
	struct stage s;
	stage_open(&s);
	make_key(&s, AS_ADA, "{'name':'k'}");
	key_text_write(*id, "aaaaaaaaaaaaaaaaaaaaaaaaaa", guess);
	assert_refused(&s, show(&s, guess));
	stage_close(&s);
}

static void a_token_is_no_key(void **state)
{
	const char *text = *state;
	struct stage s;
	stage_open(&s);
	assert_refused(&s, show(&s, text));
	stage_close(&s);
}

/* While its request stood in line. */
static void writes_nothing_once_it_is_deleted(void **state)
{
	const char *sql = *state;
	struct stage s;
	stage_open(&s);
	stage_ok(&s, show(&s, make_key(&s, AS_ADA, "{'name':'k'}")));
	stage_exec(&s, sql);
	assert_int_equal(call(&s, &posts_create, "{'title':'T'}"), APP_UNAUTHENTICATED);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM posts"), 0);
	stage_close(&s);
}

/* ---- what no key may ---- */

struct people_case {
	const struct operation *op;
	const char *json;
};

/* Of a superuser, with all permissions that a role can give. */
static void is_for_people(void **state)
{
	const struct people_case *k = *state;
	struct stage s;
	stage_open(&s);
	stage_ok(&s, show(&s, make_key(&s, AS_ROOT, "{'name':'k','roles':['admin']}")));
	enum app_err err = call(&s, k->op, k->json);
	assert_string_equal(ctx_failure_text(&s.scene.c, err),
			    "An API key may not do this: sign in for it");
	assert_int_equal(err, APP_FORBIDDEN);
	stage_close(&s);
}

static void changes_the_rest_of_an_account(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	stage_ok(&s, show(&s, make_key(&s, AS_ROOT, "{'name':'k','roles':['admin']}")));
	stage_ok(&s, call(&s, &users_update, "{'user_id':2,'full_name':'Ada'}"));
	stage_close(&s);
}

/* ---- at most so many ---- */

static void there_are_few(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	stage_open_with(&s, (const char *const[]){ "keys.most=2", NULL });
	make_key(&s, AS_ADA, "{'name':'a'}");
	make_key(&s, AS_ADA, "{'name':'b','expires_in_days':1}");
	make_key(&s, AS_ROOT, "{'name':'of another'}");
	assert_int_equal(stage_call(&s, AS_ADA, &keys_create, "{'name':'c'}", &answer),
			 APP_CONFLICT);
	assert_string_equal(answer, "This account has 2 API keys, and no more than that: delete "
				    "one first");
	s.clock.us += DAY_US;
	stage_call_ok(&s, AS_ADA, &auth_prove_again, "{'current_password':'" ADA_PASSWORD "'}");
	make_key(&s, AS_ADA, "{'name':'c'}");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM api_keys WHERE user_id = 2"), 2);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM api_keys WHERE name = 'b'"), 0);
	stage_close(&s);
}

static void an_end_is_asked_for(void **state)
{
	const char *json = *state;
	struct stage s;
	const char *answer;
	stage_open_with(&s, (const char *const[]){ "keys.days_most=30", NULL });
	assert_int_equal(stage_call(&s, AS_ADA, &keys_create, json, &answer), APP_INVALID);
	assert_non_null(strstr(answer, "keys live for 30 days at most here: say when it ends"));
	stage_call_ok(&s, AS_ADA, &keys_create, "{'name':'k','expires_in_days':30}");
	stage_close(&s);
}

/* ---- what is kept and told ---- */

static void nothing_tells_the_secret(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	const char *key = make_key(&s, AS_ADA, "{'name':'k'}");
	char secret[KEY_SECRET_ROOM] = { 0 };
	memcpy(secret, key + strlen(APP_NAME "_1_"), KEY_SECRET_ROOM - 1);
	const char *sql = arena_printf(s.scene.c.arena,
				       "SELECT (SELECT count(*) FROM api_keys WHERE hash LIKE"
				       " '%%%s%%') + (SELECT count(*) FROM audit WHERE"
				       " change LIKE '%%%s%%')",
				       secret, secret);
	assert_int_equal(stage_int(&s, sql), 0);
	assert_null(strstr(stage_call_ok(&s, AS_ADA, &keys_list, "{}"), secret));
	assert_null(strstr(stage_call_ok(&s, AS_ADA, &keys_get, "{'key_id':1}"), secret));
	stage_close(&s);
}

static void the_audit_names_the_key(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	stage_ok(&s, show(&s, make_key(&s, AS_ADA, "{'name':'k'}")));
	stage_ok(&s, call(&s, &posts_create, "{'title':'T'}"));
	assert_int_equal(stage_int(&s, "SELECT key_id FROM audit WHERE operation = 'posts.create'"
				       " AND user_id = 2"),
			 1);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM audit WHERE key_id IS NOT NULL"), 1);
	stage_close(&s);
}

/* ---- those of others ---- */

static void others_are_managed(void **state)
{
	(void)state;
	struct stage s;
	stage_open_three(&s);
	make_key(&s, AS_ADA, "{'name':'a'}");
	make_key(&s, AS_ADA, "{'name':'b'}");
	make_key(&s, AS_ROOT, "{'name':'c'}");
	stage_call_ok(&s, AS_ROOT, &roles_create,
		      "{'name':'manager','permissions':['keys.manage']}");
	stage_call_ok(&s, AS_ROOT, &users_set_roles, "{'user_id':3,'roles':['manager']}");
	assert_non_null(strstr(stage_call_ok(&s, AS_BOB, &keys_list_of, "{'user_id':2}"), "'b'"));
	stage_call_ok(&s, AS_BOB, &keys_delete_of, "{'user_id':2,'key_id':1}");
	stage_call_ok(&s, AS_BOB, &keys_delete_all_of, "{'user_id':2}");
	const char *answer;
	assert_int_equal(stage_call(&s, AS_BOB, &keys_delete_all_of, "{'user_id':1}", &answer),
			 APP_FORBIDDEN);
	assert_int_equal(stage_int(&s, "SELECT count(*) * 10 + max(user_id) FROM api_keys"), 11);
	stage_close(&s);
}

static void anothers_is_not_found(void **state)
{
	const struct operation *op = *state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	make_key(&s, AS_ROOT, "{'name':'k'}");
	assert_int_equal(stage_call(&s, AS_ADA, op, "{'key_id':1}", &answer), APP_NOT_FOUND);
	assert_string_equal(answer, "API key not found");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM api_keys"), 1);
	stage_close(&s);
}

#define SHOWN_AS(sentence, scheme) \
	ROW_OF(sentence, acts_as_its_account, (&(enum credentials_scheme){ scheme }))
#define DEAD(sentence, ...) ROW_OF(sentence, is_dead, (&(struct end_case){ __VA_ARGS__ }))
#define FOR_PEOPLE(sentence, ...) \
	ROW_OF("a key " sentence, is_for_people, (&(struct people_case){ __VA_ARGS__ }))
#define LEAVES "{'current_password':'" ROOT_PASSWORD "'}"

int main(void)
{
	const struct CMUnitTest rows[] = {
		SHOWN_AS("a key acts as its account", CREDENTIALS_KEY),
		SHOWN_AS("so it does as a bearer token", CREDENTIALS_BEARER),
		ROW("a superuser's key has its roles alone", is_no_superuser),
		ROW("a key loses what its account loses", loses_what_its_account_loses),
		ROW("a key has no role that it was not given", has_no_role_that_it_was_not_given),
		ROW("a role with the bit of one that is gone is another",
		    gets_no_other_role_with_the_bit),
		ROW("a key lives as long as was said", lives_until_then),
		DEAD("a key ends when its time is over", .later_s = 86400),
		DEAD("a key that was deleted is refused", .sql = "DELETE FROM api_keys"),
		DEAD("a key of an inactive account is refused",
		     .sql = "UPDATE users SET is_active = FALSE WHERE id = 2"),
		DEAD("a key goes with its account", .sql = "DELETE FROM users WHERE id = 2"),
		DEAD("a key that was replaced is refused",
		     .sql = "UPDATE api_keys SET hash = " STAGE_LONG("64")),
		ROW_OF("S18 a secret that was guessed is refused", a_guess_is_refused,
		       (&(int64_t){ 1 })),
		ROW_OF("S18 so is a key that nobody has, in the same words", a_guess_is_refused,
		       (&(int64_t){ 2 })),
		ROW_OF("a token in the header of keys is refused", a_token_is_no_key, "a.b.c"),
		ROW_OF("so is nothing", a_token_is_no_key, ""),
		ROW_OF("a key that was deleted while its request waited writes nothing",
		       writes_nothing_once_it_is_deleted, "DELETE FROM api_keys"),
		ROW_OF("nor does one whose account was deactivated then",
		       writes_nothing_once_it_is_deleted, "UPDATE users SET is_active = FALSE"),
		FOR_PEOPLE("makes no key", &keys_create, "{'name':'x'}"),
		FOR_PEOPLE("renames none", &keys_update, "{'key_id':1,'name':'x'}"),
		FOR_PEOPLE("deletes none", &keys_delete, "{'key_id':1}"),
		FOR_PEOPLE("deletes none of others", &keys_delete_of, "{'user_id':2,'key_id':1}"),
		FOR_PEOPLE("deletes not all of others", &keys_delete_all_of, "{'user_id':2}"),
		FOR_PEOPLE("changes no password", &users_change_password,
			   "{'current_password':'" ROOT_PASSWORD
			   "','new_password':'difference engine'}"),
		FOR_PEOPLE("sets no password", &users_reset_password,
			   "{'user_id':2,'password':'difference engine'}"),
		FOR_PEOPLE("sets none by a login", &users_set_password,
			   "{'login':'ada','password':'difference engine'}"),
		FOR_PEOPLE("sets none with other things", &users_update,
			   "{'user_id':2,'password':'difference engine'}"),
		FOR_PEOPLE("changes no e-mail", &users_update,
			   "{'user_id':2,'email':'mine@example.com'}"),
		FOR_PEOPLE("deletes no account of its own", &users_delete_me, LEAVES),
		FOR_PEOPLE("deactivates none", &users_deactivate_me, LEAVES),
		FOR_PEOPLE("begins no second factor", &auth_begin_factor, LEAVES),
		FOR_PEOPLE("ends none", &auth_end_factor,
			   "{'current_password':'" ROOT_PASSWORD "','code':'123456'}"),
		FOR_PEOPLE("signs nobody out", &auth_logout, "{}"),
		FOR_PEOPLE("ends no session", &auth_end_session, "{'session_id':1}"),
		FOR_PEOPLE("ends not all of them", &auth_logout_all, "{}"),
		FOR_PEOPLE("ends none of others", &auth_end_sessions_of, "{'user_id':2}"),
		ROW("a key changes the rest of an account", changes_the_rest_of_an_account),
		ROW("an account has few keys, and those that expired make room", there_are_few),
		ROW_OF("where keys must end one that does not is refused", an_end_is_asked_for,
		       "{'name':'k'}"),
		ROW_OF("so is one that ends too late", an_end_is_asked_for,
		       "{'name':'k','expires_in_days':31}"),
		CASE("a key that has ended is not made", AS_ADA, &keys_create,
		     "{'name':'k','expires_at':'2026-01-02T03:04:05Z'}", APP_INVALID,
		     "[{'type':'value_error','loc':['body','expires_at'],'msg':'Value error, "
		     "must be in the future','ctx':{'error':{}}}]"),
		CASE("nor is one with a role that one has not", AS_ADA, &keys_create,
		     "{'name':'k','roles':['editor']}", APP_FORBIDDEN,
		     "This role may do what you may not"),
		CASE("a key is for who is signed in", AS_NOBODY, &keys_create, "{'name':'k'}",
		     APP_UNAUTHENTICATED, "Not authenticated"),
		ROW("S65 neither tables nor answers have what is secret of a key",
		    nothing_tells_the_secret),
		ROW("S66 the audit names the key that did it", the_audit_names_the_key),
		ROW("keys of others are managed, but not of one above", others_are_managed),
		ROW_OF("another's key is not read", anothers_is_not_found, &keys_get),
		ROW_OF("another's key is not deleted", anothers_is_not_found, &keys_delete),
	};
	return store_run("modules/keys", rows, COUNT_OF(rows), NULL, NULL);
}
