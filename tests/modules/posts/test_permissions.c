/* What each permission on the posts of others lets one do, and what it does not. */
#include "modules/posts/fixture.h"
#include "modules/roles.h"
#include "modules/users.h"
#include "testing/store.h"

/* Of post 1, a draft of ada's, and 3, which is published. */
struct reach_case {
	const char *permissions;
	enum app_err sees_draft, changes_draft, changes, deletes, restores;
};

static enum app_err call(struct stage *s, const char *name, const char *json)
{
	const char *answer;
	return stage_call(s, AS_BOB, module_find_operation(s->scene.app.modules, name), json,
			  &answer);
}

static void give_bob(struct stage *s, const char *permissions)
{
	const struct module *const *modules = s->scene.app.modules;
	stage_call_ok(
		s, AS_ROOT, module_find_operation(modules, "roles.create"),
		arena_printf(s->scene.c.arena, "{'name':'x','permissions':[%s]}", permissions));
	stage_call_ok(s, AS_ROOT, module_find_operation(modules, "users.set_roles"),
		      "{'user_id':3,'roles':['x']}");
}

static void reaches(void **state)
{
	const struct reach_case *k = *state;
	struct stage s;
	stage_open_three(&s);
	stage_call_ok(&s, AS_ADA, &posts_create, "{'title':'draft'}");
	stage_call_ok(&s, AS_ADA, &posts_create, "{'title':'gone','status':'published'}");
	stage_call_ok(&s, AS_ADA, &posts_create, "{'title':'seen','status':'published'}");
	stage_call_ok(&s, AS_ADA, &posts_delete, "{'post_id':2}");
	give_bob(&s, k->permissions);
	assert_int_equal(call(&s, "posts.get", "{'post_id':1}"), k->sees_draft);
	assert_int_equal(call(&s, "posts.update", "{'post_id':1,'title':'x'}"), k->changes_draft);
	assert_int_equal(call(&s, "posts.update", "{'post_id':3,'title':'x'}"), k->changes);
	assert_int_equal(call(&s, "posts.restore", "{'post_id':2}"), k->restores);
	assert_int_equal(call(&s, "posts.delete", "{'post_id':3}"), k->deletes);
	stage_close(&s);
}

/* They show drafts, too. */
static void posts_of_accounts_take_a_permission(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	stage_open_three(&s);
	give_bob(&s, "'users.read'");
	const struct operation *list = module_find_operation(s.scene.app.modules, "users.list");
	stage_call_ok(&s, AS_BOB, list, "");
	assert_int_equal(stage_call(&s, AS_BOB, list, "{'include':'posts'}", &answer),
			 APP_FORBIDDEN);
	assert_string_equal(answer, "You lack the permission posts.read.any");
	stage_close(&s);
}

#define REACHES(sentence, ...) ROW_OF(sentence, reaches, (&(struct reach_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		REACHES("who has none reaches none of them", "", APP_NOT_FOUND, APP_NOT_FOUND,
			APP_FORBIDDEN, APP_FORBIDDEN, APP_NOT_FOUND),
		REACHES("posts.read.any shows drafts", "'posts.read.any'", APP_OK, APP_FORBIDDEN,
			APP_FORBIDDEN, APP_FORBIDDEN, APP_NOT_FOUND),
		REACHES("posts.update.any changes what one sees", "'posts.update.any'",
			APP_NOT_FOUND, APP_NOT_FOUND, APP_OK, APP_FORBIDDEN, APP_NOT_FOUND),
		REACHES("posts.delete.any deletes what one sees", "'posts.delete.any'",
			APP_NOT_FOUND, APP_NOT_FOUND, APP_FORBIDDEN, APP_OK, APP_NOT_FOUND),
		REACHES("an editor does all of it",
			"'posts.read.any','posts.update.any','posts.delete.any'", APP_OK, APP_OK,
			APP_OK, APP_OK, APP_OK),
		ROW("posts of accounts are shown to those who see drafts",
		    posts_of_accounts_take_a_permission),
	};
	return store_run("modules/posts/permissions", rows, COUNT_OF(rows), NULL, NULL);
}
