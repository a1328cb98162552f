/*
 * The full-text index of posts stays true whoever changes the table: operations, SQL of migrations
 * and tools, cascades, softly deleted rows, writes that are undone. What words mean is in
 * tests/core/model/test_search.c.
 */
#include "modules/posts/fixture.h"
#include "modules/users/internal.h"
#include "testing/await.h"
#include "testing/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The index compared with the table: SQLite fails the statement when they differ; PostgreSQL's is a
 * part of the row.
 */
static void index_is_true(struct stage *s)
{
	ctx_recover(&s->scene.c);
	if (!store_is_postgres)
		stage_exec(s,
			   "INSERT INTO posts_fts (posts_fts, rank) VALUES ('integrity-check', 1)");
}

/* Ids of the posts that a superuser finds, such as "1,4". */
static void finds(struct stage *s, const char *q, const char *ids)
{
	const char *answer;
	char json[256], found[64] = "";
	snprintf(json, sizeof(json), "{'q':'%s','fields':'id'}", q);
	stage_ok(s, stage_call(s, AS_ROOT, &posts_list, json, &answer));
	for (const char *at = answer; (at = strstr(at, "{'id':")); at++)
		snprintf(found + strlen(found), sizeof(found) - strlen(found), "%s%d",
			 *found ? "," : "", atoi(at + strlen("{'id':")));
	assert_string_equal(found, ids);
}

static void call(struct stage *s, const struct operation *op, const char *json)
{
	const char *answer;
	stage_ok(s, stage_call(s, AS_ROOT, op, json, &answer));
}

static void follows_operations(void **state)
{
	(void)state;
	struct stage s;
	posts_open(&s);
	finds(&s, "engin", "1");
	call(&s, &posts_update, "{'post_id':1,'title':'Looms'}");
	finds(&s, "engin", "");
	finds(&s, "loom wheel", "1");
	call(&s, &posts_update, "{'post_id':1,'status':'archived','tags':['engines']}");
	finds(&s, "loom wheel", "1");
	call(&s, &posts_delete, "{'post_id':1}");
	finds(&s, "loom", "");
	call(&s, &posts_restore, "{'post_id':1}");
	finds(&s, "loom", "1");
	call(&s, &posts_create_batch,
	     "{'items':[{'title':'Loom one'},{'title':'Two','content':'a loom'}]}");
	finds(&s, "loom", "1,6,7");
	index_is_true(&s);
	stage_close(&s);
}

static void follows_sql(void **state)
{
	(void)state;
	struct stage s;
	posts_open(&s);
	stage_exec(&s, "INSERT INTO posts (author_id, title, content, created_at, updated_at)"
		       " VALUES (1, 'Raw', 'by hand', 0, 0)");
	finds(&s, "hand", "6");
	stage_exec(&s, "UPDATE posts SET content = 'by hand', status = 'draft' WHERE id < 3");
	finds(&s, "hand", "1,2,6");
	stage_exec(&s, "UPDATE posts SET id = 60 WHERE id = 6");
	finds(&s, "hand", "1,2,60");
	stage_exec(&s, "DELETE FROM posts WHERE id = 2");
	finds(&s, "hand", "1,60");
	index_is_true(&s);
	stage_exec(&s, "DELETE FROM posts");
	finds(&s, "hand", "");
	index_is_true(&s);
	stage_close(&s);
}

static void follows_cascades(void **state)
{
	(void)state;
	struct stage s;
	posts_open(&s);
	finds(&s, "plan", "4,5");
	call(&s, &users_delete, "{'user_id':3}");
	finds(&s, "plan", "");
	index_is_true(&s);
	stage_close(&s);
}

static enum app_err insert_and_fail(struct ctx *c, void *arg)
{
	enum app_err err = stage_exec_write(c, arg);
	return err ? err : ctx_fail(c, APP_CONFLICT, "no");
}

static void follows_what_is_undone(void **state)
{
	(void)state;
	struct stage s;
	static const char sql[] = "INSERT INTO posts (author_id, title, created_at, updated_at)"
				  " VALUES (1, 'Undone', 0, 0)";
	posts_open(&s);
	assert_int_equal(db_write(&s.scene.c, insert_and_fail, (void *)(uintptr_t)sql),
			 APP_CONFLICT);
	finds(&s, "undone", "");
	index_is_true(&s);
	stage_close(&s);
}

static void other_columns_leave_it_alone(void **state)
{
	(void)state;
	static const char size[] = "SELECT count(*) FROM posts_fts_data";
	struct stage s;
	if (store_is_postgres)
		skip(); /* the index is a part of the row there */
	posts_open(&s);
	/* what was written is indexed once nobody writes for a moment */
	AWAIT(stage_int(&s, "SELECT count(*) FROM posts_fts_todo") == 0);
	int64_t before = stage_int(&s, size);
	for (int i = 0; i < 20; i++)
		call(&s, &posts_update, "{'post_id':1,'status':'draft'}");
	assert_int_equal(stage_int(&s, size), before);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("the index follows create, change, delete, restore and batches",
		    follows_operations),
		ROW("the index follows SQL that is no operation", follows_sql),
		ROW("the index follows a deleted account", follows_cascades),
		ROW("the index knows nothing of a write that was undone", follows_what_is_undone),
		ROW("changes of other columns do not touch the index",
		    other_columns_leave_it_alone),
	};
	return store_run("modules/posts/search", rows, COUNT_OF(rows), NULL, NULL);
}
