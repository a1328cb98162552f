/* Writing, changing, deleting and restoring posts: what is stored, what is refused, who may. */
#include "modules/posts/fixture.h"
#include "modules/users/internal.h"
#include "testing/store.h"

#include <string.h>

#define FORBIDDEN_TEXT(permission) \
	"This post is another's: you lack the permission posts." permission ".any"
#define FAULT(type, loc, msg, more) \
	"{'type':'" type "','loc':['body'," loc "],'msg':'" msg "'" more "}"
#define STATUSES "\"draft\", \"published\" or \"archived\""
#define STATUS_FAULT(loc, input) \
	FAULT("literal_error", loc, "Input should be " STATUSES, \
	      ",'input':'" input "','ctx':{'expected':'" STATUSES "'}")
#define NO_TITLE(loc, input) FAULT("missing", loc, "Field required", ",'input':" input)

static void publishes_once(void **state)
{
	(void)state;
	static const char sql[] = "SELECT (published_at - created_at) / 1000000 FROM posts"
				  " WHERE id = 2";
	struct stage s;
	const char *answer;
	posts_open(&s);
	s.clock.us += SECONDS_US(5);
	stage_ok(&s, stage_call(&s, AS_ADA, &posts_update, "{'post_id':2,'status':'published'}",
				&answer));
	assert_int_equal(stage_int(&s, sql), 5);
	s.clock.us += SECONDS_US(5);
	stage_ok(&s, stage_call(&s, AS_ADA, &posts_update, "{'post_id':2,'status':'archived'}",
				&answer));
	stage_ok(&s, stage_call(&s, AS_ADA, &posts_update, "{'post_id':2,'status':'published'}",
				&answer));
	assert_int_equal(stage_int(&s, sql), 5);
	stage_close(&s);
}

static void restores(void **state)
{
	(void)state;
	struct stage s;
	posts_open(&s);
	stage_expect(&s,
		     &(struct stage_case){ AS_BOB, &posts_delete, "{'post_id':4}", APP_OK, "" });
	stage_expect(&s, &(struct stage_case){ AS_BOB, &posts_delete, "{'post_id':4}",
					       APP_NOT_FOUND, "Post not found" });
	stage_expect(&s, &(struct stage_case){ AS_BOB, &posts_update, "{'post_id':4,'title':'x'}",
					       APP_NOT_FOUND, "Post not found" });
	stage_expect(&s, &(struct stage_case){ AS_ADA, &posts_restore, "{'post_id':4}",
					       APP_NOT_FOUND, "Post not found" });
	const char *answer;
	stage_ok(&s, stage_call(&s, AS_BOB, &posts_restore, "{'post_id':4}", &answer));
	assert_non_null(strstr(answer, "'title':'Secret plan'"));
	assert_non_null(strstr(answer, "'username':'bob'"));
	stage_ok(&s, stage_call(&s, AS_BOB, &posts_get, "{'post_id':4}", &answer));
	stage_close(&s);
}

static void superusers_restore_any(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	stage_ok(&s, stage_call(&s, AS_BOB, &posts_delete, "{'post_id':4}", &answer));
	stage_ok(&s, stage_call(&s, AS_ROOT, &posts_restore, "{'post_id':4}", &answer));
	assert_non_null(strstr(answer, "'title':'Secret plan'"));
	stage_ok(&s, stage_call(&s, AS_BOB, &posts_get, "{'post_id':4}", &answer));
	stage_close(&s);
}

static void batch_writes_all(void **state)
{
	(void)state;
	struct stage s;
	posts_open(&s);
	stage_expect(&s, &(struct stage_case){ AS_BOB, &posts_create_batch,
					       "{'items':[{'title':'a','tags':['Math','new']},"
					       "{'title':'b','status':'published'}]}",
					       APP_OK, "{'ids':[6,7],'count':2}" });
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM posts WHERE author_id = 3 AND id > 5"),
			 2);
	assert_int_equal(stage_int(&s, "SELECT count(published_at) FROM posts WHERE id > 5"), 1);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM post_tags WHERE post_id = 6"), 2);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM tags"), 3);
	stage_close(&s);
}

/* A batch of as many posts as the state says. */
static enum app_err write_batch(struct stage *s, int count, const char **ret_answer)
{
	struct buf json;
	buf_init(&json, s->scene.c.arena);
	buf_add_lit(&json, "{'items':[");
	for (int i = 0; i < count; i++)
		buf_printf(&json, "%s{'title':'post %d'}", i ? "," : "", i);
	buf_add_lit(&json, "]}");
	return stage_call(s, AS_BOB, &posts_create_batch, buf_text(&json), ret_answer);
}

