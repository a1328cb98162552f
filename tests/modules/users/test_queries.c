/* Reading accounts: who may, pages, and what is shown. */
#include "fixture.h"

#include <string.h>

#include "modules/posts/internal.h"
#include "modules/users/internal.h"
#include "testing/store.h"

#define PAGE(items, total, page, per_page, pages) \
	"{'items':[" items "],'total':" total ",'page':" page ",'per_page':" per_page \
	",'pages':" pages ",'next_cursor':null}"

#define DAY(day, count) "{'day':'" day "','count':" count "}"
/* `before`: accounts made the day before today. */
#define STATS(total, active, superusers, age, new_7_days, before, today) \
	"{'total':" total ",'active':" active ",'superusers':" superusers \
	",'average_age_days':" age ",'new_7_days':" new_7_days \
	",'by_day':[" DAY("2025-12-27", "0") "," DAY("2025-12-28", "0") "," DAY( \
		"2025-12-29", "0") "," DAY("2025-12-30", \
					   "0") "," DAY("2025-12-31", \
							"0") "," DAY("2026-01-01", \
								     before) "," DAY("2026-01-02", \
										     today) "]}"

static void counts_by_day(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_create,
				"{'username':'old','email':'old@example.com','is_active':false}",
				&answer));
	/* the last microsecond of the day before the seven, and of the one before today */
	stage_exec(&s, "UPDATE users SET created_at = created_at / 86400000000 * 86400000000"
		       " - 6 * 86400000000 - 1 WHERE id = 3");
	stage_exec(&s, "UPDATE users SET created_at = created_at / 86400000000 * 86400000000 - 1"
		       " WHERE id = 2");
	stage_expect(&s, &(struct stage_case){ AS_ROOT, &users_stats, "", APP_OK,
					       STATS("3", "2", "1", "2.09", "2", "1", "1") });
	stage_close(&s);
}

static void averages_nobody(void **state)
{
	(void)state;
	struct stage s;
	stage_open_empty(&s, NULL);
	stage_expect(&s, &(struct stage_case){ AS_SYSTEM, &users_stats, "", APP_OK,
					       STATS("0", "0", "0", "0", "0", "0", "0") });
	stage_close(&s);
}

/* Three accounts, made a day apart; the last one now. */
static void a_day_apart(struct stage *s)
{
	stage_open_three(s);
	stage_exec(s, "UPDATE users SET created_at = created_at - (3 - id) * 86400000000");
}

/* Of a day ago, to the microsecond, is within one. */
static void lists_the_last_days(void **state)
{
	static const struct {
		const char *json, *ids;
	} asked[] = {
		{ "{'days':1}", "3 2" },
		{ "{'days':366}", "3 2 1" },
		{ "{'days':2,'limit':1}", "3" },
		{ "{}", "3 2 1" },
	};
	(void)state;
	struct stage s;
	const char *answer;
	a_day_apart(&s);
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		struct buf ids;
		buf_init(&ids, &s.scene.arena);
		stage_ok(&s, stage_call(&s, AS_ROOT, &users_recent, asked[i].json, &answer));
		for (const char *at = answer; (at = strstr(at, "'id':")); at++)
			buf_printf(&ids, "%s%c", ids.len ? " " : "", at[5]);
		assert_string_equal(buf_text(&ids), asked[i].ids);
	}
	stage_exec(&s, "UPDATE users SET created_at = created_at - 1 WHERE id = 2");
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_recent, "{'days':1}", &answer));
	assert_null(strstr(answer, "'id':2"));
	stage_close(&s);
}

/* Of each account its own, without those that were deleted, the newest first. */
static void includes_posts(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	for (int i = 1; i <= 3; i++) {
		const char *json = arena_printf(&s.scene.arena, "{'title':'post %d'}", i);
		stage_ok(&s, stage_call(&s, AS_ADA, &posts_create, json, &answer));
	}
	stage_ok(&s, stage_call(&s, AS_ADA, &posts_delete, "{'post_id':2}", &answer));
	stage_expect(&s, &(struct stage_case){
				 AS_ROOT, &users_list, "{'include':'posts','fields':'id'}", APP_OK,
				 PAGE("{'id':1,'posts':[]},"
				      "{'id':2,'posts':[{'id':3,'title':'post 3','status':'draft',"
				      "'created_at':'" STAGE_TIME "'},{'id':1,'title':'post 1',"
				      "'status':'draft','created_at':'" STAGE_TIME "'}]}",
				      "2", "1", "20", "1") });
	stage_close(&s);
}

