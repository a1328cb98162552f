/*
 * Roles: their operations, what accounts may do by them, and that nobody raises himself or others
 * by any of it.
 */
#include <string.h>

#include "core/app.h"
#include "modules/roles/internal.h"
#include "modules/users/internal.h"
#include "modules/users/roles.h"
#include "testing/stage.h"
#include "testing/store.h"

/* What bob is given unless a row says otherwise. */
#define MANAGER "'users.read','users.manage','roles.read','roles.manage','roles.give'"
#define ROLE(id, name, permissions) \
	"{'id':" id ",'name':'" name "','permissions':[" permissions "],'created_at':'" STAGE_TIME \
	"','updated_at':'" STAGE_TIME "'}"
#define FIRST_ROLES \
	ROLE("1", "admin", "'*'") \
	"," ROLE("2", "editor", \
		 "'posts.read.any','posts.update.any','posts.delete.any'") "," ROLE("3", "member", \
										    "")

/* root, ada, and bob with a role, number 4, that has these permissions. */
static void open_with(struct stage *s, const char *permissions)
{
	stage_open_three(s);
	stage_call_ok(s, AS_ROOT, &roles_create,
		      arena_printf(s->scene.c.arena, "{'name':'manager','permissions':[%s]}",
				   permissions));
	stage_call_ok(s, AS_ROOT, &users_set_roles, "{'user_id':3,'roles':['manager']}");
}

struct role_case {
	const char *permissions;
	struct stage_case call;
};

static void answers(void **state)
{
	const struct role_case *k = *state;
	struct stage s;
	open_with(&s, k->permissions);
	stage_expect(&s, &k->call);
	stage_close(&s);
}

/* All that anybody may do. */
static int64_t rights(struct stage *s)
{
	return stage_int(s, "SELECT (SELECT sum((id + 7) * (role_bits * 4 +"
			    " CASE WHEN is_superuser THEN 2 ELSE 0 END +"
			    " CASE WHEN is_active THEN 1 ELSE 0 END) + token_version +"
			    " length(email)) FROM users) +"
			    " (SELECT sum((id + 11) * (length(permissions) * 100 + length(name)))"
			    " FROM roles)");
}

static void refuses(void **state)
{
	const struct role_case *k = *state;
	struct stage s;
	open_with(&s, k->permissions);
	stage_refuses(&s, &k->call, rights);
	stage_close(&s);
}

/* ---- rows by hand ---- */

static void first_roles_are_made_once(void **state)
{
	(void)state;
	struct stage s;
	stage_open_empty(&s, NULL);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM roles"), 0);
	stage_ok(&s, roles_module.start(&s.scene.c));
	assert_string_equal(stage_call_ok(&s, AS_SYSTEM, &roles_list, ""),
			    "{'items':[" FIRST_ROLES "]}");
	stage_call_ok(&s, AS_SYSTEM, &roles_delete, "{'role_id':2}");
	stage_ok(&s, roles_module.start(&s.scene.c));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM roles"), 2);
	stage_close(&s);
}

static bool may(struct stage *s, int64_t user_id, const struct permission *permission)
{
	struct ctx *c = &s->scene.c;
	struct actor actor = stage_signed_in(
		c, (struct actor){ .kind = ACTOR_USER, .user_id = user_id });
	stage_ok(s,
		 users_actor(c,
			     (struct user_claim){ user_id, actor.token_version, actor.session_id },
			     &actor));
	return actor_may(&actor, permission);
}

/* At once, with all that is remembered. */
static void changes_are_seen_with_the_next_request(void **state)
{
	(void)state;
	struct stage s;
	open_with(&s, "'users.read'");
	stage_start_services(&s, NULL);
	assert_true(may(&s, BOB_ID, &users_read));
	assert_true(may(&s, BOB_ID, &users_read));
	assert_false(may(&s, BOB_ID, &users_manage));
	assert_false(may(&s, ADA_ID, &users_read));
	assert_true(may(&s, ROOT_ID, &users_manage));
	stage_call_ok(&s, AS_ROOT, &roles_update, "{'role_id':4,'permissions':['users.manage']}");
	assert_false(may(&s, BOB_ID, &users_read));
	assert_true(may(&s, BOB_ID, &users_manage));
	stage_call_ok(&s, AS_ROOT, &roles_update, "{'role_id':4,'permissions':['*']}");
	assert_true(may(&s, BOB_ID, &users_read));
	stage_call_ok(&s, AS_ROOT, &users_set_roles, "{'user_id':3,'roles':[]}");
	assert_false(may(&s, BOB_ID, &users_read));
	stage_close(&s);
}

