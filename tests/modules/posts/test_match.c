/* Changes under If-Match. A stale tag is refused, and of many who hold the same tag one wins. */
#include "modules/posts/fixture.h"

#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "core/json.h"
#include "testing/json.h"
#include "testing/store.h"

/* threaded */

enum { WRITERS = 50 };

/* The ETag of post 4 as it is, written as JSON text of tests. */
static const char *etag_json(struct stage *s)
{
	struct post post;
	char etag[MODEL_ETAG_ROOM];
	struct buf json;
	stage_ok(s, model_get(&s->scene.c, &post_model, BOB_DRAFT, &post));
	model_etag(&post_schema, &post, etag);
	assert_true(etag[0] == '"');
	buf_init(&json, s->scene.c.arena);
	json_add_text(&json, etag, strlen(etag));
	return json_swapped(s->scene.c.arena, buf_text(&json));
}

static const char *update_json(struct stage *s, const char *tag, const char *more)
{
	return arena_printf(s->scene.c.arena, "{'post_id':4,'if_match':%s%s}", tag, more);
}

static void takes_a_fresh_tag(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	const char *json = update_json(&s, etag_json(&s), ",'title':'T'");
	stage_ok(&s, stage_call(&s, AS_BOB, &posts_update, json, &answer));
	assert_non_null(strstr(answer, "'title':'T'"));
	stage_close(&s);
}

static void refuses_a_stale_tag(void **state)
{
	const struct operation *op = *state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	const char *json = update_json(&s, etag_json(&s), "");
	stage_ok(&s, stage_call(&s, AS_BOB, &posts_update, "{'post_id':4,'title':'T'}", &answer));
	int64_t before = posts_sum(&s);
	assert_int_equal(stage_call(&s, AS_BOB, op, json, &answer), APP_PRECONDITION_FAILED);
	assert_int_equal(posts_sum(&s), before);
	stage_close(&s);
}

static void new_tags_make_a_new_etag(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	const char *before = etag_json(&s);
	stage_ok(&s, stage_call(&s, AS_BOB, &posts_update, "{'post_id':4,'tags':['x']}", &answer));
	assert_string_not_equal(etag_json(&s), before);
	stage_close(&s);
}

struct writer {
	pthread_t thread;
	struct app *app;
	const struct clock *clock;
	const char *json;
	enum app_err result;
};

static void *writer_run(void *arg)
{
	struct writer *writer = arg;
	struct arena arena;
	struct ctx c;
	struct buf out;
	arena_init(&arena, 0);
	ctx_init(&c, writer->app, &arena);
	c.clock = writer->clock;
	c.actor = stage_actor(&c, AS_BOB);
	buf_init(&out, &arena);
	writer->result = stage_run(&c, &posts_update, writer->json, &out);
	arena_done(&arena);
	return NULL;
}

static void one_of_many_wins(void **state)
{
	(void)state;
	struct stage s;
	struct writer writers[WRITERS];
	posts_open(&s);
	const char *tag = etag_json(&s);
	for (int i = 0; i < WRITERS; i++) {
		const char *more = arena_printf(s.scene.c.arena, ",'title':'writer %d'", i);
		writers[i] = (struct writer){ .app = &s.scene.app,
					      .clock = &s.clock.clock,
					      .json = update_json(&s, tag, more) };
		assert_int_equal(pthread_create(&writers[i].thread, NULL, writer_run, &writers[i]),
				 0);
	}
	int won = -1;
	for (int i = 0; i < WRITERS; i++) {
		pthread_join(writers[i].thread, NULL);
		if (writers[i].result == APP_PRECONDITION_FAILED)
			continue;
		assert_int_equal(writers[i].result, APP_OK);
		assert_int_equal(won, -1);
		won = i;
	}
	assert_int_not_equal(won, -1);
	struct post post;
	stage_ok(&s, model_get(&s.scene.c, &post_model, BOB_DRAFT, &post));
	assert_string_equal(post.title, arena_printf(s.scene.c.arena, "writer %d", won));
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a fresh tag is taken", takes_a_fresh_tag),
		ROW_OF("a stale tag is refused by posts.update", refuses_a_stale_tag,
		       &posts_update),
		ROW_OF("a stale tag is refused by posts.delete", refuses_a_stale_tag,
		       &posts_delete),
		ROW("new tags of a post make a new ETag", new_tags_make_a_new_etag),
		POSTS_REFUSED("a tag that never was is refused", AS_BOB, &posts_update,
			      "{'post_id':4,'if_match':'\\'x\\'','title':'T'}",
			      APP_PRECONDITION_FAILED,
			      "this post was changed since you read it: read it again"),
		POSTS_CASE("* is any state of the post", AS_BOB, &posts_update,
			   "{'post_id':4,'if_match':'*'}", APP_OK, BOB_DRAFT_JSON),
		POSTS_REFUSED("a tag tells nothing about another's draft", AS_ADA, &posts_update,
			      "{'post_id':4,'if_match':'*','title':'T'}", APP_NOT_FOUND,
			      "Post not found"),
		ROW("of 50 changes under the same tag one wins", one_of_many_wins),
	};
	return store_run("modules/posts/match", rows, COUNT_OF(rows), NULL, NULL);
}
