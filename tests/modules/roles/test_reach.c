/* Accounts that may more than the one who manages accounts: he touches none of them. */
#include "modules/auth.h"
#include "modules/roles/internal.h"
#include "modules/users/internal.h"
#include "modules/users/roles.h"
#include "testing/stage.h"
#include "testing/store.h"

/* bob manages accounts, and ada is an editor. */
static void open_with_editor(struct stage *s)
{
	stage_open_three(s);
	stage_call_ok(s, AS_ROOT, &roles_create,
		      "{'name':'manager','permissions':['users.manage','roles.give']}");
	stage_call_ok(s, AS_ROOT, &users_set_roles, "{'user_id':3,'roles':['manager']}");
	stage_call_ok(s, AS_ROOT, &users_set_roles, "{'user_id':2,'roles':['editor']}");
}

static int64_t all_of_ada(struct stage *s)
{
	return stage_int(s, "SELECT role_bits + updated_at + token_version + length(email) +"
			    " CASE WHEN is_active THEN 1 ELSE 0 END FROM users WHERE id = 2");
}

static void is_not_touched(void **state)
{
	struct stage s;
	open_with_editor(&s);
	stage_refuses(&s, *state, all_of_ada);
	stage_close(&s);
}

/* She has many posts, which go in writes of their own before her account. */
static void keeps_her_posts(void **state)
{
	(void)state;
	struct stage s;
	open_with_editor(&s);
	for (int i = 0; i < 201; i++)
		stage_exec(&s, "INSERT INTO posts (author_id, title, created_at, updated_at)"
			       " VALUES (2, 'x', 1, 1)");
	stage_refuses(&s,
		      &(struct stage_case){ AS_BOB, &users_delete, "{'user_id':2}", APP_FORBIDDEN,
					    "This account may do what you may not" },
		      all_of_ada);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM posts"), 201);
	stage_close(&s);
}

static void changes_himself(void **state)
{
	(void)state;
	struct stage s;
	open_with_editor(&s);
	stage_call_ok(&s, AS_ADA, &users_update_me, "{'full_name':'Ada'}");
	stage_close(&s);
}

#define UNTOUCHED(sentence, op, json) \
	ROW_OF("S32 of one above: " sentence, is_not_touched, \
	       (&(struct stage_case){ AS_BOB, op, json, APP_FORBIDDEN, \
				      "This account may do what you may not" }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		UNTOUCHED("its e-mail is not changed", &users_update,
			  "{'user_id':2,'email':'mine@example.com'}"),
		UNTOUCHED("its password is not changed", &users_update,
			  "{'user_id':2,'password':'difference engine'}"),
		UNTOUCHED("its password is not set", &users_reset_password,
			  "{'user_id':2,'password':'difference engine'}"),
		UNTOUCHED("its password is not set by its name", &users_set_password,
			  "{'login':'ada','password':'difference engine'}"),
		UNTOUCHED("it is not deactivated", &users_update,
			  "{'user_id':2,'is_active':false}"),
		UNTOUCHED("it is not deleted", &users_delete, "{'user_id':2}"),
		UNTOUCHED("its roles are not taken", &users_set_roles, "{'user_id':2,'roles':[]}"),
		UNTOUCHED("its second factor is not ended", &auth_reset_factor, "{'user_id':2}"),
		UNTOUCHED("its sessions are not ended", &auth_end_sessions_of, "{'user_id':2}"),
		ROW("S32 of one above: its posts are not deleted on the way", keeps_her_posts),
		ROW("of one above: its owner changes it", changes_himself),
	};
	return store_run("modules/roles reach", rows, COUNT_OF(rows), NULL, NULL);
}