static enum app_err change_and_fail(struct ctx *c, void *arg)
{
	struct stage *s = arg;
	stage_ok(s, db_exec(c, "UPDATE roles SET permissions = 'users.manage' WHERE id = 4", BIND(),
			    NULL));
	stage_ok(s, roles_touch(c));
	assert_true(may(s, BOB_ID, &users_manage));
	return ctx_fail(c, APP_CONFLICT, "undone");
}

/* What a write saw of its own change is remembered by nobody once it is undone. */
static void an_undone_change_is_none(void **state)
{
	(void)state;
	struct stage s;
	open_with(&s, "'users.read'");
	stage_exec(&s, "UPDATE users SET token_version = 1");
	stage_start_services(&s, NULL);
	assert_true(may(&s, BOB_ID, &users_read));
	assert_int_equal(db_write(&s.scene.c, change_and_fail, &s), APP_CONFLICT);
	ctx_recover(&s.scene.c);
	assert_true(may(&s, BOB_ID, &users_read));
	assert_false(may(&s, BOB_ID, &users_manage));
	stage_exec(&s, "UPDATE roles SET permissions = 'roles.give' WHERE id = 4");
	stage_exec(&s, "UPDATE role_state SET version = version + 1");
	assert_true(may(&s, BOB_ID, &roles_give));
	assert_false(may(&s, BOB_ID, &users_read));
	stage_close(&s);
}

static void a_deleted_role_is_nobodys(void **state)
{
	(void)state;
	struct stage s;
	open_with(&s, "'users.read'");
	stage_call_ok(&s, AS_ROOT, &users_set_roles, "{'user_id':3,'roles':['member','manager']}");
	int64_t before = stage_int(&s, "SELECT updated_at FROM users WHERE id = 3");
	int64_t others = stage_int(&s, "SELECT updated_at FROM users WHERE id = 2");
	stage_call_ok(&s, AS_ROOT, &roles_delete, "{'role_id':4}");
	assert_int_equal(stage_int(&s, "SELECT role_bits FROM users WHERE id = 3"), 4);
	assert_true(stage_int(&s, "SELECT updated_at FROM users WHERE id = 3") > before);
	assert_int_equal(stage_int(&s, "SELECT updated_at FROM users WHERE id = 2"), others);
	assert_false(may(&s, BOB_ID, &users_read));
	/* the next role has its number, and none of its accounts */
	stage_call_ok(&s, AS_ROOT, &roles_create, "{'name':'next','permissions':['users.read']}");
	assert_int_equal(stage_int(&s, "SELECT id FROM roles WHERE name = 'next'"), 4);
	assert_false(may(&s, BOB_ID, &users_read));
	stage_close(&s);
}

static void a_new_name_is_shown(void **state)
{
	(void)state;
	struct stage s;
	open_with(&s, "'users.read'");
	int64_t before = stage_int(&s, "SELECT updated_at FROM users WHERE id = 3");
	stage_call_ok(&s, AS_ROOT, &roles_update, "{'role_id':4,'name':'boss'}");
	assert_non_null(strstr(stage_call_ok(&s, AS_BOB, &users_me, ""), "'roles':['boss']"));
	assert_true(stage_int(&s, "SELECT updated_at FROM users WHERE id = 3") > before);
	stage_close(&s);
}

static void there_are_62_at_most(void **state)
{
	(void)state;
	struct stage s;
	open_with(&s, "");
	for (int i = 5; i <= ROLES_MAX; i++)
		stage_call_ok(&s, AS_ROOT, &roles_create,
			      arena_printf(s.scene.c.arena,
					   "{'name':'r%d','permissions':['users.read']}", i));
	stage_expect(&s, &(struct stage_case){ AS_ROOT, &roles_create,
					       "{'name':'more','permissions':[]}", APP_CONFLICT,
					       "There are 62 roles, and no more than that" });
	stage_call_ok(&s, AS_ROOT, &users_set_roles, "{'user_id':3,'roles':['r62']}");
	assert_true(may(&s, BOB_ID, &users_read));
	stage_call_ok(&s, AS_ROOT, &roles_delete, "{'role_id':62}");
	assert_false(may(&s, BOB_ID, &users_read));
	stage_close(&s);
}

