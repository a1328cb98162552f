/* Reading posts: pages, filters, search, relations, and what each reader sees. */
#include "modules/posts/fixture.h"
#include "testing/store.h"

#include <stdio.h>
#include <string.h>

#define FAULT(type, field, msg, more) \
	"[{'type':'" type "','loc':['body','" field "'],'msg':'" msg "'" more "}]"

static void hides_deleted(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	stage_ok(&s, stage_call(&s, AS_ADA, &posts_delete, "{'post_id':1}", &answer));
	stage_expect(&s, &(struct stage_case){ AS_ADA, &posts_list, "{}", APP_OK,
					       PAGE(ROW_2 "," ROW_3, "2", "1", "20", "1") });
	stage_expect(&s, &(struct stage_case){ AS_ROOT, &posts_get, "{'post_id':1}", APP_NOT_FOUND,
					       "Post not found" });
	stage_close(&s);
}

/*
 * Titles as they are sent and as they are changed, found by what a title contains in any case and
 * encoding.
 */
static void finds_parts_of_titles(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	posts_write(&s, AS_ADA, "{'title':'Die \u00D6LM\u00DCHLE'}");
	stage_ok(&s, stage_call(&s, AS_ADA, &posts_update,
				"{'post_id':2,'title':'Gro\u00DFe O\u0308fen'}", &answer));
	stage_expect(&s, &(struct stage_case){ AS_ADA, &posts_list,
					       "{'fields':'id','title__like':'\u00F6l'}", APP_OK,
					       PAGE("{'id':6}", "1", "1", "20", "1") });
	stage_expect(&s, &(struct stage_case){ AS_ADA, &posts_list,
					       "{'fields':'id','title__like':'SSE \u00D6'}", APP_OK,
					       PAGE("{'id':2}", "1", "1", "20", "1") });
	/* equal is equal: a title names nothing */
	stage_expect(&s, &(struct stage_case){ AS_ADA, &posts_list, "{'title':'engines'}", APP_OK,
					       PAGE("", "0", "1", "20", "0") });
	stage_close(&s);
}

static void goes_on_by_cursor(void **state)
{
	(void)state;
	struct stage s;
	char json[512];
	const char *answer;
	posts_open(&s);
	stage_ok(&s, stage_call(&s, AS_ROOT, &posts_list,
				"{'per_page':3,'sort':'-title','fields':'id'}", &answer));
	assert_non_null(strstr(answer, "{'items':[{'id':4},{'id':5},{'id':2}]"));
	const char *cursor = strstr(answer, "'next_cursor':'");
	assert_non_null(cursor);
	cursor += strlen("'next_cursor':'");
	snprintf(json, sizeof(json), "{'per_page':3,'sort':'-title','fields':'id','cursor':'%.*s'}",
		 (int)strcspn(cursor, "'"), cursor);
	stage_ok(&s, stage_call(&s, AS_ROOT, &posts_list, json, &answer));
	assert_non_null(strstr(answer, "{'items':[{'id':1},{'id':3}]"));
	assert_non_null(strstr(answer, "'next_cursor':null"));
	stage_close(&s);
}