static void batch_has_a_bound(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	assert_int_equal(write_batch(&s, POST_BATCH_MAX + 1, &answer), APP_INVALID);
	assert_non_null(strstr(answer, "'type':'too_long','loc':['body','items']"));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM posts"), 5);
	stage_ok(&s, write_batch(&s, POST_BATCH_MAX, &answer));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM posts"), 5 + POST_BATCH_MAX);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM posts WHERE title = 'post 7'"
				       " AND id = 13"),
			 1);
	stage_close(&s);
}

static void takes_posts_along(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_delete, "{'user_id':3}", &answer));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM posts"), 2);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM post_tags"), 2);
	stage_close(&s);
}

#define CONTROLS "\\\\x00-\\\\x1f\\\\x7f-\\\\x9f\\\\u2028\\\\u2029"
#define TAG_PATTERN "^[^\\\\s" CONTROLS "]([^" CONTROLS "]*[^\\\\s" CONTROLS "])?$"
#define BAD_TAG(input) \
	FAULT("string_pattern_mismatch", "'tags',0", \
	      "String should match pattern \"" TAG_PATTERN "\"", \
	      ",'input':'" input "','ctx':{'pattern':'" TAG_PATTERN "'}")

int main(void)
{
	const struct CMUnitTest rows[] = {
		POSTS_CASE("posts.create answers the new post", AS_ADA, &posts_create,
			   "{'title':'T','content':'C','status':'published',"
			   "'tags':['MATH','new']}",
			   APP_OK,
			   ADA_POST("6", "T", "C", "published",
				    TAG("2", "math") "," TAG("3", "new"), AT_STAGE)),
		POSTS_CASE("posts.create of a title alone makes a draft", AS_ADA, &posts_create,
			   "{'title':'T'}", APP_OK, ADA_POST("6", "T", "", "draft", "", "null")),
		POSTS_CASE("posts.create takes a tag that is named twice once", AS_ADA,
			   &posts_create, "{'title':'T','tags':['new','NEW']}", APP_OK,
			   ADA_POST("6", "T", "", "draft", TAG("3", "new"), "null")),
		POSTS_CASE("posts.create takes a tag in any case and encoding once", AS_ADA,
			   &posts_create,
			   "{'title':'T','tags':['\u00C9t\u00E9','e\u0301t\u00E9',"
			   "'\u00E9TE\u0301','\uFF2DATH']}",
			   APP_OK,
			   ADA_POST("6", "T", "", "draft",
				    TAG("2", "math") "," TAG("3", "\u00C9t\u00E9"), "null")),
		POSTS_CASE("posts.create refuses a tag of which nothing can be seen", AS_ADA,
			   &posts_create, "{'title':'T','tags':['new','\u200B']}", APP_INVALID,
			   "[{'type':'value_error','loc':['body','tags'],"
			   "'msg':'Value error, a tag needs a character that can be seen',"
			   "'ctx':{'error':{}}}]"),
		POSTS_REFUSED(
			"posts.create reports every fault", AS_ADA, &posts_create,
			"{'status':'lost','tags':['']}", APP_INVALID,
			"[" NO_TITLE("'title'", "{'status':'lost','tags':['']}") "," STATUS_FAULT(
				"'status'", "lost") "," BAD_TAG("") "]"),
		POSTS_REFUSED("posts.create takes no tag with a control character beyond ASCII",
			      AS_ADA, &posts_create, "{'title':'T','tags':['a\\u009bb']}",
			      APP_INVALID,
			      "[" BAD_TAG("a\xc2\x9b"
					  "b") "]"),
		POSTS_REFUSED("posts.create takes no tag that ends in white space of Unicode",
			      AS_ADA, &posts_create, "{'title':'T','tags':['a\\u0085']}",
			      APP_INVALID, "[" BAD_TAG("a\xc2\x85") "]"),
		POSTS_REFUSED("posts.create takes no tag of two lines", AS_ADA, &posts_create,
			      "{'title':'T','tags':['a\\u2028b']}", APP_INVALID,
			      "[" BAD_TAG("a\\u2028b") "]"),
		POSTS_REFUSED("posts.create is not for everyone", AS_NOBODY, &posts_create,
			      "{'title':'T'}", APP_UNAUTHENTICATED, "Not authenticated"),
		POSTS_REFUSED("posts.create needs an author", AS_SYSTEM, &posts_create,
			      "{'title':'T'}", APP_CONFLICT,
			      "A post needs an author: sign in as a user to write one"),

		ROW("posts.create_batch writes all and answers their ids", batch_writes_all),
		ROW("posts.create_batch takes 1000 posts, not 1001", batch_has_a_bound),
		POSTS_REFUSED("posts.create_batch names every faulty row and writes none", AS_BOB,
			      &posts_create_batch,
			      "{'items':[{'title':'fine'},{},{'title':'t',"
			      "'status':'x'}]}",
			      APP_INVALID,
			      "[" NO_TITLE("'items',1,'title'",
					   "{}") "," STATUS_FAULT("'items',2,'status'", "x") "]"),
		POSTS_REFUSED("posts.create_batch needs an author", AS_SYSTEM, &posts_create_batch,
			      "{'items':[{'title':'T'}]}", APP_CONFLICT,
			      "A post needs an author: sign in as a user to write one"),

		POSTS_CASE("posts.create of an author who is gone meanwhile is signed out", AS_GONE,
			   &posts_create, "{'title':'T','tags':['new']}", APP_UNAUTHENTICATED,
			   "Could not validate credentials"),
		POSTS_CASE("posts.create_batch of an author who is gone meanwhile is signed out",
			   AS_GONE, &posts_create_batch, "{'items':[{'title':'T'}]}",
			   APP_UNAUTHENTICATED, "Could not validate credentials"),
		POSTS_CASE("posts.update of who is gone meanwhile is signed out", AS_GONE,
			   &posts_update, "{'post_id':4,'title':'T'}", APP_UNAUTHENTICATED,
			   "Could not validate credentials"),
		POSTS_CASE("posts.delete of who is gone meanwhile is signed out", AS_GONE,
			   &posts_delete, "{'post_id':3}", APP_UNAUTHENTICATED,
			   "Could not validate credentials"),
		POSTS_CASE("posts.restore of who is gone meanwhile is signed out", AS_GONE,
			   &posts_restore, "{'post_id':3}", APP_UNAUTHENTICATED,
			   "Could not validate credentials"),
		POSTS_CASE("posts.update changes only what is given", AS_BOB, &posts_update,
			   "{'post_id':4,'tags':[]}", APP_OK,
			   BOB_CHANGED("4", "Secret plan", "", "draft", "", "null")),
		POSTS_CASE("posts.update changes everything at once", AS_BOB, &posts_update,
			   "{'post_id':4,'title':'T','content':'C','status':'published',"
			   "'tags':['new']}",
			   APP_OK,
			   BOB_CHANGED("4", "T", "C", "published", TAG("3", "new"), AT_STAGE)),
		POSTS_CASE("posts.update lets superusers change any post", AS_ROOT, &posts_update,
			   "{'post_id':4,'content':'C'}", APP_OK,
			   BOB_CHANGED("4", "Secret plan", "C", "draft", TAG("2", "math"), "null")),
		POSTS_REFUSED("posts.update of another's published post is forbidden", AS_ADA,
			      &posts_update, "{'post_id':3,'title':'mine'}", APP_FORBIDDEN,
			      FORBIDDEN_TEXT("update")),
		POSTS_REFUSED("posts.update of an unknown id is not found", AS_ROOT, &posts_update,
			      "{'post_id':9,'title':'x'}", APP_NOT_FOUND, "Post not found"),
		ROW("a post keeps the time it was published first", publishes_once),

		POSTS_REFUSED("posts.delete of another's published post is forbidden", AS_ADA,
			      &posts_delete, "{'post_id':3}", APP_FORBIDDEN,
			      FORBIDDEN_TEXT("delete")),
		POSTS_REFUSED("posts.restore of a post that is not deleted is not found", AS_BOB,
			      &posts_restore, "{'post_id':4}", APP_NOT_FOUND, "Post not found"),
		ROW("posts.delete hides a post until posts.restore brings it back", restores),
		ROW("posts.restore brings back what another deleted, for superusers",
		    superusers_restore_any),
		ROW("an account takes its posts along", takes_posts_along),
	};
	return store_run("modules/posts/commands", rows, COUNT_OF(rows), NULL, NULL);
}
