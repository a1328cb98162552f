/*
 * Passwords of accounts: changing one's own, setting one from the command line, and what counts as
 * guessable.
 */
#include "modules/users/internal.h"

#include <string.h>

#include "core/security.h"
#include "core/security/matches.h"
#include "testing/stage.h"
#include "testing/store.h"

#define CHANGE(current, new) "{'current_password':'" current "','new_password':'" new "'}"
#define SET(login, password) "{'login':'" login "','password':'" password "'}"
#define FAULT(field, msg) \
	"[{'type':'value_error','loc':['body','" field "'],'msg':'Value error, " msg "'"
#define GUESSABLE \
	"the password must not contain the username, the e-mail address or the " \
	"name of this service"
#define COMMON "the password is one of the 10,000 commonest: whoever guesses tries those first"

static bool has_password(struct stage *s, const char *login, const char *password)
{
	struct user_credentials user;
	stage_ok(s, users_find(&s->scene.c, login, &user));
	return password_matches(&s->scene.c, user.password_hash, password);
}

static int64_t version_of(struct stage *s, const char *login)
{
	struct user_credentials user;
	stage_ok(s, users_find(&s->scene.c, login, &user));
	return user.token_version;
}

struct change_case {
	int who;
	const struct operation *op;
	const char *json;
};

static void changes_password(void **state)
{
	const struct change_case *of = *state;
	struct stage s;
	stage_open(&s);
	const char *answer;
	stage_ok(&s, stage_call(&s, of->who, of->op, of->json, &answer));
	assert_string_equal(answer, "");
	assert_true(has_password(&s, "ada", "difference engine"));
	assert_false(has_password(&s, "ada", ADA_PASSWORD));
	assert_true(version_of(&s, "ada") > 2);
	assert_true(has_password(&s, "root", ROOT_PASSWORD));
	assert_int_equal(version_of(&s, "root"), 1);
	stage_close(&s);
}

/*
 * A refusal's answer starts with the text (how a fault ends is the schema's business), and nothing
 * changes.
 */
static void refuses_password(void **state)
{
	const struct stage_case *want = *state;
	struct stage s;
	stage_open(&s);
	const char *answer;
	assert_int_equal(stage_call(&s, want->who, want->op, want->json, &answer), want->err);
	if (strncmp(answer, want->answer, strlen(want->answer)))
		assert_string_equal(answer, want->answer);
	assert_null(strstr(answer, ADA_PASSWORD));
	ctx_recover(&s.scene.c);
	assert_true(has_password(&s, "ada", ADA_PASSWORD));
	assert_int_equal(version_of(&s, "ada"), 1);
	stage_close(&s);
}

#define REFUSED(sentence, who, op, json, err, answer) \
	ROW_OF(sentence, refuses_password, (&(struct stage_case){ who, op, json, err, answer }))

static enum app_err run_change(struct ctx *c, void *in)
{
	struct nothing out;
	return users_change_password.run(c, in, &out);
}

static void notices_a_change_in_between(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	struct ctx *c = &s.scene.c;
	c->actor = stage_actor(c, AS_ADA);
	struct user_change_password in = { .current_password = ADA_PASSWORD,
					   .new_password = "difference engine" };
	struct nothing out;
	stage_ok(&s, users_change_password.prepare(c, &in, &out));
	stage_exec(&s, "UPDATE users SET token_version = token_version + 1 WHERE id = 2");
	assert_int_equal(db_write(c, run_change, &in), APP_CONFLICT);
	assert_string_equal(ctx_failure_text(c, APP_CONFLICT),
			    "The account was changed meanwhile: sign in again");
	ctx_recover(c);
	assert_true(has_password(&s, "ada", ADA_PASSWORD));
	stage_close(&s);
}

/* ---- a name that changes between the check and the write ---- */

struct overtaken {
	const struct operation *op;
	const char *renames; /* what comes between, as root */
	int who;
	void *in; /* of the operation */
	const char *field;
};

static enum app_err run_overtaken(struct ctx *c, void *arg)
{
	const struct overtaken *k = arg;
	struct user out;
	return k->op->run(c, k->in, &out);
}

static void password_is_no_name_that_came_meanwhile(void **state)
{
	struct overtaken k = *(const struct overtaken *)*state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	struct ctx *c = &s.scene.c;
	c->actor = stage_actor(c, k.who);
	void *in = arena_raw(c->arena, k.op->in->size);
	memcpy(in, k.in, k.op->in->size);
	k.in = in;
	struct user out;
	stage_ok(&s, k.op->prepare(c, in, &out));
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_update, k.renames, &answer));
	c->actor = stage_actor(c, k.who);
	assert_int_equal(db_write(c, run_overtaken, &k), APP_INVALID);
	assert_non_null(strstr(c->failure.fields->loc, k.field));
	assert_non_null(strstr(c->failure.fields->msg, "must not contain the username"));
	ctx_recover(c);
	struct user_credentials user;
	stage_ok(&s, model_get(c, &user_credentials_model, ADA_ID, &user));
	assert_true(password_matches(c, user.password_hash, ADA_PASSWORD));
	assert_int_equal(user.token_version, 1);
	stage_close(&s);
}

