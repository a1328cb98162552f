/*
 * A stage with a third account, bob, and posts of every status, for the tests of the posts module.
 */
#ifndef CROFT_TESTS_MODULES_POSTS_FIXTURE_H
#define CROFT_TESTS_MODULES_POSTS_FIXTURE_H

#include "modules/posts/internal.h"
#include "testing/stage.h"

/* Ids of the posts of every stage. */
enum { ADA_PUBLISHED = 1, ADA_DRAFT = 2, BOB_PUBLISHED = 3, BOB_DRAFT = 4, BOB_ARCHIVED = 5 };

/* A post as its author gets it; `tags` and `published_at` are JSON. */
#define POST_AT(id, title, content, status, author_id, relations, published_at, updated_at) \
	"{'id':" id ",'title':'" title "','content':'" content "','status':'" status \
	"','author_id':" author_id relations ",'published_at':" published_at \
	",'created_at':'" STAGE_TIME "','updated_at':'" updated_at "'}"
#define POST_ROW(...) POST_AT(__VA_ARGS__, STAGE_TIME)
#define RELATIONS(author_id, username, tags) \
	",'author':{'id':" author_id ",'username':'" username "'},'tags':[" tags "]"
#define ADA_POST(id, title, content, status, tags, published_at) \
	POST_ROW(id, title, content, status, "2", RELATIONS("2", "Ada", tags), published_at)
#define BOB_POST(id, title, content, status, tags, published_at) \
	POST_ROW(id, title, content, status, "3", RELATIONS("3", "bob", tags), published_at)
/* bob's once it was changed: the clock stands still, updated_at does not. */
#define BOB_CHANGED(id, title, content, status, tags, published_at) \
	POST_AT(id, title, content, status, "3", RELATIONS("3", "bob", tags), published_at, \
		"2026-01-02T03:04:05.000001Z")
#define AT_STAGE "'" STAGE_TIME "'"
#define TAG(id, name) "{'id':" id ",'name':'" name "'}"

#define ADA_PUBLISHED_JSON \
	ADA_POST("1", "Engines", "Of wheels", "published", \
		 TAG("1", "machines") "," TAG("2", "math"), AT_STAGE)
#define BOB_DRAFT_JSON BOB_POST("4", "Secret plan", "", "draft", TAG("2", "math"), "null")

/* The same rows in lists, which leave author and tags out. */
#define ROW_1 POST_ROW("1", "Engines", "Of wheels", "published", "2", "", AT_STAGE)
#define ROW_2 POST_ROW("2", "Notes", "100% done", "draft", "2", "", "null")
#define ROW_3 POST_ROW("3", "Bread", "Of flour", "published", "3", "", AT_STAGE)
#define ROW_4 POST_ROW("4", "Secret plan", "", "draft", "3", "", "null")
#define ROW_5 POST_ROW("5", "Old plan", "", "archived", "3", "", "null")

#define PAGE(items, total, page, per_page, pages) \
	"{'items':[" items "],'total':" total ",'page':" page ",'per_page':" per_page \
	",'pages':" pages ",'next_cursor':null}"

static inline void posts_write(struct stage *s, int who, const char *json)
{
	const char *answer;
	stage_ok(s, stage_call(s, who, &posts_create, json, &answer));
}

static inline void posts_open(struct stage *s)
{
	stage_open_three(s);
	posts_write(s, AS_ADA,
		    "{'title':'Engines','content':'Of wheels','status':'published',"
		    "'tags':['machines','math']}");
	posts_write(s, AS_ADA, "{'title':'Notes','content':'100% done'}");
	posts_write(s, AS_BOB, "{'title':'Bread','content':'Of flour','status':'published'}");
	posts_write(s, AS_BOB, "{'title':'Secret plan','tags':['math']}");
	posts_write(s, AS_BOB, "{'title':'Old plan','status':'archived'}");
}

/* The row of a stage_case on a fresh stage. */
static inline void posts_answers(void **state)
{
	struct stage s;
	posts_open(&s);
	stage_expect(&s, *state);
	stage_close(&s);
}

#define POSTS_CASE(sentence, who, op, json, err, answer) \
	ROW_OF(sentence, posts_answers, (&(struct stage_case){ who, op, json, err, answer }))

/* What all posts and tags hold, as one number. */
static inline int64_t posts_sum(struct stage *s)
{
	ctx_recover(&s->scene.c);
	return stage_int(s,
			 "SELECT coalesce(sum(id * 100003 + author_id * 1009 + length(title) * 13 +"
			 " length(content) * 7 + length(status) * 3 + updated_at % 1000003 +"
			 " coalesce(published_at, 5) % 1009 + coalesce(deleted_at, 3) % 1013), 0) +"
			 " (SELECT count(*) FROM tags) * 11 +"
			 " (SELECT coalesce(sum(post_id * 31 + tag_id), 0) FROM post_tags)"
			 " FROM posts");
}

/* A case that must be refused and must leave everything as it was. */
static inline void posts_refuses(void **state)
{
	struct stage s;
	posts_open(&s);
	stage_refuses(&s, *state, posts_sum);
	stage_close(&s);
}

#define POSTS_REFUSED(sentence, who, op, json, err, answer) \
	ROW_OF(sentence, posts_refuses, (&(struct stage_case){ who, op, json, err, answer }))

#endif
