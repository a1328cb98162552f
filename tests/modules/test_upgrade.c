/*
 * Databases of every earlier schema, with rows in them, are brought to the newest: what names
 * become, and what stops it.
 */
#include <string.h>

#include "modules/users.h"
#include "testing/stage.h"
#include "testing/store.h"

/* KEYS is the first migration that knows of those of names. */
enum {
	FIRST = 1,
	WITH_POSTS = 2,
	KEYS = 5,
	SIGNING_KEYS = 9,
	IDEMPOTENCY = 12,
	SESSIONS = 13,
	FACTORS = 14,
	API_KEYS = 16,
	COOKIES = 17,
	SERVICES = 18
};

static const char *text_of(struct stage *s, const char *sql)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	stage_ok(s, db_query(&s->scene.c, sql, BIND(), &rows));
	stage_ok(s, db_rows_next(&rows, &has_row));
	const char *text = has_row ? db_column_text(&rows, 0, NULL) : NULL;
	return arena_strdup(s->scene.c.arena, text ? text : "(null)");
}

/* Everything up to that migration, and no row. */
static void open_old(struct stage *s, int64_t newest)
{
	stage_open_empty(s, NULL);
	stage_migrate_down(s, newest);
}

static enum app_err upgrade(struct stage *s)
{
	struct stage_migrations all = stage_migrations(s);
	int64_t done;
	ctx_recover(&s->scene.c);
	return migrate_up(&s->scene.c, all.list, all.count, &done);
}

static void add_user(struct stage *s, int id, const char *username, const char *email,
		     const char *full_name)
{
	stage_exec(s, arena_printf(s->scene.c.arena,
				   "INSERT INTO users (id, username, email, full_name, created_at,"
				   " updated_at) VALUES (%d, '%s', '%s', %s, 1, 2)",
				   id, username, email, full_name));
}

static void add_tag(struct stage *s, int id, const char *name)
{
	stage_exec(s, arena_printf(s->scene.c.arena,
				   "INSERT INTO tags (id, name) VALUES (%d, '%s')", id, name));
}

static void add_post(struct stage *s, int id, const char *title)
{
	stage_exec(s,
		   arena_printf(s->scene.c.arena,
				"INSERT INTO posts (id, author_id, title, created_at, updated_at)"
				" VALUES (%d, 7, '%s', 1, 2)",
				id, title));
}

static void users_are_found(struct stage *s)
{
	struct user_credentials found;
	assert_string_equal(
		text_of(s, "SELECT username || ' ' || username_key || ' ' || email || ' '"
			   " || email_key || ' ' || full_name || ' ' || full_name_folded"
			   " FROM users WHERE id = 7"),
		"Casey casey \u00C9@X.de \u00E9@x.de Zo\u00EB ZO\u00CB zo\u00EB zo\u00EB");
	assert_string_equal(text_of(s, "SELECT full_name_folded FROM users WHERE id = 9"),
			    "(null)");
	stage_ok(s, users_find(&s->scene.c, "E\u0301@x.DE", &found));
	assert_int_equal(found.id, 7);
	assert_int_equal(stage_int(s, "SELECT updated_at FROM users WHERE id = 7"), 2);
	/* all are members, once the first roles are made */
	assert_int_equal(stage_int(s, "SELECT count(*) FROM users WHERE role_bits <> 4"), 0);
}

static void an_old_database_is_brought_up(void **state)
{
	int64_t newest = *(const int64_t *)*state;
	struct stage s;
	open_old(&s, newest);
	add_user(&s, 7, "Casey", "\u00C9@X.de", "'Zo\u00EB ZO\u00CB'");
	add_user(&s, 9, "other", "other@example.com", "NULL");
	for (int i = 0; newest >= WITH_POSTS && i < 300; i++) {
		add_tag(&s, 10 + i, arena_printf(s.scene.c.arena, "T\u00C4G %d", i));
		add_post(&s, 10 + i, arena_printf(s.scene.c.arena, "\u00DCber %d", i));
	}
	stage_ok(&s, upgrade(&s));
	users_are_found(&s);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM tags WHERE name_key = 't\u00E4g ' ||"
				       " CAST(id - 10 AS text)"),
			 newest >= WITH_POSTS ? 300 : 0);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM posts WHERE title_folded ="
				       " '\u00FCber ' || CAST(id - 10 AS text)"),
			 newest >= WITH_POSTS ? 300 : 0);
	/* there and back again */
	stage_migrate_down(&s, newest);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users"), 2);
	stage_ok(&s, upgrade(&s));
	users_are_found(&s);
	stage_close(&s);
}