#define RENAME "{'user_id':2,'username':'wheelwork'}"
#define MOVE "{'user_id':2,'email':'wheel@example.com'}"
#define NEW_PASSWORD "a wheelwork of brass"
#define OVERTAKEN(sentence, of, renames, who, field, type, ...) \
	ROW_OF(sentence, password_is_no_name_that_came_meanwhile, \
	       (&(struct overtaken){ of, renames, who, (&(struct type){ __VA_ARGS__ }), field }))

static void knows_the_same_in_other_code_points(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	stage_call_ok(&s, AS_SYSTEM, &users_set_password, SET("ada", "sm\u00F6rrebr\u00F6d"));
	assert_int_equal(stage_call(&s, AS_ADA, &users_change_password,
				    CHANGE("smo\u0308rrebro\u0308d", "sm\u00F6rrebr\u00F6d"),
				    &answer),
			 APP_INVALID);
	assert_non_null(strstr(answer, "the new password must differ from the current one"));
	stage_close(&s);
}

struct replace_case {
	bool is_current;
	const char *password;
};

struct replace_args {
	const char *old_hash, *new_hash;
};

static enum app_err replace(struct ctx *c, void *arg)
{
	const struct replace_args *args = arg;
	return users_replace_hash(c, ADA_ID, args->old_hash, args->new_hash);
}

static void replaces_hash(void **state)
{
	const struct replace_case *want = *state;
	struct stage s;
	stage_open(&s);
	struct ctx *c = &s.scene.c;
	struct user_credentials user;
	stage_ok(&s, users_find(c, "ada", &user));
	char hash[PASSWORD_HASH_ROOM];
	stage_ok(&s, password_hash(c, "stronger", hash));
	struct replace_args args = { want->is_current ? user.password_hash : "stale", hash };
	stage_ok(&s, db_write(c, replace, &args));
	assert_true(has_password(&s, "ada", want->password));
	assert_int_equal(version_of(&s, "ada"), 1);
	stage_close(&s);
}

