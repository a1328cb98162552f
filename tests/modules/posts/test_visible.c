/*
 * Who sees which posts, as a table: every actor, every kind of post. What is seen is seen wherever
 * one looks, and what is not is nowhere.
 */
#include "modules/posts/fixture.h"

#include <string.h>

#include "core/trace.h"
#include "testing/store.h"

/* A draft of an account that has the id which actors without an account have. */
enum { DRAFT_OF_ZERO = 6 };

struct visible_case {
	int who;
	int64_t post_id;
	bool sees;
};

struct find {
	int64_t id;
	struct post post;
};

static enum app_err find_run(struct ctx *c, void *arg)
{
	struct find *find = arg;
	return post_find(c, find->id, &find->post);
}

static void found_or_not(struct stage *s, enum app_err err, const struct find *find, bool sees)
{
	assert_string_equal(app_err_slug(err), app_err_slug(sees ? APP_OK : APP_NOT_FOUND));
	assert_int_equal(find->post.id, sees ? find->id : -1);
	if (err)
		assert_string_equal(ctx_failure_text(&s->scene.c, err), "Post not found");
	ctx_recover(&s->scene.c);
}

static bool list_has(struct stage *s, int64_t id)
{
	struct ctx *c = &s->scene.c;
	struct list_query query;
	struct page page;
	struct model_where visible;
	list_query_init(&query, &post_schema);
	post_visible(c, &visible);
	stage_ok(s, model_list(c, &post_model, &query, &visible, &page));
	const struct post *posts = page.items.items;
	bool has = false;
	for (size_t i = 0; i < page.items.count; i++)
		has |= posts[i].id == id;
	assert_int_equal(page.total.value, page.items.count);
	return has;
}

/* By itself, in a command that wants to change it, and in a list. */
static void is_seen_everywhere_or_nowhere(void **state)
{
	const struct visible_case *k = *state;
	struct stage s;
	posts_open(&s);
	stage_exec(&s, "INSERT INTO users (id, username, username_key, email, email_key,"
		       " created_at, updated_at) VALUES (0, 'zero', 'zero', 'z@z', 'z@z', 1, 1)");
	stage_exec(&s, "INSERT INTO posts (id, author_id, title, created_at, updated_at)"
		       " VALUES (6, 0, 'Of zero', 1, 1)");
	s.scene.c.actor = stage_actor(&s.scene.c, k->who);
	struct find read = { .id = k->post_id, .post.id = -1 }, write = read;
	found_or_not(&s, find_run(&s.scene.c, &read), &read, k->sees);
	found_or_not(&s, db_write(&s.scene.c, find_run, &write), &write, k->sees);
	assert_int_equal(list_has(&s, k->post_id), k->sees);
	stage_close(&s);
}

/* ---- what the database is asked ---- */

static int runs_of(const struct trace *trace, const char *part, int *ret_texts)
{
	int runs = 0;
	*ret_texts = 0;
	for (const struct trace_statement *at = trace_statements(trace); at; at = at->next)
		if (strstr(at->sql, part)) {
			runs += (int)at->runs;
			++*ret_texts;
		}
	return runs;
}

static void all_readers_share_a_statement(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	int texts;
	posts_open(&s);
	struct trace *trace = trace_begin(&s.scene.c);
	stage_ok(&s, stage_call(&s, AS_ADA, &posts_get, "{'post_id':1}", &answer));
	stage_ok(&s, stage_call(&s, AS_BOB, &posts_get, "{'post_id':4}", &answer));
	assert_int_equal(stage_call(&s, AS_ADA, &posts_get, "{'post_id':5}", &answer),
			 APP_NOT_FOUND);
	assert_int_equal(runs_of(trace, " FROM posts WHERE id = $", &texts), 3);
	assert_int_equal(texts, 1);
	trace_end(trace);
	stage_close(&s);
}

/* Whatever the client wants to know of it before. */
static void change_reads_the_post_once(void **state)
{
	const char *const *inputs = *state;
	struct stage s;
	const char *answer;
	int texts;
	posts_open(&s);
	struct trace *trace = trace_begin(&s.scene.c);
	stage_ok(&s, stage_call(&s, AS_ADA, &posts_update, inputs[0], &answer));
	stage_ok(&s, stage_call(&s, AS_BOB, &posts_delete, inputs[1], &answer));
	assert_int_equal(runs_of(trace, " FROM posts WHERE id = $", &texts), 2);
	assert_int_equal(texts, 1);
	trace_end(trace);
	stage_close(&s);
}

#define VISIBLE(sentence, ...) \
	ROW_OF(sentence, is_seen_everywhere_or_nowhere, (&(struct visible_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		VISIBLE("authors see their drafts", AS_ADA, ADA_DRAFT, true),
		VISIBLE("authors see what they published", AS_ADA, ADA_PUBLISHED, true),
		VISIBLE("authors see what they archived", AS_BOB, BOB_ARCHIVED, true),
		VISIBLE("others see what is published", AS_ADA, BOB_PUBLISHED, true),
		VISIBLE("others see no draft", AS_BOB, ADA_DRAFT, false),
		VISIBLE("others see nothing that is archived", AS_ADA, BOB_ARCHIVED, false),
		VISIBLE("superusers see every draft", AS_ROOT, BOB_DRAFT, true),
		VISIBLE("superusers see all that is archived", AS_ROOT, BOB_ARCHIVED, true),
		VISIBLE("the command line sees every draft", AS_SYSTEM, ADA_DRAFT, true),
		VISIBLE("who is not signed in sees what is published", AS_NOBODY, BOB_PUBLISHED,
			true),
		VISIBLE("who is not signed in sees no draft", AS_NOBODY, ADA_DRAFT, false),
		VISIBLE("who is not signed in sees nothing that is archived", AS_NOBODY,
			BOB_ARCHIVED, false),
		VISIBLE("who is not signed in is the author of nothing", AS_NOBODY, DRAFT_OF_ZERO,
			false),
		ROW("posts.get is one statement, the same for all readers",
		    all_readers_share_a_statement),
		ROW_OF("a change and a deletion read the post once, by the same statement",
		       change_reads_the_post_once,
		       (&(const char *const[]){ "{'post_id':1,'status':'draft'}",
						"{'post_id':4}" })),
		ROW_OF("so do those on a condition", change_reads_the_post_once,
		       (&(const char *const[]){ "{'post_id':1,'status':'draft','if_match':'*'}",
						"{'post_id':4,'if_match':'*'}" })),
	};
	return store_run("modules/posts/visible", rows, COUNT_OF(rows), NULL, NULL);
}
