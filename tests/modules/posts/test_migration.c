/*
 * The tables of posts: they refuse what should never get past the schemas, and can be taken back.
 */
#include "modules/posts/fixture.h"
#include "testing/store.h"

#include <string.h>

static void goes_down_and_up_again(void **state)
{
	(void)state;
	const char *things = store_either(
		"SELECT count(*) FROM sqlite_schema WHERE tbl_name IN ('posts', 'tags', "
		"'post_tags')",
		"SELECT count(*) FROM pg_class WHERE (relname LIKE 'post%' OR relname LIKE 'tags%')"
		" AND relnamespace = CAST(current_schema() AS regnamespace)");
	struct stage s;
	posts_open(&s);
	int64_t before = stage_int(&s, things);
	assert_true(before >= 8); /* three tables and five indexes */
	stage_migrate_down(&s, 1);
	assert_int_equal(stage_int(&s, things), 0);
	stage_migrate_up(&s);
	assert_int_equal(stage_int(&s, things), before);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users"), 3);
	stage_close(&s);
}

/* As a database of the version before has them: rows first, the index later. */
static void rows_are_indexed(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	stage_migrate_down(&s, 2);
	stage_exec(&s, "UPDATE posts SET title = 'Looms' WHERE id = 1");
	stage_exec(&s, "DELETE FROM posts WHERE id = 3");
	stage_migrate_up(&s);
	stage_ok(&s, stage_call(&s, AS_ROOT, &posts_list, "{'q':'loom wheel'}", &answer));
	assert_non_null(strstr(answer, "'id':1,"));
	stage_ok(&s, stage_call(&s, AS_ROOT, &posts_list, "{'q':'bread'}", &answer));
	assert_non_null(strstr(answer, "'total':0"));
	stage_ok(&s, stage_call(&s, AS_ROOT, &posts_list, "{'q':'plan'}", &answer));
	assert_non_null(strstr(answer, "'total':2"));
	if (!store_is_postgres)
		stage_exec(&s, "INSERT INTO posts_fts (posts_fts, rank)"
			       " VALUES ('integrity-check', 1)");
	stage_close(&s);
}

/* As a database of the version before has them: in an index of another kind. */
static void rows_change_their_index(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	stage_migrate_down(&s, 5);
	stage_exec(&s, "UPDATE posts SET title = 'Looms' WHERE id = 1");
	stage_exec(&s, "UPDATE posts SET content = '1e5abc' WHERE id = 3");
	stage_migrate_up(&s);
	stage_ok(&s, stage_call(&s, AS_ROOT, &posts_list, "{'q':'loom wheel'}", &answer));
	assert_non_null(strstr(answer, "'total':1,"));
	stage_ok(&s, db_search_finish(&s.scene.c));
	stage_ok(&s, stage_call(&s, AS_ROOT, &posts_list, "{'q':'1e5a'}", &answer));
	assert_non_null(strstr(answer, "'id':3,"));
	stage_ok(&s, stage_call(&s, AS_ROOT, &posts_list, "{'q':'abc'}", &answer));
	assert_non_null(strstr(answer, "'total':0"));
	stage_close(&s);
}

/* ---- the ids of tags ---- */

static int64_t tag_made(struct stage *s, const char *name)
{
	posts_write(s, AS_ADA,
		    arena_printf(&s->scene.arena, "{'title':'Tagged','content':'','tags':['%s']}",
				 name));
	return stage_int(s, arena_printf(&s->scene.arena,
					 "SELECT id FROM tags WHERE name_key = '%s'", name));
}

static void deleted_tag_ids_stay_away(void **state)
{
	(void)state;
	struct stage s;
	posts_open(&s);
	int64_t last = tag_made(&s, "last");
	stage_exec(&s, "DELETE FROM tags WHERE name_key = 'last'");
	assert_true(tag_made(&s, "next") > last);
	stage_close(&s);
}

static void no_tag_follows_the_last_id(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	stage_exec(&s, store_either("INSERT INTO tags (id, name, name_key)"
				    " VALUES (9223372036854775807, 'z', 'z')",
				    "SELECT setval(pg_get_serial_sequence('tags', 'id'),"
				    " 9223372036854775807)"));
	enum app_err err = stage_call(&s, AS_ADA, &posts_create,
				      "{'title':'One','content':'','tags':['more']}", &answer);
	assert_int_equal(err, APP_IDS_EXHAUSTED);
	stage_close(&s);
}