/* Of a module that is gone: it stays, and lets nobody do anything. */
static void what_nobody_declares_stays(void **state)
{
	(void)state;
	struct stage s;
	open_with(&s, "'users.read'");
	stage_exec(&s, "UPDATE roles SET permissions = 'old.one users.read' WHERE id = 4");
	stage_exec(&s, "UPDATE role_state SET version = version + 1");
	assert_true(may(&s, BOB_ID, &users_read));
	const char *json = "{'role_id':4,'permissions':['roles.read','old.one']}";
	assert_non_null(strstr(stage_call_ok(&s, AS_ROOT, &roles_update, json),
			       "'permissions':['roles.read','old.one']"));
	stage_expect(&s,
		     &(struct stage_case){ AS_ROOT, &roles_update,
					   "{'role_id':3,'permissions':['old.one']}", APP_INVALID,
					   "[{'type':'value_error','loc':['body','permissions'],"
					   "'msg':'Value error, no module declares the permission "
					   "\"old.one\"','ctx':{'error':{}}}]" });
	stage_close(&s);
}

static void new_accounts_have_those_of_the_settings(void **state)
{
	(void)state;
	static const char *const sets[] = { "roles.new_accounts=editor  nobody", NULL };
	struct stage s;
	stage_open_empty(&s, sets);
	const char *json = "{'username':'ada','email':'ada@example.com'}";
	assert_non_null(
		strstr(stage_call_ok(&s, AS_SYSTEM, &users_create, json), "'roles':['editor']"));
	stage_close(&s);
}

/* ---- the table ---- */

#define ANSWERS(sentence, has, who, op, json, err, answer) \
	ROW_OF(sentence, answers, (&(struct role_case){ has, { who, op, json, err, answer } }))
#define REFUSES(sentence, has, op, json, err, answer) \
	ROW_OF("S32 " sentence, refuses, \
	       (&(struct role_case){ has, { AS_BOB, op, json, err, answer } }))