/* Accounts stay as they are, and so does what signs: there is no key yet. */
static void keys_that_sign_come_and_go(void **state)
{
	(void)state;
	struct stage s;
	open_old(&s, SIGNING_KEYS - 1);
	stage_exec(&s, "INSERT INTO users (id, username, email, username_key, email_key,"
		       " created_at, updated_at)"
		       " VALUES (7, 'Casey', 'C@x.de', 'casey', 'c@x.de', 1, 2)");
	stage_ok(&s, upgrade(&s));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM auth_keys"), 0);
	stage_exec(&s, "INSERT INTO auth_keys (id, kid, signs_from, created_at)"
		       " VALUES (1, 'AAAAAAAAAAA', 0, 1)");
	stage_migrate_down(&s, SIGNING_KEYS - 1);
	stage_ok(&s, upgrade(&s));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM auth_keys"), 0);
	assert_int_equal(stage_int(&s, "SELECT updated_at FROM users WHERE id = 7"), 2);
	stage_close(&s);
}

/* Names have their keys by then. */
static void rows_from_before_keys_stay(void **state)
{
	(void)state;
	struct stage s;
	open_old(&s, IDEMPOTENCY - 1);
	stage_exec(&s, "INSERT INTO users (id, username, username_key, email, email_key,"
		       " created_at, updated_at)"
		       " VALUES (7, 'Casey', 'casey', 'c@x.de', 'c@x.de', 1, 2)");
	add_post(&s, 3, "T");
	for (int i = 0; i < 2; i++) {
		stage_ok(&s, upgrade(&s));
		assert_int_equal(stage_int(&s, "SELECT count(*) FROM users JOIN posts"
					       " ON posts.author_id = users.id"),
				 1);
		stage_exec(&s, "INSERT INTO idempotency (user_id, key, input_hash, at)"
			       " VALUES (7, 'k', 'h', 1)");
		stage_migrate_down(&s, IDEMPOTENCY - 1);
	}
	stage_close(&s);
}

/* ---- sessions ---- */

/* Everybody signs in once more, and again after the way down. */
static void accounts_get_sessions(void **state)
{
	(void)state;
	struct stage s;
	open_old(&s, SESSIONS - 1);
	stage_exec(&s, "INSERT INTO users (id, username, username_key, email, email_key,"
		       " token_version, created_at, updated_at)"
		       " VALUES (7, 'Casey', 'casey', 'c@x.de', 'c@x.de', 77, 1, 2)");
	for (int i = 0; i < 2; i++) {
		stage_ok(&s, upgrade(&s));
		assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions"), 0);
		const struct actor casey = { .kind = ACTOR_USER, .user_id = 7 };
		struct actor actor = stage_signed_in(&s.scene.c, casey);
		assert_int_equal(actor.token_version, 77);
		assert_true(actor.session_id > 0);
		stage_migrate_down(&s, SESSIONS - 1);
	}
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE token_version = 77"), 1);
	stage_close(&s);
}

/* Nobody has one who did not begin it. */
static void second_factors_come_and_go(void **state)
{
	(void)state;
	struct stage s;
	open_old(&s, FACTORS - 1);
	stage_exec(&s, "INSERT INTO users (id, username, email, username_key, email_key,"
		       " created_at, updated_at)"
		       " VALUES (7, 'Casey', 'C@x.de', 'casey', 'c@x.de', 1, 2)");
	stage_ok(&s, upgrade(&s));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM second_factors"), 0);
	stage_exec(&s, "INSERT INTO second_factors (user_id, secret, created_at)"
		       " VALUES (7, 'sealed', 1)");
	stage_migrate_down(&s, FACTORS - 1);
	stage_ok(&s, upgrade(&s));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM second_factors"), 0);
	assert_int_equal(stage_int(&s, "SELECT updated_at FROM users WHERE id = 7"), 2);
	stage_close(&s);
}

