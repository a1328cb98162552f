/* Making, changing and deleting accounts: what is stored, what is refused, who may. */
#include "fixture.h"
#include "modules/users/internal.h"
#include "testing/store.h"

#define NEW(members) "{'username':'grace','email':'grace@example.com'" members "}"
#define SELF_TEXT "You cannot delete, deactivate or demote your own account"
#define CHANGED_TEXT "this user was changed since you read it: read it again"
/* of STAGE_TIME */
#define ADA_ETAG "'\\'2-6475ef64cf340\\''"
#define LAST_TEXT "This is the last active superuser: make another one first"

static void creates_without_password(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	const char *answer;
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_create, NEW(), &answer));
	assert_int_equal(
		stage_int(&s, "SELECT count(*) FROM users WHERE id = 3 AND password_hash IS NULL"),
		1);
	stage_close(&s);
}

static void stores_argon2id(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE id = 2"
				       " AND password_hash LIKE '$argon2id$%'"),
			 1);
	stage_close(&s);
}

static void never_reuses_an_id(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	const char *answer;
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_delete, "{'user_id':2}", &answer));
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_create, NEW(), &answer));
	assert_int_equal(stage_int(&s, "SELECT max(id) FROM users"), 3);
	stage_close(&s);
}

/* A case that must be refused and must leave every row as it was. */
static void refuses_unchanged(void **state)
{
	static const char sum[] =
		"SELECT sum(id * 1000 + CASE WHEN is_superuser THEN 100 ELSE 0 END +"
		" CASE WHEN is_active THEN 10 ELSE 0 END + token_version +"
		" length(username || email)) FROM users";
	struct stage s;
	stage_open(&s);
	int64_t before = stage_int(&s, sum);
	stage_expect(&s, *state);
	ctx_recover(&s.scene.c);
	assert_int_equal(stage_int(&s, sum), before);
	stage_close(&s);
}

#define REFUSED(sentence, who, op, json, err, answer) \
	ROW_OF(sentence, refuses_unchanged, (&(struct stage_case){ who, op, json, err, answer }))

/* All readers of JSON know numbers up to it exactly; drawing one below 3 takes 2^51 tries. */
#define VERSION_MAX ((int64_t)1 << 53)

/* Changes ada, then looks at her token version. */
struct version_case {
	const char *json;
	bool stays;
};

static void leaves_version(void **state)
{
	const struct version_case *want = *state;
	struct stage s;
	stage_open(&s);
	const char *answer;
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_update, want->json, &answer));
	int64_t version = stage_int(&s, "SELECT token_version FROM users WHERE id = 2");
	if (want->stays)
		assert_int_equal(version, 1);
	else
		assert_in_range(version, 3, VERSION_MAX);
	stage_close(&s);
}

#define VERSION(json, stays) (&(struct version_case){ json, stays })

/* A token of an account that was undone, as by a restore, is none of the next with its id. */
static void draws_the_version_of_a_new_account(void **state)
{
	(void)state;
	int64_t versions[2];
	for (int i = 0; i < 2; i++) {
		struct stage s;
		const char *answer;
		stage_open(&s);
		stage_ok(&s, stage_call(&s, AS_ROOT, &users_create, NEW(), &answer));
		versions[i] = stage_int(&s, "SELECT token_version FROM users WHERE id = 3");
		assert_in_range(versions[i], 3, VERSION_MAX);
		stage_close(&s);
	}
	assert_int_not_equal(versions[0], versions[1]);
}

static void moves_updated_at(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	s.clock.us += SECONDS_US(5);
	const char *answer;
	stage_ok(&s, stage_call(&s, AS_ADA, &users_update_me, "{'full_name':'A'}", &answer));
	assert_int_equal(stage_int(&s, "SELECT updated_at - created_at FROM users WHERE id = 2"),
			 5000000);
	stage_close(&s);
}

/* Even when the clock stands still. */
static void etag_is_good_once(void **state)
{
	(void)state;
	static const char change[] = "{'user_id':2,'if_match':" ADA_ETAG ",'is_active':false}";
	struct stage s;
	stage_open(&s);
	const char *answer;
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_update, change, &answer));
	stage_expect(&s, &(struct stage_case){ AS_ROOT, &users_update, change,
					       APP_PRECONDITION_FAILED, CHANGED_TEXT });
	stage_close(&s);
}

static void keeps_another_superuser(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	const char *answer;
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_update, "{'user_id':2,'is_superuser':true}",
				&answer));
	stage_ok(&s, stage_call(&s, AS_SYSTEM, &users_delete, "{'user_id':1}", &answer));
	stage_expect(&s, &(struct stage_case){ AS_SYSTEM, &users_delete, "{'user_id':2}",
					       APP_CONFLICT, LAST_TEXT });
	stage_close(&s);
}

static void counts_only_active_superusers(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	stage_exec(&s, "UPDATE users SET is_superuser = TRUE, is_active = FALSE WHERE id = 2");
	stage_expect(&s, &(struct stage_case){ AS_SYSTEM, &users_delete, "{'user_id':1}",
					       APP_CONFLICT, LAST_TEXT });
	const char *answer;
	stage_ok(&s, stage_call(&s, AS_SYSTEM, &users_delete, "{'user_id':2}", &answer));
	stage_close(&s);
}

