/* The rows that docs/testing.md tells of: what a row of a module can be made of. */
#include "modules/posts/internal.h"
#include "testing/client.h"
#include "testing/factory.h"
#include "testing/json.h"
#include "testing/server.h"
#include "testing/stage.h"
#include "testing/statements.h"
#include "testing/store.h"

static const struct factory a_post = {
	&posts_create,
	"{'title':'Post #','content':'Words','status':'published','tags':['tag #']}",
};

static void keeps_drafts_from_others(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	int64_t carol = stage_account(&s, "carol");
	factory_make(&s, AS_ADA, &a_post, "{'status':'draft'}");
	stage_expect(&s, &(struct stage_case){ AS_USER(carol), &posts_get, "{'post_id':1}",
					       APP_NOT_FOUND, "Post not found" });
	stage_close(&s);
}

static void says_when_it_was_changed(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	factory_make(&s, AS_ADA, &a_post, NULL);
	s.clock.us += SECONDS_US(90);
	stage_call_ok(&s, AS_ADA, &posts_update, "{'post_id':1,'title':'Bread'}");
	assert_json_has(buf_text(&s.out), "'created_at':'2026-01-02T03:04:05Z'");
	assert_json_has(buf_text(&s.out), "'updated_at':'2026-01-02T03:05:35Z'");
	stage_close(&s);
}

static int64_t titles(struct stage *s)
{
	return stage_int(s, "SELECT sum(length(title)) FROM posts");
}

static void lets_nobody_else_change_it(void **state)
{
	(void)state;
	struct stage s;
	stage_open_three(&s);
	factory_make(&s, AS_ADA, &a_post, NULL);
	stage_refuses(&s,
		      &(struct stage_case){ AS_BOB, &posts_update, "{'post_id':1,'title':'Mine'}",
					    APP_FORBIDDEN,
					    "This post is another's: you lack the permission "
					    "posts.update.any" },
		      titles);
	stage_close(&s);
}

static void asks_as_much_of_many_as_of_few(void **state)
{
	static const char both[] = "{'include':'author,tags','per_page':50,'with_total':false}";
	(void)state;
	struct stage s;
	stage_open(&s);
	factory_make_many(&s, AS_ADA, &a_post, 2);
	assert_statements(&s, AS_ADA, &posts_list, both, 3);
	factory_make_many(&s, AS_ADA, &a_post, 40);
	assert_statements(&s, AS_ADA, &posts_list, both, 3);
	stage_close(&s);
}

static void answers_a_client(void **state)
{
	(void)state;
	struct server server = { 0 };
	server_start(&server, NULL);
	server_sign_in(&server);
	struct reply reply = client_ask(&server, "POST", "/api/v1/posts", "{'title':'Bread'}");
	assert_int_equal(reply.status, 201);
	assert_json_has(reply.body, "'title':'Bread'");
	reply_done(&reply);
	server_end(&server);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("a post wants a title", AS_ADA, &posts_create, "{}", APP_INVALID,
		     "[{'type':'missing','loc':['body','title'],'msg':'Field required',"
		     "'input':{}}]"),
		ROW("nobody else finds a draft", keeps_drafts_from_others),
		ROW("a post says when it was changed", says_when_it_was_changed),
		ROW("nobody else changes a post", lets_nobody_else_change_it),
		ROW("a list asks as much of many posts as of few", asks_as_much_of_many_as_of_few),
	};
	const struct CMUnitTest served[] = {
		ROW("a client makes a post", answers_a_client),
	};
	int failed = rows_run("modules/posts/example server", served, COUNT_OF(served));
	return failed + store_run("modules/posts/example", rows, COUNT_OF(rows), NULL, NULL);
}