/* Nobody has one who did not make it, and what was audited before was done by none. */
static void api_keys_come_and_go(void **state)
{
	(void)state;
	struct stage s;
	open_old(&s, API_KEYS - 1);
	stage_exec(&s, "INSERT INTO users (id, username, email, username_key, email_key,"
		       " created_at, updated_at)"
		       " VALUES (7, 'Casey', 'C@x.de', 'casey', 'c@x.de', 1, 2)");
	stage_exec(&s, "INSERT INTO audit (at, operation, outcome, actor, user_id)"
		       " VALUES (1, 'users.update', 'ok', 'user', 7)");
	for (int i = 0; i < 2; i++) {
		stage_ok(&s, upgrade(&s));
		assert_int_equal(stage_int(&s, "SELECT count(*) FROM api_keys"), 0);
		assert_int_equal(stage_int(&s, "SELECT count(*) FROM audit WHERE key_id IS NULL"),
				 1);
		stage_exec(&s, "INSERT INTO api_keys (user_id, name, hash, created_at, updated_at)"
			       " VALUES (7, 'k', " STAGE_LONG("64") ", 1, 1)");
		stage_migrate_down(&s, API_KEYS - 1);
	}
	assert_int_equal(stage_int(&s, "SELECT updated_at FROM users WHERE id = 7"), 2);
	stage_close(&s);
}

static enum app_err give_cookie(struct ctx *c, void *arg)
{
	static const unsigned char hash[DIGEST_BYTES] = { 1 };
	return users_session_set_cookie(c, *(const int64_t *)arg, hash);
}

/* Sessions of tokens go on; those of cookies nobody can show any more. */
static void cookies_come_and_go(void **state)
{
	(void)state;
	struct stage s;
	open_old(&s, COOKIES - 1);
	stage_exec(&s, "INSERT INTO users (id, username, email, username_key, email_key,"
		       " created_at, updated_at)"
		       " VALUES (7, 'Casey', 'C@x.de', 'casey', 'c@x.de', 1, 2)");
	stage_exec(&s,
		   "INSERT INTO sessions (user_id, token_version, user_version, seed, proven_at,"
		   " seen_at, expires_at, over_at, created_at)"
		   " VALUES (7, 0, 0, 'abcdefghijklmnopqrstuv', 1, 1, 9, 9, 1)");
	for (int i = 0; i < 2; i++) {
		stage_ok(&s, upgrade(&s));
		assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions"
					       " WHERE cookie_hash IS NULL AND over_at = 9"),
				 1);
		int64_t id = stage_int(&s, "SELECT id FROM sessions");
		stage_ok(&s, db_write(&s.scene.c, give_cookie, &id));
		assert_int_equal(stage_int(&s, "SELECT length(cookie_hash) FROM sessions"),
				 DIGEST_BYTES);
		stage_migrate_down(&s, COOKIES - 1);
	}
	stage_close(&s);
}

/* ---- names that are the same ---- */

static void accounts_are_people(void **state)
{
	(void)state;
	struct stage s;
	open_old(&s, SERVICES - 1);
	stage_exec(&s, "INSERT INTO users (id, username, email, username_key, email_key,"
		       " password_hash, created_at, updated_at)"
		       " VALUES (7, 'Casey', 'C@x.de', 'casey', 'c@x.de', 'h', 1, 2)");
	stage_ok(&s, upgrade(&s));
	assert_string_equal(text_of(&s, "SELECT kind || password_hash FROM users"), "personh");
	stage_exec(&s, "INSERT INTO users (id, username, email, username_key, email_key, kind,"
		       " created_at, updated_at)"
		       " VALUES (8, 'bot', 'b@x.de', 'bot', 'b@x.de', 'service', 1, 2)");
	stage_migrate_down(&s, SERVICES - 1);
	stage_ok(&s, upgrade(&s));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE kind = 'person'"), 2);
	stage_close(&s);
}