static void lists_nobody(void **state)
{
	(void)state;
	struct stage s;
	stage_open_empty(&s, NULL);
	stage_expect(&s, &(struct stage_case){ AS_SYSTEM, &users_list, "{}", APP_OK,
					       PAGE("", "0", "1", "20", "0") });
	stage_close(&s);
}

static void finds_by(void **state)
{
	struct stage s;
	stage_open(&s);
	struct user_credentials user;
	stage_ok(&s, users_find(&s.scene.c, *state, &user));
	assert_int_equal(user.id, ADA_ID);
	assert_string_equal(user.username, "Ada");
	assert_string_equal(user.email, "Ada@Example.com");
	assert_non_null(user.password_hash);
	assert_true(user.is_active);
	assert_int_equal(user.token_version, 1);
	stage_close(&s);
}

static void finds_nobody(void **state)
{
	struct stage s;
	stage_open(&s);
	struct user_credentials user = { .id = 77 };
	assert_int_equal(users_find(&s.scene.c, *state, &user), APP_NOT_FOUND);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("users.list gives a page of accounts without their hashes", AS_ROOT,
		     &users_list, "{}", APP_OK, PAGE(ROOT_JSON "," ADA_JSON, "2", "1", "20", "1")),
		CASE("users.list goes on with page 2", AS_ROOT, &users_list,
		     "{'page':2,'per_page':1}", APP_OK, PAGE(ADA_JSON, "2", "2", "1", "2")),
		CASE("users.list past the end is empty", AS_ROOT, &users_list, "{'page':1000000}",
		     APP_OK, PAGE("", "2", "1000000", "20", "1")),
		CASE("users.list refuses page 0 and too many per page", AS_ROOT, &users_list,
		     "{'page':0,'per_page':101}", APP_INVALID,
		     "[{'type':'greater_than_equal','loc':['body','page'],"
		     "'msg':'Input should be greater than or equal to 1','input':0,'ctx':{'ge':1}},"
		     "{'type':'less_than_equal','loc':['body','per_page'],"
		     "'msg':'Input should be less than or equal to 100','input':101,"
		     "'ctx':{'le':100}}]"),
		CASE("users.list refuses page 1000001", AS_ROOT, &users_list, "{'page':1000001}",
		     APP_INVALID,
		     "[{'type':'less_than_equal','loc':['body','page'],"
		     "'msg':'Input should be less than or equal to 1000000','input':1000001,"
		     "'ctx':{'le':1000000}}]"),
		ROW("users.list of no accounts has no pages", lists_nobody),
		CASE("users.list sorts", AS_ROOT, &users_list, "{'sort':'-username'}", APP_OK,
		     PAGE(ROOT_JSON "," ADA_JSON, "2", "1", "20", "1")),
		CASE("users.list filters", AS_ROOT, &users_list, "{'is_superuser':false}", APP_OK,
		     PAGE(ADA_JSON, "1", "1", "20", "1")),
		CASE("users.list filters by a part of the e-mail", AS_ROOT, &users_list,
		     "{'email__like':'ada@'}", APP_OK, PAGE(ADA_JSON, "1", "1", "20", "1")),
		CASE("users.list searches names", AS_ROOT, &users_list, "{'q':'king'}", APP_OK,
		     PAGE(ADA_JSON, "1", "1", "20", "1")),
		CASE("users.list gives the fields that are asked for", AS_ROOT, &users_list,
		     "{'fields':'id,username','id':2}", APP_OK,
		     PAGE("{'id':2,'username':'Ada'}", "1", "1", "20", "1")),
		ROW("users.list includes posts", includes_posts),
		CASE("users.list includes nothing else", AS_ROOT, &users_list,
		     "{'include':'password'}", APP_INVALID,
		     "[{'type':'value_error','loc':['body','include'],'msg':'Value error, "
		     "\"password\" cannot be included; there are: posts','input':'password',"
		     "'ctx':{'error':{}}}]"),
		CASE("users.list cannot be filtered by the hash", AS_ROOT, &users_list,
		     "{'password_hash__like':'$'}", APP_INVALID,
		     "[{'type':'extra_forbidden','loc':['body','password_hash__like'],"
		     "'msg':'Extra inputs are not permitted'}]"),
		CASE("users.stats takes no input", AS_ROOT, &users_stats, "{'by':1}", APP_INVALID,
		     "[{'type':'extra_forbidden','loc':['body','by'],"
		     "'msg':'Extra inputs are not permitted','input':1}]"),
		CASE("users.recent gives the newest first", AS_ROOT, &users_recent, "{}", APP_OK,
		     "{'items':[" ADA_JSON "," ROOT_JSON "]}"),
		CASE("users.recent gives as many as asked for", AS_ROOT, &users_recent,
		     "{'limit':1}", APP_OK, "{'items':[" ADA_JSON "]}"),
		CASE("users.recent gives 1 to 100", AS_ROOT, &users_recent, "{'limit':101}",
		     APP_INVALID,
		     "[{'type':'less_than_equal','loc':['body','limit'],"
		     "'msg':'Input should be less than or equal to 100','input':101,"
		     "'ctx':{'le':100}}]"),
		ROW("users.recent gives those of the last days", lists_the_last_days),
		CASE("users.recent takes a day at least", AS_ROOT, &users_recent, "{'days':0}",
		     APP_INVALID,
		     "[{'type':'greater_than_equal','loc':['body','days'],"
		     "'msg':'Input should be greater than or equal to 1','input':0,"
		     "'ctx':{'ge':1}}]"),
		CASE("users.recent is not for users", AS_ADA, &users_recent, "{}", APP_FORBIDDEN,
		     "You lack the permission users.read"),
		CASE("users.stats counts", AS_ROOT, &users_stats, "", APP_OK,
		     STATS("2", "2", "1", "0", "2", "0", "2")),
		ROW("users.stats of no accounts is nothing but zeros", averages_nobody),
		ROW("users.stats counts by day and forgets older ones", counts_by_day),
		CASE("users.stats is not for users", AS_ADA, &users_stats, "", APP_FORBIDDEN,
		     "You lack the permission users.read"),
		CASE("users.list is not for everyone", AS_NOBODY, &users_list, "{}",
		     APP_UNAUTHENTICATED, "Not authenticated"),
		CASE("users.list is not for users", AS_ADA, &users_list, "{}", APP_FORBIDDEN,
		     "You lack the permission users.read"),
		CASE("users.get gives an account", AS_ROOT, &users_get, "{'user_id':2}", APP_OK,
		     ADA_JSON),
		CASE("users.get of an unknown id is not found", AS_ROOT, &users_get,
		     "{'user_id':3}", APP_NOT_FOUND, "User not found"),
		CASE("users.get of the largest id is not found", AS_ROOT, &users_get,
		     "{'user_id':9007199254740991}", APP_NOT_FOUND, "User not found"),
		CASE("users.get wants a number", AS_ROOT, &users_get, "{'user_id':'2'}",
		     APP_INVALID,
		     "[{'type':'int_type','loc':['body','user_id'],"
		     "'msg':'Input should be a valid integer','input':'2'}]"),
		CASE("users.get is not for everyone", AS_NOBODY, &users_get, "{'user_id':2}",
		     APP_UNAUTHENTICATED, "Not authenticated"),
		CASE("users.get is not for users, not even of themselves", AS_ADA, &users_get,
		     "{'user_id':2}", APP_FORBIDDEN, "You lack the permission users.read"),
		CASE("users.me gives your own account", AS_ADA, &users_me, "", APP_OK, ADA_JSON),
		CASE("users.me is not for everyone", AS_NOBODY, &users_me, "", APP_UNAUTHENTICATED,
		     "Not authenticated"),
		CASE("users.me of the command line is nobody", AS_SYSTEM, &users_me, "",
		     APP_NOT_FOUND, "User not found"),
		ROW_OF("users_find takes the username", finds_by, "Ada"),
		ROW_OF("users_find takes the username in any case", finds_by, "aDA"),
		ROW_OF("users_find takes the e-mail in any case", finds_by, "ada@EXAMPLE.com"),
		ROW_OF("users_find finds no part of a name", finds_nobody, "ad"),
		ROW_OF("users_find takes a pattern as text", finds_nobody, "%"),
		ROW_OF("users_find takes SQL as text", finds_nobody, "' OR 1=1 --"),
	};
	return store_run("modules/users/queries", rows, COUNT_OF(rows), NULL, NULL);
}