/*
 * How many of the tags that the first post has are there under their ids. In SQL of its own,
 * because posts are read with columns that an older version may not have.
 */
static int64_t tags_kept(struct stage *s)
{
	return stage_int(s, "SELECT count(*) FROM post_tags JOIN tags ON tags.id = tag_id"
			    " WHERE post_id = 1 AND (tag_id = 1 AND name = 'machines'"
			    " OR tag_id = 2 AND name = 'math' OR tag_id = 50 AND name = 'Given')");
}

/* As a database of the version before has them: with rows, and ids that were given by hand. */
static void tags_are_numbered_anew(void **state)
{
	(void)state;
	struct stage s;
	posts_open(&s);
	stage_migrate_down(&s, 7);
	stage_exec(&s, "INSERT INTO tags (id, name, name_key) VALUES (50, 'Given', 'given')");
	stage_exec(&s, "INSERT INTO post_tags (post_id, tag_id) VALUES (1, 50)");
	assert_int_equal(tags_kept(&s), 3);
	int64_t links = stage_int(&s, "SELECT count(*) FROM post_tags");
	stage_migrate_up(&s);
	assert_int_equal(tags_kept(&s), 3);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM post_tags"), links);
	assert_int_equal(tag_made(&s, "after"), 51);
	stage_migrate_down(&s, 7);
	assert_int_equal(tags_kept(&s), 3);
	stage_exec(&s, "DELETE FROM tags WHERE id = 50");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM post_tags WHERE tag_id = 50"), 0);
	stage_migrate_up(&s);
	stage_exec(&s, "DELETE FROM tags WHERE id = 51");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM post_tags WHERE tag_id = 51"), 0);
	stage_close(&s);
}

struct row_case {
	const char *sql, *text;
};

static void refuses(void **state)
{
	const struct row_case *want = *state;
	struct stage s;
	posts_open(&s);
	enum app_err err = db_write(&s.scene.c, stage_exec_write, (void *)(uintptr_t)want->sql);
	assert_int_not_equal(err, APP_OK);
	assert_string_equal(ctx_failure_text(&s.scene.c, err), want->text);
	stage_close(&s);
}

#define REFUSES(sentence, sql, text) ROW_OF(sentence, refuses, (&(struct row_case){ sql, text }))
#define NO_REFERENCE "what this refers to does not exist, or something else still refers to it"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("the id of a deleted tag never comes back", deleted_tag_ids_stay_away),
		ROW("after the last id there is no new tag", no_tag_follows_the_last_id),
		ROW("tags of the version before keep their posts, and ids given by hand count",
		    tags_are_numbered_anew),
		ROW("rows that were there before the full-text index are found", rows_are_indexed),
		ROW("rows of the full-text index before this one are found, then indexed anew",
		    rows_change_their_index),
		ROW("the migration can be taken back and applied again", goes_down_and_up_again),
		REFUSES("a title is not empty", "UPDATE posts SET title = ''",
			"title has a value that is not allowed"),
		REFUSES("a title has a bound", "UPDATE posts SET title = " STAGE_LONG("201"),
			"title has a value that is not allowed"),
		REFUSES("content has a bound", "UPDATE posts SET content = " STAGE_LONG("20001"),
			"content has a value that is not allowed"),
		REFUSES("a status is one of three", "UPDATE posts SET status = 'lost'",
			"status has a value that is not allowed"),
		REFUSES("an author exists", "UPDATE posts SET author_id = 77", NO_REFERENCE),
		REFUSES("a tag is one of a kind in any case",
			"INSERT INTO tags (name, name_key) VALUES ('MATH', 'math')",
			"name is already taken"),
		REFUSES("a tag has its key",
			"INSERT INTO tags (name, name_key) VALUES ('New', 'old')",
			"name_key has a value that is not allowed"),
		REFUSES("no tag has an empty key",
			"INSERT INTO tags (name, name_key) VALUES ('\u00C9', '')",
			"name_key has a value that is not allowed"),
		REFUSES("a tag has a name", "INSERT INTO tags (name, name_key) VALUES ('', '')",
			"name has a value that is not allowed"),
		REFUSES("a post has a tag once",
			"INSERT INTO post_tags (post_id, tag_id) VALUES (1, 1)",
			"this combination of post_id and tag_id is already taken"),
	};
	return store_run("modules/posts/migration", rows, COUNT_OF(rows), NULL, NULL);
}
