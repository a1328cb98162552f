/*
 * Proving again who one is: what is refused without, what a proof takes, and whose it is. With a
 * second factor it is test_second_factor.c's.
 */
#include <stdio.h>
#include <string.h>

#include "app/modules.h"
#include "base/arena.h"
#include "modules/auth/step_up.h"
#include "testing/stage.h"
#include "testing/store.h"

#define AGAIN "Prove again who you are, then ask for this once more"
#define AS_IT_IS "{'current_password':'" ROOT_PASSWORD "'}"
#define NOT_IT \
	"[{'type':'value_error','loc':['body','current_password']," \
	"'msg':'Value error, this is not the current password','ctx':{'error':{}}}]"

/* One that is looked for by its name: those of other modules are in no header. */
struct asked {
	const char *op;
	const char *json;
};

static const struct operation *found(const struct asked *asked)
{
	const struct operation *op = module_find_operation(app_modules, asked->op);
	assert_non_null(op);
	return op;
}

/* Root is in since longer than a proof is good. */
static void open_late(struct stage *s)
{
	stage_open(s);
	stage_exec(s, "INSERT INTO roles (id, name, permissions, created_at, updated_at)"
		      " VALUES (40, 'clerk', 'users.read', 0, 0)");
	stage_actor(&s->scene.c, AS_ROOT);
	s->clock.us += SECONDS_US(PROVEN_LATELY_S) + 1;
}

static void takes_a_proof_of_lately(void **state)
{
	const struct asked *asked = *state;
	const struct operation *op = found(asked);
	struct stage s;
	open_late(&s);
	int64_t rows = stage_int(&s, "SELECT count(*) FROM audit");
	stage_expect(&s,
		     &(struct stage_case){ AS_ROOT, op, asked->json, APP_UNAUTHENTICATED, AGAIN });
	assert_string_equal(ctx_failure_code(&s.scene.c, APP_UNAUTHENTICATED),
			    "insufficient_user_authentication");
	assert_int_equal(s.scene.c.failure.max_age_s, PROVEN_LATELY_S);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM audit"), rows);
	stage_call_ok(&s, AS_ROOT, &auth_prove_again, AS_IT_IS);
	stage_call_ok(&s, AS_ROOT, op, asked->json);
	stage_close(&s);
}

static void takes_any_proof(void **state)
{
	const struct asked *asked = *state;
	struct stage s;
	open_late(&s);
	stage_call_ok(&s, AS_ROOT, found(asked), asked->json);
	stage_close(&s);
}

static void a_wrong_password_proves_nothing(void **state)
{
	(void)state;
	struct stage s;
	open_late(&s);
	int64_t before = stage_int(&s, "SELECT max(proven_at) FROM sessions");
	stage_expect(&s, &(struct stage_case){ AS_ROOT, &auth_prove_again,
					       "{'current_password':'" ADA_PASSWORD "'}",
					       APP_INVALID, NOT_IT });
	assert_int_equal(stage_int(&s, "SELECT max(proven_at) FROM sessions"), before);
	stage_close(&s);
}

/* As at a sign-in, and with those there. */
static void wrong_ones_have_to_wait(void **state)
{
	(void)state;
	struct stage s;
	stage_open_with(&s, (const char *const[]){ "limits.apply=on", NULL });
	stage_start_services(&s, NULL);
	const struct client client = { .address = "192.0.2.1", .network = 7 };
	const char *wrong = "{'current_password':'a wrong password'}", *answer;
	s.scene.c.client = &client;
	for (int i = 0; i < 4; i++)
		stage_call(&s, AS_ROOT, &auth_prove_again, wrong, &answer);
	stage_call(&s, AS_NOBODY, &auth_login, "{'login':'root','password':'a wrong password'}",
		   &answer);
	assert_int_equal(stage_call(&s, AS_ROOT, &auth_prove_again, AS_IT_IS, &answer),
			 APP_TOO_MANY);
	s.scene.c.client = NULL;
	stage_close(&s);
}