#define RAISES "This role may do what you may not"
#define REACHES "This account may do what you may not"
#define REACHES_ROOT "Only a superuser may change the account of another one"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("the first roles are made once", first_roles_are_made_once),
		ROW("a change of roles is seen with the next request",
		    changes_are_seen_with_the_next_request),
		ROW("one that was undone is seen by nobody", an_undone_change_is_none),
		ROW("a deleted role is held by nobody, nor is the next of its number",
		    a_deleted_role_is_nobodys),
		ROW("accounts show a role by its new name", a_new_name_is_shown),
		ROW("there are 62 roles at most", there_are_62_at_most),
		ROW("a permission that no module declares stays and grants nothing",
		    what_nobody_declares_stays),
		ROW("new accounts have the roles of the settings",
		    new_accounts_have_those_of_the_settings),
		ANSWERS("roles.get gives a role", MANAGER, AS_BOB, &roles_get, "{'role_id':1}",
			APP_OK, ROLE("1", "admin", "'*'")),
		ANSWERS("roles.get of none is not found", MANAGER, AS_BOB, &roles_get,
			"{'role_id':5}", APP_NOT_FOUND, "Role not found"),
		ANSWERS("roles.create keeps each permission once", MANAGER, AS_BOB, &roles_create,
			"{'name':'x','permissions':['users.read','roles.read','users.read']}",
			APP_OK, ROLE("5", "x", "'users.read','roles.read'")),
		ANSWERS("roles.create keeps nothing beside all", MANAGER, AS_ROOT, &roles_create,
			"{'name':'x','permissions':['users.read','*']}", APP_OK,
			ROLE("5", "x", "'*'")),
		ANSWERS("a name is taken once", MANAGER, AS_ROOT, &roles_create,
			"{'name':'editor','permissions':[]}", APP_CONFLICT,
			"name is already taken"),
		ANSWERS("roles are not shown to everyone", "", AS_BOB, &roles_list, "",
			APP_FORBIDDEN, "You lack the permission roles.read"),
		ANSWERS("who may see roles may not change them", "'roles.read'", AS_BOB,
			&roles_create, "{'name':'x','permissions':[]}", APP_FORBIDDEN,
			"You lack the permission roles.manage"),
		ANSWERS("an account gets roles by their names", MANAGER, AS_BOB, &users_set_roles,
			"{'user_id':2,'roles':['manager','member']}", APP_OK,
			"{'id':2,'username':'Ada','email':'Ada@Example.com','full_name':'Ada "
			"King','is_active':true,'is_superuser':false,'roles':['member','manager'],"
			"'created_at':'" STAGE_TIME
			"','updated_at':'2026-01-02T03:04:05.000001Z','kind':'person'}"),
		REFUSES("one that is not there is refused", MANAGER, &users_set_roles,
			"{'user_id':2,'roles':['chief']}", APP_INVALID,
			"[{'type':'value_error','loc':['body','roles'],'msg':'Value error, there "
			"is no role \"chief\"','ctx':{'error':{}}}]"),
		REFUSES("who manages roles makes none above himself", MANAGER, &roles_create,
			"{'name':'x','permissions':['posts.update.any']}", APP_FORBIDDEN, RAISES),
		REFUSES("nor one that has all", MANAGER, &roles_create,
			"{'name':'x','permissions':['*']}", APP_FORBIDDEN, RAISES),
		REFUSES("nor changes his own into more", MANAGER, &roles_update,
			"{'role_id':4,'permissions':[" MANAGER ",'posts.update.any']}",
			APP_FORBIDDEN, RAISES),
		REFUSES("nor into one that has all", MANAGER, &roles_update,
			"{'role_id':4,'permissions':['*']}", APP_FORBIDDEN, RAISES),
		REFUSES("nor takes from one above him", MANAGER, &roles_update,
			"{'role_id':1,'permissions':[]}", APP_FORBIDDEN, RAISES),
		REFUSES("nor gives one above him the name of another", MANAGER, &roles_update,
			"{'role_id':1,'name':'x'}", APP_FORBIDDEN, RAISES),
		REFUSES("nor deletes one above him", MANAGER, &roles_delete, "{'role_id':2}",
			APP_FORBIDDEN, RAISES),
		REFUSES("who gives roles gives himself none above him", MANAGER, &users_set_roles,
			"{'user_id':3,'roles':['manager','editor']}", APP_FORBIDDEN, RAISES),
		REFUSES("nor others", MANAGER, &users_set_roles, "{'user_id':2,'roles':['admin']}",
			APP_FORBIDDEN, RAISES),
		REFUSES("nor takes a superuser's", MANAGER, &users_set_roles,
			"{'user_id':1,'roles':[]}", APP_FORBIDDEN, REACHES_ROOT),
		REFUSES("who has no permission for it gives none", "'users.manage'",
			&users_set_roles, "{'user_id':2,'roles':[]}", APP_FORBIDDEN,
			"You lack the permission roles.give"),
		REFUSES("nor to an account that he makes", "'users.manage'", &users_create,
			"{'username':'new','email':'new@example.com','roles':['member']}",
			APP_FORBIDDEN, "You lack the permission roles.give"),
		REFUSES("nor one above him", MANAGER, &users_create,
			"{'username':'new','email':'new@example.com','roles':['admin']}",
			APP_FORBIDDEN, RAISES),
		REFUSES("nor to one of many", MANAGER, &users_create_batch,
			"{'items':[{'username':'new','email':'new@example.com','roles':"
			"['admin']}]}",
			APP_FORBIDDEN, RAISES),
		REFUSES("who manages accounts makes no superuser", MANAGER, &users_create,
			"{'username':'new','email':'new@example.com','is_superuser':true}",
			APP_FORBIDDEN, "Only a superuser may make another one"),
		REFUSES("nor one of many", MANAGER, &users_create_batch,
			"{'items':[{'username':'new','email':'new@example.com',"
			"'is_superuser':true}]}",
			APP_FORBIDDEN, "Only a superuser may make another one"),
		REFUSES("nor of one that is there", MANAGER, &users_update,
			"{'user_id':2,'is_superuser':true}", APP_FORBIDDEN,
			"Only a superuser may make another one"),
		REFUSES("nor of himself", MANAGER, &users_update,
			"{'user_id':3,'is_superuser':true}", APP_FORBIDDEN,
			"Only a superuser may make another one"),
		REFUSES("nor touches a superuser's account", MANAGER, &users_update,
			"{'user_id':1,'email':'mine@example.com'}", APP_FORBIDDEN, REACHES_ROOT),
		REFUSES("nor demotes one", MANAGER, &users_update,
			"{'user_id':1,'is_superuser':false}", APP_CONFLICT,
			"This is the last active superuser: make another one first"),
		REFUSES("nor sets his password", MANAGER, &users_reset_password,
			"{'user_id':1,'password':'difference engine'}", APP_FORBIDDEN,
			REACHES_ROOT),
		REFUSES("nor by his name", MANAGER, &users_set_password,
			"{'login':'root','password':'difference engine'}", APP_FORBIDDEN,
			REACHES_ROOT),
		ANSWERS("who manages accounts changes one that may no more than he", MANAGER,
			AS_BOB, &users_reset_password,
			"{'user_id':2,'password':'difference engine'}", APP_OK, ""),
	};
	return store_run("modules/roles", rows, COUNT_OF(rows), NULL, NULL);
}
