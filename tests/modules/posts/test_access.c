/* What a client must not get at: other people's drafts, and members that are the server's. */
#include "modules/posts/fixture.h"
#include "testing/store.h"

#include <string.h>

#define NOT_FOUND(sentence, op, json) \
	POSTS_REFUSED(sentence, AS_ADA, op, json, APP_NOT_FOUND, "Post not found")
#define EMPTY(sentence, op, json) \
	POSTS_REFUSED(sentence, AS_ADA, op, json, APP_OK, PAGE("", "0", "1", "20", "0"))

#define EXTRA(field, input) \
	"[{'type':'extra_forbidden','loc':['body','" field \
	"'],'msg':'Extra inputs are not permitted','input':" input "}]"
#define BATCH_EXTRA(field, input) \
	"[{'type':'extra_forbidden','loc':['body','items',0,'" field \
	"'],'msg':'Extra inputs are not permitted','input':" input "}]"
/* Each operation that writes, with one member too many. */
#define MASS(field, input) \
	POSTS_REFUSED("posts.create takes no " field, AS_ADA, &posts_create, \
		      "{'title':'T','" field "':" input "}", APP_INVALID, EXTRA(field, input)), \
		POSTS_REFUSED("posts.update takes no " field, AS_ADA, &posts_update, \
			      "{'post_id':1,'" field "':" input "}", APP_INVALID, \
			      EXTRA(field, input)), \
		POSTS_REFUSED("posts.create_batch takes no " field, AS_ADA, &posts_create_batch, \
			      "{'items':[{'title':'T','" field "':" input "}]}", APP_INVALID, \
			      BATCH_EXTRA(field, input))

static void includes_no_draft(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	stage_ok(&s, stage_call(&s, AS_ADA, &posts_list, "{'include':'author,tags'}", &answer));
	assert_non_null(strstr(answer, "'username':'bob'"));
	assert_null(strstr(answer, "plan"));
	assert_null(strstr(answer, "@"));
	assert_null(strstr(answer, "password"));
	stage_close(&s);
}

static void restores_no_foreign(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	stage_ok(&s, stage_call(&s, AS_BOB, &posts_delete, "{'post_id':3}", &answer));
	int64_t before = posts_sum(&s);
	stage_expect(&s, &(struct stage_case){ AS_ADA, &posts_restore, "{'post_id':3}",
					       APP_NOT_FOUND, "Post not found" });
	assert_int_equal(posts_sum(&s), before);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		NOT_FOUND("another's draft is not found", &posts_get, "{'post_id':4}"),
		NOT_FOUND("what another archived is not found", &posts_get, "{'post_id':5}"),
		NOT_FOUND("another's draft is not changed", &posts_update,
			  "{'post_id':4,'title':'mine'}"),
		NOT_FOUND("another's draft is not published", &posts_update,
			  "{'post_id':4,'status':'published'}"),
		NOT_FOUND("another's draft gets no tag", &posts_update,
			  "{'post_id':4,'tags':['mine']}"),
		NOT_FOUND("another's draft is not deleted", &posts_delete, "{'post_id':4}"),
		NOT_FOUND("what another archived is not changed", &posts_update,
			  "{'post_id':5,'title':'mine'}"),
		NOT_FOUND("what another archived is not deleted", &posts_delete, "{'post_id':5}"),
		ROW("what another deleted is not restored", restores_no_foreign),
		EMPTY("a filter by status finds no other's draft", &posts_list,
		      "{'status':'draft','author_id__ne':2}"),
		EMPTY("a filter by author finds no other's draft", &posts_list,
		      "{'author_id':3,'status__ne':'published'}"),
		EMPTY("a filter by id finds no other's draft", &posts_list, "{'id__in':'4,5'}"),
		EMPTY("a filter by title finds no other's draft", &posts_list,
		      "{'title__like':'plan'}"),
		EMPTY("a search finds no other's draft", &posts_list, "{'q':'Secret'}"),
		EMPTY("the posts of an author hold no other's draft", &posts_by_user,
		      "{'user_id':3,'status':'draft'}"),
		ROW("include brings no draft, e-mail or hash along", includes_no_draft),
		MASS("id", "1"),
		MASS("author_id", "1"),
		MASS("author", "1"),
		MASS("published_at", AT_STAGE),
		MASS("created_at", AT_STAGE),
		MASS("updated_at", AT_STAGE),
		MASS("deleted_at", "null"),
	};
	return store_run("modules/posts/access", rows, COUNT_OF(rows), NULL, NULL);
}
