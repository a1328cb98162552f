/*
 * The audit as superusers read it: newest first, by account, by row, since a moment, and as lines.
 */
#include "testing/stage.h"

#include <string.h>

#include "modules/audit.h"
#include "modules/posts/internal.h"
#include "testing/json.h"
#include "testing/store.h"

static struct stage stage;

enum { DAYS = 5 };

/* Ada makes a post each day, then changes the first. */
static int open_stage(void **state)
{
	(void)state;
	stage_open(&stage);
	struct ctx *c = &stage.scene.c;
	for (int day = 1; day <= DAYS; day++) {
		stage.clock.us += DAY_US;
		stage_call_ok(&stage, AS_ADA, &posts_create,
			      arena_printf(c->arena, "{'title':'day %d'}", day));
	}
	stage_call_ok(&stage, AS_ADA, &posts_update, "{'post_id':1,'title':'one'}");
	return 0;
}

static int close_stage(void **state)
{
	(void)state;
	stage_close(&stage);
	return 0;
}

/* The ids of the rows, in their order: "8 7 6". */
static const char *ids_in(const char *answer)
{
	struct buf ids;
	buf_init(&ids, stage.scene.c.arena);
	for (const char *at = answer; (at = strstr(at, "{'id':"));) {
		at += strlen("{'id':");
		buf_printf(&ids, "%s%.*s", ids.len ? " " : "", (int)strcspn(at, ","), at);
	}
	return buf_text(&ids);
}

struct asked {
	const struct operation *op;
	const char *json, *ids;
};

static void finds(void **state)
{
	const struct asked *it = *state;
	const char *answer = stage_call_ok(&stage, AS_ROOT, it->op, it->json);
	assert_string_equal(ids_in(answer), it->ids);
}

#define FINDS(sentence, ...) \
	{ \
		sentence, finds, open_stage, close_stage, (&(struct asked){ __VA_ARGS__ }) \
	}
#define CASE_AT(sentence, fn) \
	{ \
		sentence, fn, open_stage, close_stage, NULL \
	}

static void a_row_says_all(void **state)
{
	(void)state;
	const char *answer = stage_call_ok(&stage, AS_ROOT, &audit_list,
					   "{'since':'2026-01-07T00:00:00Z','subject':'posts',"
					   "'subject_id':1}");
	assert_string_equal(
		answer, "{'items':[{'id':8,'at':'2026-01-07T03:04:05Z','operation':'posts.update',"
			"'outcome':'ok','actor':'user','user_id':2,'key_id':null,'address':null,'"
			"request_id':null,"
			"'subject':'posts','subject_id':1,'change':{'post_id':1,'title':'one'}}],"
			"'total':1,'page':1,'per_page':20,'pages':1,'next_cursor':null}");
}

static void lines_are_json(void **state)
{
	(void)state;
	const char *answer = stage_call_ok(&stage, AS_ROOT, &audit_export, "{'after':2,'count':2}");
	assert_string_equal(
		answer,
		"{'id':3,'at':'2026-01-03T03:04:05Z','operation':'posts.create','outcome':'ok',"
		"'actor':'user','user_id':2,'key_id':null,'address':null,'request_id':null,'"
		"subject':'posts',"
		"'subject_id':1,'change':{'title':'day 1','content':'','status':'draft'}}\n"
		"{'id':4,'at':'2026-01-04T03:04:05Z','operation':'posts.create','outcome':'ok',"
		"'actor':'user','user_id':2,'key_id':null,'address':null,'request_id':null,'"
		"subject':'posts',"
		"'subject_id':2,'change':{'title':'day 2','content':'','status':'draft'}}\n");
}

static void it_is_not_for_all(void **state)
{
	(void)state;
	const char *answer;
	assert_int_equal(stage_call(&stage, AS_ADA, &audit_list, "{}", &answer), APP_FORBIDDEN);
	assert_int_equal(stage_call(&stage, AS_ADA, &audit_export, "{}", &answer), APP_FORBIDDEN);
	assert_int_equal(stage_call(&stage, AS_NOBODY, &audit_list, "{}", &answer),
			 APP_UNAUTHENTICATED);
}

