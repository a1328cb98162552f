/* Accounts that their owners deactivate or delete: who may, what is left, and what stays. */
#include "modules/users/internal.h"
#include "testing/stage.h"
#include "testing/store.h"

#define WITH(password) "{'current_password':'" password "'}"
#define WRONG \
	"[{'type':'value_error','loc':['body','current_password']," \
	"'msg':'Value error, this is not the current password','ctx':{'error':{}}}]"
#define IS_LAST "This is the last active superuser: make another one first"

/* ada has so many posts, and root one. */
static void posts_add(struct stage *s, int count)
{
	for (int i = 0; i <= count; i++)
		stage_exec(s, arena_printf(s->scene.c.arena,
					   "INSERT INTO posts (id, author_id, title, created_at,"
					   " updated_at) VALUES (%d, %d, 'post', 1, 1)",
					   i + 1, i < count ? ADA_ID : ROOT_ID));
}

/* All that a refusal must leave as it was. */
static int64_t sum(struct stage *s)
{
	return stage_int(s, "SELECT sum(id * token_version) * 1000 + count(*) +"
			    " (SELECT count(*) FROM posts) FROM users WHERE is_active");
}

static void refuses(void **state)
{
	struct stage s;
	stage_open(&s);
	posts_add(&s, 3);
	stage_refuses(&s, *state, sum);
	stage_close(&s);
}

static void a_deactivated_account_is_out(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	posts_add(&s, 3);
	struct actor before = stage_actor(&s.scene.c, AS_ADA), now;
	const struct user_claim claim = { ADA_ID, before.token_version, before.session_id };
	assert_string_equal(stage_call_ok(&s, AS_ADA, &users_deactivate_me, WITH(ADA_PASSWORD)),
			    "");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE is_active"), 1);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM posts"), 4);
	assert_int_equal(users_actor(&s.scene.c, claim, &now), APP_NOT_FOUND);
	ctx_recover(&s.scene.c);
	stage_ok(&s,
		 stage_call(&s, AS_ROOT, &users_update, "{'user_id':2,'is_active':true}", &answer));
	assert_int_equal(users_actor(&s.scene.c, claim, &now), APP_NOT_FOUND);
	stage_close(&s);
}

static void a_deleted_account_is_gone_with_its_posts(void **state)
{
	const int *posts = *state;
	struct stage s;
	stage_open(&s);
	posts_add(&s, *posts);
	assert_string_equal(stage_call_ok(&s, AS_ADA, &users_delete_me, WITH(ADA_PASSWORD)), "");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users"), 1);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM posts"), 1);
	stage_close(&s);
}

static void a_superuser_beside_another_may(void **state)
{
	struct stage s;
	stage_open(&s);
	stage_exec(&s, "UPDATE users SET is_superuser = TRUE");
	assert_string_equal(stage_call_ok(&s, AS_ROOT, *state, WITH(ROOT_PASSWORD)), "");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE is_active"), 1);
	stage_close(&s);
}

static void the_last_superuser_keeps_many_posts(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	posts_add(&s, 300);
	stage_exec(&s, "UPDATE posts SET author_id = 1");
	stage_refuses(&s,
		      &(struct stage_case){ AS_ROOT, &users_delete_me, WITH(ROOT_PASSWORD),
					    APP_CONFLICT, IS_LAST },
		      sum);
	stage_close(&s);
}

static enum app_err leave(struct ctx *c, void *arg)
{
	const struct operation *op = *(const struct operation *const *)arg;
	struct user_leave in = { .current_password = ADA_PASSWORD, .token_version = 7 };
	struct nothing out;
	return op->run(c, &in, &out);
}

/* The password was changed behind the check. */
static void a_change_in_between_is_noticed(void **state)
{
	const struct operation *op = *state;
	struct stage s;
	stage_open(&s);
	struct ctx *c = &s.scene.c;
	c->actor = stage_actor(c, AS_ADA);
	int64_t before = sum(&s);
	assert_int_equal(db_write(c, leave, &op), APP_CONFLICT);
	assert_string_equal(ctx_failure_text(c, APP_CONFLICT),
			    "The account was changed meanwhile: sign in again");
	ctx_recover(c);
	assert_int_equal(sum(&s), before);
	stage_close(&s);
}

#define REFUSED(sentence, who, op, json, err, answer) \
	ROW_OF(sentence, refuses, (&(struct stage_case){ who, op, json, err, answer }))
#define EITHER(name, op) \
	REFUSED("S30 " name " wants the current password", AS_ADA, op, WITH("another one"), \
		APP_INVALID, WRONG), \
		REFUSED(name " is not for everyone", AS_NOBODY, op, WITH(ADA_PASSWORD), \
			APP_UNAUTHENTICATED, "Not authenticated"), \
		REFUSED(name " of the command line is nobody's", AS_SYSTEM, op, \
			WITH(ADA_PASSWORD), APP_NOT_FOUND, "User not found"), \
		REFUSED(name " is not for the last superuser", AS_ROOT, op, WITH(ROOT_PASSWORD), \
			APP_CONFLICT, IS_LAST), \
		ROW_OF(name " is for a superuser beside another", a_superuser_beside_another_may, \
		       op), \
		ROW_OF(name " notices a change in between", a_change_in_between_is_noticed, op)

int main(void)
{
	const struct CMUnitTest rows[] = {
		EITHER("users.deactivate_me", &users_deactivate_me),
		EITHER("users.delete_me", &users_delete_me),
		ROW("users.deactivate_me signs the account out, and its posts stay",
		    a_deactivated_account_is_out),
		ROW_OF("users.delete_me deletes the account and its posts",
		       a_deleted_account_is_gone_with_its_posts, (&(int){ 3 })),
		ROW_OF("users.delete_me does so of an account with very many",
		       a_deleted_account_is_gone_with_its_posts, (&(int){ 450 })),
		ROW("users.delete_me refuses the last superuser before a post is gone",
		    the_last_superuser_keeps_many_posts),
	};
	return store_run("modules/users/leave", rows, COUNT_OF(rows), NULL, NULL);
}
