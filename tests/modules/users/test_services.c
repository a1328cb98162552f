/* Service accounts: made, and nothing that is for people. */
#include <string.h>

#include "modules/auth/internal.h"
#include "modules/keys.h"
#include "modules/users/internal.h"
#include "modules/users/roles.h"
#include "testing/stage.h"
#include "testing/store.h"

#define PEOPLE_ONLY \
	"A service account has no e-mail and no password, and is no superuser: give it roles " \
	"and API keys"

/* Account 3, beside root and ada. */
static void open_with_deploy(struct stage *s)
{
	stage_open(s);
	stage_call_ok(s, AS_ROOT, &users_create_service, "{'username':'deploy'}");
}

static void has_roles_and_no_password(void **state)
{
	(void)state;
	struct stage s;
	open_with_deploy(&s);
	const char *answer = stage_call_ok(&s, AS_ROOT, &users_get, "{'user_id':3}");
	assert_non_null(strstr(answer, "'username':'deploy','email':'deploy@service.invalid'"));
	assert_non_null(strstr(answer, "'is_superuser':false,'roles':['member']"));
	assert_non_null(strstr(answer, "'kind':'service'"));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE password_hash IS NULL"
				       " AND id = 3"),
			 1);
	stage_call_ok(&s, AS_ROOT, &users_set_roles, "{'user_id':3,'roles':['editor']}");
	answer = stage_call_ok(&s, AS_ROOT, &users_list, "{'username':'deploy'}");
	assert_non_null(strstr(answer, "'roles':['editor']"));
	stage_close(&s);
}

static void is_found_by_no_login_of_people(void **state)
{
	(void)state;
	struct stage s;
	struct user_credentials found;
	open_with_deploy(&s);
	assert_int_equal(users_find(&s.scene.c, "deploy", &found), APP_NOT_FOUND);
	ctx_recover(&s.scene.c);
	assert_int_equal(users_find(&s.scene.c, "Deploy@Service.invalid", &found), APP_NOT_FOUND);
	stage_call_ok(&s, AS_ROOT, &users_find_by_login, "{'login':'deploy'}");
	stage_close(&s);
}

struct refused_case {
	const struct operation *op;
	const char *json;
	enum app_err err;
	const char *answer;
};

static void is_refused(void **state)
{
	const struct refused_case *k = *state;
	struct stage s;
	open_with_deploy(&s);
	stage_expect(&s, &(struct stage_case){ AS_ROOT, k->op, k->json, k->err, k->answer });
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE id = 3 AND"
				       " password_hash IS NULL AND"
				       " email = 'deploy@service.invalid'"),
			 1);
	stage_close(&s);
}

static void stays_otherwise_as_others_are(void **state)
{
	(void)state;
	struct stage s;
	open_with_deploy(&s);
	stage_call_ok(&s, AS_ROOT, &users_update, "{'user_id':3,'full_name':'Deploys'}");
	stage_call_ok(&s, AS_ROOT, &users_update, "{'user_id':3,'is_active':false}");
	stage_call_ok(&s, AS_ROOT, &users_delete, "{'user_id':3}");
	stage_close(&s);
}

/* ---- its keys ---- */

static void has_keys_of_who_manages_them(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	open_with_deploy(&s);
	answer = stage_call_ok(&s, AS_ROOT, &keys_create_of,
			       "{'user_id':3,'name':'k','roles':['member']}");
	assert_non_null(strstr(answer, "'user_id':3,'name':'k','roles':['member']"));
	assert_int_equal(
		stage_call(&s, AS_ADA, &keys_create_of, "{'user_id':3,'name':'k'}", &answer),
		APP_FORBIDDEN);
	assert_int_equal(stage_call(&s, AS_ROOT, &keys_create_of,
				    "{'user_id':3,'name':'k','roles':['editor']}", &answer),
			 APP_INVALID);
	stage_close(&s);
}

#define REFUSED(sentence, ...) ROW_OF(sentence, is_refused, (&(struct refused_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a service has roles, and no password", has_roles_and_no_password),
		ROW("nothing that is for people finds one", is_found_by_no_login_of_people),
		REFUSED("one does not sign in", &auth_login,
			"{'login':'deploy','password':'difference engine'}", APP_UNAUTHENTICATED,
			"Incorrect username or password"),
		REFUSED("one gets no password by its login", &users_set_password,
			"{'login':'deploy','password':'difference engine'}", APP_NOT_FOUND,
			"User not found"),
		REFUSED("nor by its id", &users_reset_password,
			"{'user_id':3,'password':'difference engine'}", APP_CONFLICT, PEOPLE_ONLY),
		REFUSED("nor with other things", &users_update,
			"{'user_id':3,'password':'difference engine'}", APP_CONFLICT, PEOPLE_ONLY),
		REFUSED("one gets no e-mail", &users_update,
			"{'user_id':3,'email':'mine@example.com'}", APP_CONFLICT, PEOPLE_ONLY),
		REFUSED("one is no superuser", &users_update, "{'user_id':3,'is_superuser':true}",
			APP_CONFLICT, PEOPLE_ONLY),
		REFUSED("nobody else has its name", &users_create,
			"{'username':'Deploy','email':'d@example.com'}", APP_CONFLICT,
			"username is already taken"),
		ROW("one is changed, deactivated and deleted as others are",
		    stays_otherwise_as_others_are),
		ROW("who manages keys makes those of services, with their roles",
		    has_keys_of_who_manages_them),
		CASE("not those of people", AS_ROOT, &keys_create_of, "{'user_id':2,'name':'k'}",
		     APP_FORBIDDEN, "A person makes his API keys himself"),
		CASE("whoever manages no accounts makes no service", AS_ADA, &users_create_service,
		     "{'username':'deploy'}", APP_FORBIDDEN,
		     "You lack the permission users.manage"),
	};
	return store_run("modules/users services", rows, COUNT_OF(rows), NULL, NULL);
}