static void half_a_name_is_refused(void **state)
{
	(void)state;
	const char *answer;
	assert_int_equal(stage_call(&stage, AS_ROOT, &audit_list, "{'subject':'posts'}", &answer),
			 APP_INVALID);
	assert_non_null(strstr(answer, "'loc':['body','subject_id']"));
	assert_int_equal(stage_call(&stage, AS_ROOT, &audit_list, "{'subject_id':1}", &answer),
			 APP_INVALID);
	assert_non_null(strstr(answer, "'loc':['body','subject']"));
}

static void an_empty_one_is_read(void **state)
{
	(void)state;
	stage_exec(&stage, "DELETE FROM audit");
	assert_string_equal(
		stage_call_ok(&stage, AS_ROOT, &audit_export, "{'since':'2026-01-02T00:00:00Z'}"),
		"");
	assert_string_equal(ids_in(stage_call_ok(&stage, AS_ROOT, &audit_list,
						 "{'since':'2026-01-02T00:00:00Z'}")),
			    "");
}

/* From each moment on: what a look at every row would find. */
static void since_finds_what_a_look_would(void **state)
{
	(void)state;
	struct ctx *c = &stage.scene.c;
	stage_exec(&stage, "DELETE FROM audit WHERE id = 5");
	for (int day = 1; day <= 8; day++) {
		const char *sql = arena_printf(
			c->arena, "SELECT count(*) FROM audit WHERE at >= %lld",
			(long long)(1767236400000000 + day * (long long)DAY_US));
		const char *json = arena_printf(c->arena, "{'since':'2026-01-%02dT03:00:00Z'}",
						day + 1);
		int64_t want = stage_int(&stage, sql);
		stage_call_ok(&stage, AS_ROOT, &audit_list, json);
		assert_int_equal(json_int(buf_text(&stage.out), "total"), want);
	}
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE_AT("a row says who did what, when, to which row", a_row_says_all),
		FINDS("the newest come first", &audit_list, "{}", "8 7 6 5 4 3 2 1"),
		FINDS("unless it is asked otherwise", &audit_list, "{'sort':'id','per_page':2}",
		      "1 2"),
		FINDS("what an account had done", &audit_list, "{'user_id':'2','per_page':3}",
		      "8 7 6"),
		FINDS("the history of a row", &audit_list, "{'subject':'posts','subject_id':1}",
		      "8 3"),
		FINDS("the history of what is no row", &audit_list,
		      "{'subject':'posts','subject_id':99}", ""),
		FINDS("one operation", &audit_list, "{'operation':'posts.update'}", "8"),
		CASE_AT("a row is named by both", half_a_name_is_refused),
		FINDS("what was done since a moment", &audit_list,
		      "{'since':'2026-01-05T03:04:05Z'}", "8 7 6 5"),
		FINDS("what an account had done since", &audit_list,
		      "{'since':'2026-01-06T00:00:00Z','user_id':'2'}", "8 7 6"),
		FINDS("lines since a moment", &audit_export, "{'since':'2026-01-07T00:00:00Z'}",
		      "7 8"),
		FINDS("lines after one, and since", &audit_export,
		      "{'since':'2026-01-06T00:00:00Z','after':6}", "7 8"),
		FINDS("lines after the last", &audit_export, "{'after':8}", ""),
		CASE_AT("lines are objects", lines_are_json),
		CASE_AT("since finds what a look at each row would", since_finds_what_a_look_would),
		CASE_AT("one without rows", an_empty_one_is_read),
		CASE_AT("only superusers read it", it_is_not_for_all),
	};
	return store_run("modules/audit/queries", rows, COUNT_OF(rows), NULL, NULL);
}