struct reader_case {
	const char *json;
	int64_t is_verified;
};

static void knows_the_reader(void **state)
{
	const struct reader_case *want = *state;
	struct stage s;
	stage_open(&s);
	stage_exec(&s, "UPDATE users SET verified_at = 1");
	stage_call_ok(&s, AS_ROOT, &users_update, want->json);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE id = 2"
				       " AND verified_at IS NOT NULL"),
			 want->is_verified);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("users.create answers the new account", AS_ROOT, &users_create,
		     NEW(",'full_name':'Grace','password':'cobol on monday'"), APP_OK,
		     USER_JSON("3", "grace", "grace@example.com", "'Grace'", "true", "false")),
		CASE("users.create takes roles from a superuser", AS_ROOT, &users_create,
		     NEW(",'full_name':null,'is_active':false,'is_superuser':true"), APP_OK,
		     USER_JSON("3", "grace", "grace@example.com", "null", "false", "true")),
		ROW("users.create without a password stores none", creates_without_password),
		ROW("users.create stores an argon2id hash", stores_argon2id),
		REFUSED("users.create refuses a taken username in any case", AS_ROOT, &users_create,
			"{'username':'ADA','email':'other@example.com'}", APP_CONFLICT,
			"username is already taken"),
		REFUSED("users.create refuses a taken e-mail in any case", AS_ROOT, &users_create,
			"{'username':'other','email':'ADA@example.COM'}", APP_CONFLICT,
			"email is already taken"),
		REFUSED("users.create is not for everyone", AS_NOBODY, &users_create, NEW(),
			APP_UNAUTHENTICATED, "Not authenticated"),
		REFUSED("users.create is not for users", AS_ADA, &users_create, NEW(),
			APP_FORBIDDEN, "You lack the permission users.manage"),
		ROW("users.create never gives a deleted account's id again", never_reuses_an_id),

		CASE("users.update of nothing leaves all alone", AS_ROOT, &users_update,
		     "{'user_id':2}", APP_OK, ADA_JSON),
		CASE("users.update changes only what is given", AS_ROOT, &users_update,
		     "{'user_id':2,'email':'countess@example.com'}", APP_OK,
		     USER_CHANGED("2", "Ada", "countess@example.com", "'Ada King'", "true",
				  "false")),
		CASE("users.update changes everything at once", AS_ROOT, &users_update,
		     "{'user_id':2,'username':'lovelace','email':'l@example.com',"
		     "'full_name':'A. L.','password':'bernoulli numbers','is_active':false,"
		     "'is_superuser':true}",
		     APP_OK,
		     USER_CHANGED("2", "lovelace", "l@example.com", "'A. L.'", "false", "true")),
		CASE("users.update with null clears full_name", AS_ROOT, &users_update,
		     "{'user_id':2,'full_name':null}", APP_OK,
		     USER_CHANGED("2", "Ada", "Ada@Example.com", "null", "true", "false")),
		CASE("users.update may change the case of a name", AS_ROOT, &users_update,
		     "{'user_id':2,'username':'ada'}", APP_OK,
		     USER_CHANGED("2", "ada", "Ada@Example.com", "'Ada King'", "true", "false")),
		CASE("users.update lets superusers rename themselves", AS_ROOT, &users_update,
		     "{'user_id':1,'is_active':true,'is_superuser':true}", APP_OK,
		     USER_CHANGED("1", "root", "root@example.com", "null", "true", "true")),
		REFUSED("users.update refuses a taken username", AS_ROOT, &users_update,
			"{'user_id':2,'username':'Root'}", APP_CONFLICT,
			"username is already taken"),
		REFUSED("users.update refuses a taken e-mail", AS_ROOT, &users_update,
			"{'user_id':2,'email':'ROOT@example.com'}", APP_CONFLICT,
			"email is already taken"),
		REFUSED("users.update of an unknown id is not found", AS_ROOT, &users_update,
			"{'user_id':9,'full_name':'x'}", APP_NOT_FOUND, "User not found"),
		REFUSED("users.update with a password of an unknown id is not found", AS_ROOT,
			&users_update, "{'user_id':9,'password':'long enough'}", APP_NOT_FOUND,
			"User not found"),
		REFUSED("users.update refuses to deactivate yourself", AS_ROOT, &users_update,
			"{'user_id':1,'is_active':false}", APP_CONFLICT, SELF_TEXT),
		REFUSED("users.update refuses to demote yourself", AS_ROOT, &users_update,
			"{'user_id':1,'is_superuser':false}", APP_CONFLICT, SELF_TEXT),
		REFUSED("users.update refuses to deactivate the last superuser", AS_SYSTEM,
			&users_update, "{'user_id':1,'is_active':false}", APP_CONFLICT, LAST_TEXT),
		REFUSED("users.update refuses to demote the last superuser", AS_SYSTEM,
			&users_update, "{'user_id':1,'is_superuser':false}", APP_CONFLICT,
			LAST_TEXT),
		REFUSED("users.update is not for users, not even of themselves", AS_ADA,
			&users_update, "{'user_id':2,'is_superuser':true}", APP_FORBIDDEN,
			"You lack the permission users.manage"),
		REFUSED("users.update is not for everyone", AS_NOBODY, &users_update,
			"{'user_id':2}", APP_UNAUTHENTICATED, "Not authenticated"),
		REFUSED("users.update refuses what was changed since", AS_ROOT, &users_update,
			"{'user_id':2,'if_match':'\\'2-0\\'','full_name':'x'}",
			APP_PRECONDITION_FAILED, CHANGED_TEXT),
		CASE("users.update takes the ETag of the account as it is", AS_ROOT, &users_update,
		     "{'user_id':2,'if_match':" ADA_ETAG ",'full_name':'x'}", APP_OK,
		     USER_CHANGED("2", "Ada", "Ada@Example.com", "'x'", "true", "false")),
		ROW("the ETag of an account is good for one change", etag_is_good_once),
		ROW("a new account has a token version that none had before",
		    draws_the_version_of_a_new_account),
		ROW_OF("a new password ends sessions", leaves_version,
		       VERSION("{'user_id':2,'password':'bernoulli numbers'}", false)),
		ROW_OF("deactivating ends sessions", leaves_version,
		       VERSION("{'user_id':2,'is_active':false}", false)),
		ROW_OF("a new name ends no sessions", leaves_version,
		       VERSION("{'user_id':2,'username':'lovelace','is_active':true}", true)),

		ROW_OF("a new e-mail is one that nobody has confirmed", knows_the_reader,
		       (&(struct reader_case){ "{'user_id':2,'email':'new@example.com'}", 0 })),
		ROW_OF("the same e-mail in another case stays confirmed", knows_the_reader,
		       (&(struct reader_case){ "{'user_id':2,'email':'ADA@example.com'}", 1 })),
		ROW_OF("so does it when something else is changed", knows_the_reader,
		       (&(struct reader_case){ "{'user_id':2,'full_name':'A'}", 1 })),

		CASE("users.update_me changes the name", AS_ADA, &users_update_me,
		     "{'full_name':null}", APP_OK,
		     USER_CHANGED("2", "Ada", "Ada@Example.com", "null", "true", "false")),
		ROW("users.update_me moves updated_at", moves_updated_at),
		REFUSED("users.update_me refuses what was changed since", AS_ADA, &users_update_me,
			"{'if_match':'\\'2-0\\'','full_name':'x'}", APP_PRECONDITION_FAILED,
			CHANGED_TEXT),
		REFUSED("users.update_me is not for everyone", AS_NOBODY, &users_update_me, "{}",
			APP_UNAUTHENTICATED, "Not authenticated"),

		REFUSED("users.update_me of who is gone meanwhile is signed out", AS_GONE,
			&users_update_me, "{'full_name':'G'}", APP_UNAUTHENTICATED,
			"Could not validate credentials"),
		REFUSED("users.create of who is gone meanwhile is signed out rather than told of "
			"others",
			AS_GONE_ROOT, &users_create, "{'username':'ada','email':'g@example.com'}",
			APP_UNAUTHENTICATED, "Could not validate credentials"),
		REFUSED("users.update of who is gone meanwhile is signed out", AS_GONE_ROOT,
			&users_update, "{'user_id':99,'full_name':'G'}", APP_UNAUTHENTICATED,
			"Could not validate credentials"),
		REFUSED("users.delete of who is gone meanwhile is signed out", AS_GONE_ROOT,
			&users_delete, "{'user_id':2}", APP_UNAUTHENTICATED,
			"Could not validate credentials"),
		CASE("users.delete answers nothing", AS_ROOT, &users_delete, "{'user_id':2}",
		     APP_OK, ""),
		REFUSED("users.delete of an unknown id is not found", AS_ROOT, &users_delete,
			"{'user_id':9}", APP_NOT_FOUND, "User not found"),
		REFUSED("users.delete refuses what was changed since", AS_ROOT, &users_delete,
			"{'user_id':2,'if_match':'\\'2-0\\''}", APP_PRECONDITION_FAILED,
			CHANGED_TEXT),
		REFUSED("users.delete refuses yourself", AS_ROOT, &users_delete, "{'user_id':1}",
			APP_CONFLICT, SELF_TEXT),
		REFUSED("users.delete refuses the last superuser", AS_SYSTEM, &users_delete,
			"{'user_id':1}", APP_CONFLICT, LAST_TEXT),
		REFUSED("users.delete is not for users", AS_ADA, &users_delete, "{'user_id':2}",
			APP_FORBIDDEN, "You lack the permission users.manage"),
		REFUSED("users.delete is not for everyone", AS_NOBODY, &users_delete,
			"{'user_id':2}", APP_UNAUTHENTICATED, "Not authenticated"),
		ROW("with a second superuser the first can go, then not the second",
		    keeps_another_superuser),
		ROW("an inactive superuser does not count as another",
		    counts_only_active_superusers),
	};
	return store_run("modules/users/commands", rows, COUNT_OF(rows), NULL, NULL);
}