#define CHANGES(who, op, json) (&(struct change_case){ who, op, json })

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("users.change_password changes yours, and ends your sessions only",
		       changes_password,
		       CHANGES(AS_ADA, &users_change_password,
			       CHANGE(ADA_PASSWORD, "difference engine"))),
		REFUSED("users.change_password of who is gone meanwhile is signed out", AS_GONE,
			&users_change_password,
			"{'current_password':'" ADA_PASSWORD "','new_password':'another good one'}",
			APP_UNAUTHENTICATED, "Could not validate credentials"),
		REFUSED("users.change_password wants the current one", AS_ADA,
			&users_change_password, CHANGE("staple of the Engine", "difference engine"),
			APP_INVALID, FAULT("current_password", "this is not the current password")),
		REFUSED("users.change_password wants a different one", AS_ADA,
			&users_change_password, CHANGE(ADA_PASSWORD, ADA_PASSWORD), APP_INVALID,
			FAULT("new_password", "the new password must differ from the current one")),
		ROW("S25 users.change_password knows the same one in other code points",
		    knows_the_same_in_other_code_points),
		REFUSED("users.change_password refuses your username", AS_ADA,
			&users_change_password, CHANGE(ADA_PASSWORD, "I am ADA 1815"), APP_INVALID,
			FAULT("new_password", GUESSABLE)),
		REFUSED("users.change_password is not for everyone", AS_NOBODY,
			&users_change_password, CHANGE(ADA_PASSWORD, "difference engine"),
			APP_UNAUTHENTICATED, "Not authenticated"),
		REFUSED("users.change_password of the command line is nobody's", AS_SYSTEM,
			&users_change_password, CHANGE(ADA_PASSWORD, "difference engine"),
			APP_NOT_FOUND, "User not found"),
		ROW("users.change_password notices another change in between",
		    notices_a_change_in_between),
		ROW_OF("users.set_password finds by username", changes_password,
		       CHANGES(AS_SYSTEM, &users_set_password, SET("aDa", "difference engine"))),
		ROW_OF("users.set_password finds by e-mail", changes_password,
		       CHANGES(AS_ROOT, &users_set_password,
			       SET("ada@example.com", "difference engine"))),
		ROW_OF("users.reset_password finds by id", changes_password,
		       CHANGES(AS_ROOT, &users_reset_password,
			       "{'user_id':2,'password':'difference engine'}")),
		REFUSED("users.reset_password of nobody is not found", AS_ROOT,
			&users_reset_password, "{'user_id':77,'password':'difference engine'}",
			APP_NOT_FOUND, "User not found"),
		REFUSED("users.reset_password is not for users, not even of themselves", AS_ADA,
			&users_reset_password, "{'user_id':2,'password':'difference engine'}",
			APP_FORBIDDEN, "You lack the permission users.manage"),
		REFUSED("users.reset_password refuses the username", AS_ROOT, &users_reset_password,
			"{'user_id':2,'password':'I am ADA 1815'}", APP_INVALID,
			FAULT("password", GUESSABLE)),
		REFUSED("users.set_password of nobody is not found", AS_SYSTEM, &users_set_password,
			SET("grace", "difference engine"), APP_NOT_FOUND, "User not found"),
		REFUSED("users.set_password is not for users", AS_ADA, &users_set_password,
			SET("ada", "difference engine"), APP_FORBIDDEN,
			"You lack the permission users.manage"),
		REFUSED("users.set_password refuses the name of the service", AS_SYSTEM,
			&users_set_password, SET("ada", "MyCroft2026"), APP_INVALID,
			FAULT("password", GUESSABLE)),
		REFUSED("users.create refuses the username", AS_ROOT, &users_create,
			"{'username':'grace','email':'gh@example.com',"
			"'password':'xxGRACExx'}",
			APP_INVALID, FAULT("password", GUESSABLE)),
		REFUSED("users.create refuses the local part of the e-mail", AS_ROOT, &users_create,
			"{'username':'grace','email':'hopper@example.com',"
			"'password':'grasshoppers'}",
			APP_INVALID, FAULT("password", GUESSABLE)),
		REFUSED("users.update looks at the name that stays", AS_ROOT, &users_update,
			"{'user_id':2,'email':'x@example.com','password':'armada of ships'}",
			APP_INVALID, FAULT("password", GUESSABLE)),
		REFUSED("users.update looks at the name that comes", AS_ROOT, &users_update,
			"{'user_id':2,'username':'lovelace','email':'x@example.com',"
			"'password':'lovelace1815'}",
			APP_INVALID, FAULT("password", GUESSABLE)),
		REFUSED("S26 users.change_password refuses a common one", AS_ADA,
			&users_change_password, CHANGE(ADA_PASSWORD, "1234567890"), APP_INVALID,
			FAULT("new_password", COMMON)),
		REFUSED("S26 users.set_password refuses a common one", AS_SYSTEM,
			&users_set_password, SET("ada", "iloveyou"), APP_INVALID,
			FAULT("password", COMMON)),
		REFUSED("S26 users.reset_password refuses a common one in any case", AS_ROOT,
			&users_reset_password, "{'user_id':2,'password':'TrustNo1'}", APP_INVALID,
			FAULT("password", COMMON)),
		REFUSED("S26 users.create refuses a common one in any width", AS_ROOT,
			&users_create,
			"{'username':'grace','email':'gh@example.com',"
			"'password':'\uFF50\uFF41ssword'}",
			APP_INVALID, FAULT("password", COMMON)),
		REFUSED("S26 users.update refuses a common one", AS_ROOT, &users_update,
			"{'user_id':2,'password':'QWERTYUIOP'}", APP_INVALID,
			FAULT("password", COMMON)),
		REFUSED("S26 users.reset_password refuses one character over and over", AS_ROOT,
			&users_reset_password, "{'user_id':2,'password':'ZzZzzzzz'}", APP_INVALID,
			FAULT("password", "the password is one character over and over: whoever "
					  "guesses tries that first")),
		ROW_OF("users_replace_hash stores the stronger hash and ends no session",
		       replaces_hash, (&(struct replace_case){ true, "stronger" })),
		ROW_OF("users_replace_hash leaves a password alone that was changed meanwhile",
		       replaces_hash, (&(struct replace_case){ false, ADA_PASSWORD })),
		OVERTAKEN("users.update refuses a password with a name that came meanwhile",
			  &users_update, RENAME, AS_ROOT, "password", user_update,
			  .user_id = ADA_ID, .password = { GIVEN, NEW_PASSWORD }),
		OVERTAKEN("users.update refuses a password with an address that came meanwhile",
			  &users_update, MOVE, AS_ROOT, "password", user_update, .user_id = ADA_ID,
			  .password = { GIVEN, NEW_PASSWORD }),
		OVERTAKEN("users.change_password refuses one with a name that came meanwhile",
			  &users_change_password, RENAME, AS_ADA, "new_password",
			  user_change_password, .current_password = ADA_PASSWORD,
			  .new_password = NEW_PASSWORD),
		OVERTAKEN("users.set_password refuses one with a name that came meanwhile",
			  &users_set_password, RENAME, AS_SYSTEM, "password", user_set_password,
			  .login = "ada", .password = NEW_PASSWORD),
		OVERTAKEN("users.reset_password refuses one with a name that came meanwhile",
			  &users_reset_password, RENAME, AS_ROOT, "password", user_reset_password,
			  .user_id = ADA_ID, .password = NEW_PASSWORD),
	};
	return store_run("modules/users/passwords", rows, COUNT_OF(rows), NULL, NULL);
}
