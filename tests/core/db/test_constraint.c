/* Broken rules of the schema: the error and the public text each gives. */
#include "core/db/store.h"

static struct store store;

static const char SCHEMA_SQL[] =
	"CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL, email TEXT, age "
	"INTEGER"
	" CONSTRAINT users_age_check CHECK (age >= 0), deleted_at INTEGER, n INTEGER UNIQUE,"
	" CHECK (email <> 'none')) STRICT;"
	"CREATE UNIQUE INDEX users_username_key ON users (lower(username)) WHERE deleted_at IS "
	"NULL;"
	"CREATE UNIQUE INDEX users_email_key ON users (email) WHERE deleted_at IS NULL;"
	"CREATE TABLE user_tags (user_id INTEGER NOT NULL REFERENCES users(id), tag TEXT NOT NULL,"
	" shout TEXT, PRIMARY KEY (user_id, tag)) STRICT;"
	"CREATE UNIQUE INDEX user_tags_shout_text_key ON user_tags (upper(shout));"
	"CREATE TABLE odd (a TEXT) STRICT; CREATE UNIQUE INDEX odd_name ON odd (lower(a));"
	"INSERT INTO odd VALUES ('x');"
	"CREATE TABLE later (user_id INTEGER REFERENCES users(id) DEFERRABLE INITIALLY DEFERRED) "
	"STRICT;"
	"CREATE TRIGGER no_root BEFORE INSERT ON users WHEN new.username = 'root'"
	" BEGIN SELECT RAISE(ABORT, 'the name root is reserved'); END;"
	"INSERT INTO users (id, username, email, n) VALUES (1, 'Ann', 'ann@x', 7);"
	"INSERT INTO user_tags VALUES (1, 'red', 'Hey')";

static int setup(void **state)
{
	(void)state;
	store_open(&store);
	store_do(&store, SCHEMA_SQL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

struct rule {
	const char *sql;
	enum app_err err;
	const char *text;
};

static enum app_err run_one(struct ctx *c, void *sql)
{
	return db_exec(c, sql, BIND(), NULL);
}

static void breaks(void **state)
{
	const struct rule *k = *state;
	app_recover(&store.scene.c);
	enum app_err err = db_write(&store.scene.c, run_one, (void *)(uintptr_t)k->sql);
	assert_int_equal(err, k->err);
	if (err)
		assert_string_equal(app_failure_text(&store.scene.c, err), k->text);
}

#define BREAKS(sentence, ...) ROW_OF(sentence, breaks, (&(struct rule){ __VA_ARGS__ }))

static void deferred_key_spares_the_others(void **state)
{
	(void)state;
	const char *const sql[] = { "INSERT INTO users (username) VALUES ('x1')",
				    "INSERT INTO later VALUES (55)",
				    "INSERT INTO users (username) VALUES ('x2')" };
	const enum app_err results[] = { APP_OK, APP_CONFLICT, APP_OK };
	struct gate gate;
	struct job holder, jobs[3];
	gate_hold(&store, &gate, &holder);
	for (size_t i = 0; i < 3; i++)
		must(job_submit(&store, &jobs[i], &gate, sql[i]));
	gate_release(&gate, &holder, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(jobs[i].result, results[i]);
		arena_done(&jobs[i].arena);
	}
	assert_int_equal(store_int(&store, "SELECT count(*) FROM users WHERE username LIKE 'x_'"),
			 2);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM later"), 0);
}

#define REFERS "what this refers to does not exist, or something else still refers to it"

int main(void)
{
	const struct CMUnitTest rows[] = {
		BREAKS("an index on an expression names its column by its own name",
		       .sql = "INSERT INTO users (username) VALUES ('ANN')", .err = APP_CONFLICT,
		       .text = "username is already taken"),
		BREAKS("an index on a column names the column",
		       .sql = "INSERT INTO users (username, email) VALUES ('b', 'ann@x')",
		       .err = APP_CONFLICT, .text = "email is already taken"),
		BREAKS("a UNIQUE column names itself",
		       .sql = "INSERT INTO users (username, n) VALUES ('b', 7)",
		       .err = APP_CONFLICT, .text = "n is already taken"),
		BREAKS("a primary key names its column",
		       .sql = "INSERT INTO users (id, username) VALUES (1, 'b')",
		       .err = APP_CONFLICT, .text = "id is already taken"),
		BREAKS("a key of two columns names both",
		       .sql = "INSERT INTO user_tags VALUES (1, 'red', 'other')",
		       .err = APP_CONFLICT,
		       .text = "this combination of user_id and tag is already taken"),
		BREAKS("a table with '_' in its name is told from the column",
		       .sql = "INSERT INTO user_tags VALUES (1, 'blue', 'HEY')",
		       .err = APP_CONFLICT, .text = "shout_text is already taken"),
		BREAKS("an index of another name gives nothing away",
		       .sql = "INSERT INTO odd VALUES ('X')", .err = APP_CONFLICT,
		       .text = "this value is already taken"),
		BREAKS("a foreign key that leads nowhere",
		       .sql = "INSERT INTO user_tags VALUES (9, 'a', 'b')", .err = APP_CONFLICT,
		       .text = REFERS),
		BREAKS("a row that is still referred to", .sql = "DELETE FROM users WHERE id = 1",
		       .err = APP_CONFLICT, .text = REFERS),
		BREAKS("a deferred foreign key fails its own write",
		       .sql = "INSERT INTO later VALUES (55)", .err = APP_CONFLICT, .text = REFERS),
		BREAKS("a null where none may be",
		       .sql = "INSERT INTO users (username) VALUES (NULL)", .err = APP_INVALID,
		       .text = "username must not be null"),
		BREAKS("a named check names its column",
		       .sql = "INSERT INTO users (username, age) VALUES ('b', -1)",
		       .err = APP_INVALID, .text = "age has a value that is not allowed"),
		BREAKS("an unnamed check keeps its text to itself",
		       .sql = "INSERT INTO users (username, email) VALUES ('b', 'none')",
		       .err = APP_INVALID, .text = "a value is not allowed"),
		BREAKS("a trigger speaks for itself",
		       .sql = "INSERT INTO users (username) VALUES ('root')", .err = APP_CONFLICT,
		       .text = "the name root is reserved"),
		BREAKS("a value of the wrong type is our mistake, not the client's",
		       .sql = "INSERT INTO users (username, age) VALUES ('b', 'old')",
		       .err = APP_INTERNAL, .text = "Internal Server Error"),
		ROW("a deferred foreign key spares the others of its commit",
		    deferred_key_spares_the_others),
	};
	return rows_run_with("core/db constraint", rows, COUNT_OF(rows), setup, teardown);
}