static void it_is_of_this_session_alone(void **state)
{
	(void)state;
	struct stage s;
	open_late(&s);
	struct ctx *c = &s.scene.c;
	struct actor before = stage_actor(c, AS_ROOT);
	stage_exec(&s, "INSERT INTO sessions (user_id, token_version, user_version, seed,"
		       " proven_at, seen_at, expires_at, over_at, created_at)"
		       " SELECT user_id, token_version, user_version, 'x', 0, 0, expires_at,"
		       " over_at, 0 FROM sessions WHERE user_id = 1");
	stage_call_ok(&s, AS_ROOT, &auth_prove_again, AS_IT_IS);
	struct actor here = stage_actor(c, AS_ROOT);
	assert_int_equal(here.proven_us, s.clock.us);
	assert_int_not_equal(here.session_id, before.session_id);
	assert_int_equal(stage_int(&s, "SELECT min(proven_at) FROM sessions WHERE user_id = 1"),
			 before.proven_us);
	stage_close(&s);
}

/* Neither a refresh nor another session's proof makes it younger. */
static void a_refresh_proves_nothing(void **state)
{
	(void)state;
	struct stage s;
	char token[128];
	stage_open(&s);
	const char *answer = stage_call_ok(&s, AS_NOBODY, &auth_login,
					   "{'login':'root','password':'" ROOT_PASSWORD "'}");
	assert_int_equal(
		sscanf(strstr(answer, "'refresh_token':'"), "'refresh_token':'%127[^']", token), 1);
	int64_t then = s.clock.us;
	s.clock.us += SECONDS_US(PROVEN_LATELY_S) + 1;
	stage_call_ok(&s, AS_NOBODY, &auth_refresh_token,
		      arena_printf(s.scene.c.arena, "{'refresh_token':'%s'}", token));
	assert_int_equal(stage_actor(&s.scene.c, AS_ROOT).proven_us, then);
	stage_close(&s);
}

#define ASKS(sentence, op, json) \
	ROW_OF(sentence, takes_a_proof_of_lately, (&(struct asked){ op, json }))
#define ASKS_NOT(sentence, op, json) \
	ROW_OF(sentence, takes_any_proof, (&(struct asked){ op, json }))
#define NEW "'username':'bob','email':'bob@example.com'"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ASKS("S30 a role is made with a proof of lately", "roles.create",
		     "{'name':'porter','permissions':[]}"),
		ASKS("S30 a role is changed with one", "roles.update",
		     "{'role_id':40,'permissions':['users.manage']}"),
		ASKS("S30 a role is deleted with one", "roles.delete", "{'role_id':40}"),
		ASKS("S30 roles are given with one", "users.set_roles",
		     "{'user_id':2,'roles':['clerk']}"),
		ASKS("S30 others are changed with one", "users.update",
		     "{'user_id':2,'email':'mine@example.com'}"),
		ASKS("S30 others are deleted with one", "users.delete", "{'user_id':2}"),
		ASKS("S30 the password of others is set with one", "users.set_password",
		     "{'login':'ada','password':'analytical'}"),
		ASKS("S30 and by their id", "users.reset_password",
		     "{'user_id':2,'password':'analytical'}"),
		ASKS("S30 a superuser is made with one", "users.create",
		     "{" NEW ",'is_superuser':true}"),
		ASKS("S30 an account with roles is made with one", "users.create",
		     "{" NEW ",'roles':['clerk']}"),
		ASKS("S30 and among many", "users.create_batch",
		     "{'items':[{" NEW ",'roles':['clerk']}]}"),
		ASKS("S30 a key is made with one", "keys.create", "{'name':'deploy'}"),
		ASKS_NOT("an account that may nothing is made without", "users.create",
			 "{" NEW "}"),
		ASKS_NOT("others are looked at without", "users.get", "{'user_id':2}"),
		ROW("S30 a wrong password proves nothing", a_wrong_password_proves_nothing),
		ROW("S27 wrong ones have to wait, together with those of sign-ins",
		    wrong_ones_have_to_wait),
		ROW("S30 a proof is of its session alone", it_is_of_this_session_alone),
		ROW("S30 a refresh proves nothing", a_refresh_proves_nothing),
		CASE("nobody in particular has nothing to prove", AS_NOBODY, &auth_prove_again,
		     AS_IT_IS, APP_UNAUTHENTICATED, "Not authenticated"),
	};
	return store_run("modules/auth/step_up", rows, COUNT_OF(rows), NULL, NULL);
}