struct collision {
	const char *sql, *text, *mend;
};

static void a_collision_stops_it(void **state)
{
	const struct collision *t = *state;
	struct stage s;
	open_old(&s, KEYS - 1);
	add_user(&s, 7, "Casey", "\u00E9@x.de", "NULL");
	add_tag(&s, 3, "\u00E9");
	stage_exec(&s, t->sql);
	assert_int_equal(upgrade(&s), APP_CONFLICT);
	assert_non_null(strstr(ctx_failure_text(&s.scene.c, APP_CONFLICT), t->text));
	assert_int_equal(stage_int(&s, "SELECT max(number) FROM croft_migrations"), KEYS - 1);
	ctx_recover(&s.scene.c);
	stage_exec(&s, t->mend);
	stage_ok(&s, upgrade(&s));
	stage_close(&s);
}

#define UPGRADES(sentence, newest) \
	ROW_OF("upgrade: " sentence, an_old_database_is_brought_up, (&(int64_t){ newest }))
#define COLLIDES(sentence, ...) \
	ROW_OF("collision: " sentence, a_collision_stops_it, (&(struct collision){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		UPGRADES("accounts of the first schema", FIRST),
		UPGRADES("accounts, posts and tags", WITH_POSTS),
		UPGRADES("the same with a full-text index", 3),
		UPGRADES("the same with indexes for each order", 4),
		ROW("upgrade: accounts before there were keys that sign, which come and go",
		    keys_that_sign_come_and_go),
		ROW("upgrade: rows from before changes had keys", rows_from_before_keys_stay),
		ROW("upgrade: accounts from before there were sessions have none",
		    accounts_get_sessions),
		ROW("upgrade: accounts before there were second factors, which come and go",
		    second_factors_come_and_go),
		ROW("upgrade: accounts before there were API keys, which come and go",
		    api_keys_come_and_go),
		ROW("upgrade: sessions from before there were cookies, which come and go",
		    cookies_come_and_go),
		ROW("upgrade: accounts from before there were services are people",
		    accounts_are_people),
		COLLIDES("e-mails that differ in encoding are named, mended and go on",
			 .sql = "INSERT INTO users (id, username, email, created_at, updated_at)"
				" VALUES (8, 'Robin', 'e\u0301@x.de', 1, 2)",
			 .text = "these rows of users have the same email, if one looks neither at "
				 "case nor at how letters are encoded: 7 '\u00E9@x.de' and 8 "
				 "'e\u0301@x.de'. Nothing was changed.",
			 .mend = "DELETE FROM users WHERE id = 8"),
		COLLIDES("usernames that differ in width, too",
			 .sql = "INSERT INTO users (id, username, email, created_at, updated_at)"
				" VALUES (8, '\uFF23asey', 'c@x.de', 1, 2)",
			 .text = "have the same username, if one looks neither at case nor at how "
				 "letters are encoded: 7 'Casey' and 8 '\uFF23asey'. Nothing",
			 .mend = "UPDATE users SET username = 'casey8' WHERE id = 8"),
		COLLIDES("tags, too", .sql = "INSERT INTO tags (id, name) VALUES (4, 'e\u0301')",
			 .text = "these rows of tags have the same name, if one looks neither at "
				 "case nor at how letters are encoded: 3 '\u00E9' and 4 'e\u0301'. "
				 "Nothing was changed. Give all but one of each another name "
				 "(UPDATE tags SET name = '…' WHERE id = …",
			 .mend = "UPDATE tags SET name = 'e 2' WHERE id = 4"),
		COLLIDES(
			"a tag of which nothing can be seen, too",
			.sql = "INSERT INTO tags (id, name) VALUES (4, '\u200B')",
			.text = "in the name of these rows of tags nothing can be seen: 4. Nothing",
			.mend = "UPDATE tags SET name = 'seen' WHERE id = 4"),
	};
	return store_run("modules/upgrade", rows, COUNT_OF(rows), NULL, NULL);
}
