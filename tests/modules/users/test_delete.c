/*
 * Deleting an account that has written very much: by and by, so that no other write waits for all
 * of it.
 */
#include "modules/users/internal.h"
#include "testing/stage.h"
#include "testing/store.h"

/* ada has so many posts, each with two tags. */
static void posts_add(struct stage *s, int count)
{
	stage_exec(s, "INSERT INTO tags (id, name, name_key) VALUES (1, 'a', 'a'), (2, 'b', 'b')");
	for (int i = 1; i <= count; i++) {
		stage_exec(
			s,
			arena_printf(
				s->scene.c.arena,
				"INSERT INTO posts (id, author_id, title, created_at, updated_at)"
				" VALUES (%d, 2, 'post', 1, 1)",
				i));
		stage_exec(s, arena_printf(s->scene.c.arena,
					   "INSERT INTO post_tags (post_id, tag_id)"
					   " VALUES (%d, 1), (%d, 2)",
					   i, i));
	}
	stage_exec(s, "INSERT INTO posts (id, author_id, title, created_at, updated_at)"
		      " VALUES (9000, 1, 'of root', 1, 1)");
}

static int64_t writes(const struct stage *s)
{
	return db_stats(s->scene.app.db).writes;
}

struct delete_case {
	int posts;
	int64_t writes; /* that it takes */
};

static void deletes_by_and_by(void **state)
{
	const struct delete_case *k = *state;
	struct stage s;
	stage_open(&s);
	posts_add(&s, k->posts);
	const char *answer;
	(void)stage_actor(&s.scene.c, AS_ROOT);
	int64_t before = writes(&s);
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_delete,
				"{'user_id':2,'if_match':'\\'2-6475ef64cf340\\''}", &answer));
	/* SQLite's writer also counts what it does at its full-text index */
	assert_in_range(writes(&s) - before, k->writes, store_is_postgres ? k->writes : 1000);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE id = 2"), 0);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM posts"), 1);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM post_tags"), 0);
	stage_close(&s);
}

static void refuses_before_anything_is_gone(void **state)
{
	struct stage s;
	stage_open(&s);
	posts_add(&s, 450);
	stage_expect(&s, *state);
	ctx_recover(&s.scene.c);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM posts WHERE author_id = 2"), 450);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE id = 2 AND is_active"), 1);
	stage_close(&s);
}

/* The deadline of the request is over when the account was only deactivated. */
static void what_was_cut_off_is_done_again(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	posts_add(&s, 450);
	const char *answer;
	stage_exec(&s, "UPDATE users SET is_active = FALSE WHERE id = 2");
	stage_exec(&s, "DELETE FROM posts WHERE id <= 100");
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_delete, "{'user_id':2}", &answer));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM posts"), 1);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE id = 2"), 0);
	stage_close(&s);
}

#define DELETES(sentence, ...) \
	{ \
		sentence, deletes_by_and_by, NULL, NULL, (&(struct delete_case){ __VA_ARGS__ }) \
	}
#define REFUSES(sentence, ...) \
	{ \
		sentence, refuses_before_anything_is_gone, NULL, NULL, \
			(&(struct stage_case){ __VA_ARGS__ }) \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		DELETES("an account with two hundred posts is deleted in one write", 200, 1),
		/* it is deactivated; 200, 200, 50; the account with its few of other tables */
		DELETES("one with more is deleted in writes of two hundred posts each", 450, 5),
		REFUSES("what was changed since is refused before anything is gone", AS_ROOT,
			&users_delete, "{'user_id':2,'if_match':'\\'2-0\\''}",
			APP_PRECONDITION_FAILED,
			"this user was changed since you read it: read it again"),
		REFUSES("who may not is refused before anything is gone", AS_ADA, &users_delete,
			"{'user_id':2}", APP_FORBIDDEN, "You lack the permission users.manage"),
		{ "what was cut off is done when it is deleted again",
		  what_was_cut_off_is_done_again, NULL, NULL, NULL },
	};
	return store_run("modules/users/delete", rows, COUNT_OF(rows), NULL, NULL);
}