/* A cursor belongs to what was asked for, whatever it was called. */
static void a_cursor_goes_on_by_other_names(void **state)
{
	(void)state;
	struct stage s;
	char json[512];
	const char *answer;
	posts_open(&s);
	stage_ok(&s, stage_call(&s, AS_ROOT, &posts_list,
				"{'skip':1,'limit':2,'ordering':'-id','fields':'id',"
				"'filters':'id:[1,3,4,5],author_id:3'}",
				&answer));
	assert_non_null(strstr(answer, "{'items':[{'id':4},{'id':3}]"));
	stage_ok(&s, stage_call(&s, AS_ROOT, &posts_list,
				"{'limit':2,'order_by':'-id','fields':'id',"
				"'filters':'id:[1,3,4,5],author_id:3'}",
				&answer));
	assert_non_null(strstr(answer, "{'items':[{'id':5},{'id':4}]"));
	const char *cursor = strstr(answer, "'next_cursor':'");
	assert_non_null(cursor);
	cursor += strlen("'next_cursor':'");
	snprintf(json, sizeof(json),
		 "{'per_page':2,'sort':'-id','fields':'id','author_id':3,'id__in':'1,3,4,5',"
		 "'cursor':'%.*s'}",
		 (int)strcspn(cursor, "'"), cursor);
	stage_ok(&s, stage_call(&s, AS_ROOT, &posts_list, json, &answer));
	assert_non_null(strstr(answer, "{'items':[{'id':3}]"));
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		POSTS_CASE("posts.list gives readers what is published, and their own", AS_ADA,
			   &posts_list, "{}", APP_OK,
			   PAGE(ROW_1 "," ROW_2 "," ROW_3, "3", "1", "20", "1")),
		POSTS_CASE(
			"posts.list gives superusers everything", AS_ROOT, &posts_list, "{}",
			APP_OK,
			PAGE(ROW_1 "," ROW_2 "," ROW_3 "," ROW_4 "," ROW_5, "5", "1", "20", "1")),
		POSTS_CASE("posts.list is not for everyone", AS_NOBODY, &posts_list, "{}",
			   APP_UNAUTHENTICATED, "Not authenticated"),
		POSTS_CASE("posts.list sorts", AS_ADA, &posts_list, "{'sort':'-title'}", APP_OK,
			   PAGE(ROW_2 "," ROW_1 "," ROW_3, "3", "1", "20", "1")),
		POSTS_CASE("posts.list filters", AS_ADA, &posts_list, "{'status':'published'}",
			   APP_OK, PAGE(ROW_1 "," ROW_3, "2", "1", "20", "1")),
		POSTS_CASE("posts.list searches title and content", AS_ADA, &posts_list,
			   "{'q':'OF'}", APP_OK, PAGE(ROW_1 "," ROW_3, "2", "1", "20", "1")),
		POSTS_CASE("posts.list searches for the beginnings of words", AS_ADA, &posts_list,
			   "{'q':'don 10'}", APP_OK, PAGE(ROW_2, "1", "1", "20", "1")),
		POSTS_CASE("posts.list takes % for no sign of its own", AS_ADA, &posts_list,
			   "{'q':'100%'}", APP_OK, PAGE(ROW_2, "1", "1", "20", "1")),
		POSTS_CASE("posts.by_user searches, too", AS_ADA, &posts_by_user,
			   "{'user_id':3,'q':'flour'}", APP_OK, PAGE(ROW_3, "1", "1", "20", "1")),
		POSTS_CASE("a search sorts, and filters", AS_ROOT, &posts_list,
			   "{'q':'plan','sort':'-title','status__ne':'published'}", APP_OK,
			   PAGE(ROW_4 "," ROW_5, "2", "1", "20", "1")),
		POSTS_CASE("posts.list gives the fields that are asked for", AS_ADA, &posts_list,
			   "{'fields':'id,title','title__like':'brea'}", APP_OK,
			   PAGE("{'id':3,'title':'Bread'}", "1", "1", "20", "1")),
		ROW("posts.list finds parts of titles in any case and encoding",
		    finds_parts_of_titles),
		POSTS_CASE("posts.list includes author and tags", AS_BOB, &posts_list,
			   "{'include':'author,tags','id__in':'1,4'}", APP_OK,
			   PAGE(ADA_PUBLISHED_JSON "," BOB_DRAFT_JSON, "2", "1", "20", "1")),
		POSTS_CASE("posts.list refuses an unknown filter", AS_ADA, &posts_list,
			   "{'deleted_at':'2026-01-01T00:00:00Z'}", APP_INVALID,
			   FAULT("extra_forbidden", "deleted_at", "Extra inputs are not permitted",
				 ",'input':'2026-01-01T00:00:00Z'")),
		ROW("posts.list goes on by cursor in any order", goes_on_by_cursor),
		POSTS_CASE("posts.list skips rows, and says the page of the first", AS_ROOT,
			   &posts_list, "{'skip':3,'limit':2,'fields':'id','order_by':'id'}",
			   APP_OK, PAGE("{'id':4},{'id':5}", "5", "2", "2", "3")),
		POSTS_CASE("posts.list skips rows of two conditions", AS_ADA, &posts_list,
			   "{'skip':2,'limit':2,'fields':'id'}", APP_OK,
			   PAGE("{'id':3}", "3", "2", "2", "2")),
		POSTS_CASE("posts.list skips more rows than there are", AS_ADA, &posts_list,
			   "{'skip':50,'fields':'id'}", APP_OK, PAGE("", "3", "3", "20", "1")),
		ROW("a cursor goes on by other names of the same", a_cursor_goes_on_by_other_names),
		ROW("a deleted post is seen nowhere", hides_deleted),
		POSTS_CASE("posts.get gives author and tags", AS_BOB, &posts_get, "{'post_id':1}",
			   APP_OK, ADA_PUBLISHED_JSON),
		POSTS_CASE("posts.get gives authors their drafts", AS_BOB, &posts_get,
			   "{'post_id':4}", APP_OK, BOB_DRAFT_JSON),
		POSTS_CASE("posts.get gives superusers every draft", AS_ROOT, &posts_get,
			   "{'post_id':4}", APP_OK, BOB_DRAFT_JSON),
		POSTS_CASE("posts.get of an unknown id is not found", AS_ROOT, &posts_get,
			   "{'post_id':9}", APP_NOT_FOUND, "Post not found"),
		POSTS_CASE("posts.by_user gives what is published", AS_ADA, &posts_by_user,
			   "{'user_id':3}", APP_OK, PAGE(ROW_3, "1", "1", "20", "1")),
		POSTS_CASE("posts.by_user gives you all of your own", AS_BOB, &posts_by_user,
			   "{'user_id':3,'sort':'-id'}", APP_OK,
			   PAGE(ROW_5 "," ROW_4 "," ROW_3, "3", "1", "20", "1")),
		POSTS_CASE("posts.by_user of an unknown author is empty", AS_ADA, &posts_by_user,
			   "{'user_id':77}", APP_OK, PAGE("", "0", "1", "20", "0")),
	};
	return store_run("modules/posts/queries", rows, COUNT_OF(rows), NULL, NULL);
}
