/* Migrations: up, down, and every way in which the files and the database may disagree. */
#include "core/db/store.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"
#include "core/embedded.h"
#include "core/migrate.h"

static struct store store;

static const char ONE[] = "-- The first.\n\n-- migrate:up\nCREATE TABLE one (a INTEGER) STRICT;\n"
			  "INSERT INTO one VALUES (1);\n-- migrate:down\nDROP TABLE one;\n";
static const char TWO[] =
	"-- migrate:up\nCREATE TABLE two (a INTEGER) STRICT;\n"
	"CREATE TRIGGER t AFTER INSERT ON two BEGIN\n DELETE FROM one; SELECT 1;\nEND;\n"
	"-- migrate:down\nDROP TABLE two;\n";
static const char THREE[] = "-- migrate:up\nCREATE TABLE three (a INTEGER) STRICT\n";

static const struct migration LIST[] = { { 1, "one", ONE },
					 { 2, "two", TWO },
					 { 3, "three", THREE } };

static int setup(void **state)
{
	(void)state;
	store_open(&store);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

static enum app_err up(const struct migration *list, size_t count, int64_t done)
{
	int64_t is = -1;
	ctx_recover(&store.scene.c);
	enum app_err err = migrate_up(&store.scene.c, list, count, &is);
	assert_int_equal(is, done);
	return err;
}

static enum app_err down(const struct migration *list, size_t count, int64_t steps, int64_t done)
{
	int64_t is = -1;
	ctx_recover(&store.scene.c);
	enum app_err err = migrate_down(&store.scene.c, list, count, steps, &is);
	assert_int_equal(is, done);
	return err;
}

static int64_t tables(const char *name)
{
	return store_int(
		&store, arena_printf(&store.scene.arena,
				     "SELECT count(*) FROM sqlite_schema WHERE name = '%s'", name));
}

/* ---- up and down ---- */

static void up_applies_all_once(void **state)
{
	(void)state;
	must(up(LIST, 3, 3));
	assert_int_equal(tables("one") + tables("two") + tables("three") + tables("t"), 4);
	must(up(LIST, 3, 0));
	assert_int_equal(store_int(&store, "SELECT count(*) FROM one"), 1);
}

static void up_applies_what_is_new(void **state)
{
	(void)state;
	must(up(LIST, 1, 1));
	must(up(LIST, 3, 2));
}

static void down_reverts_the_newest(void **state)
{
	(void)state;
	must(up(LIST, 2, 2));
	must(down(LIST, 2, 1, 1));
	assert_int_equal(tables("one"), 1);
	assert_int_equal(tables("two"), 0);
	must(down(LIST, 2, 5, 1));
	assert_int_equal(tables("one"), 0);
	must(down(LIST, 2, 1, 0));
	must(up(LIST, 2, 2));
}

static void no_down_part_is_told(void **state)
{
	(void)state;
	must(up(LIST, 3, 3));
	assert_int_equal(down(LIST, 3, 1, 0), APP_CONFLICT);
	store_says_text(&store, APP_CONFLICT, "0003_three.sql has no part '-- migrate:down'");
}

static void pending_counts(void **state)
{
	(void)state;
	int64_t pending = -1;
	must(migrate_pending(&store.scene.c, LIST, 3, &pending));
	assert_int_equal(pending, 3);
	must(up(LIST, 2, 2));
	must(migrate_pending(&store.scene.c, LIST, 3, &pending));
	assert_int_equal(pending, 1);
}

static void status_lists_all(void **state)
{
	(void)state;
	const struct migration changed[] = { LIST[0],
					     { 2, "two", "-- migrate:up\nSELECT 2;\n" },
					     { 4, "four", THREE } };
	must(up(LIST, 3, 3));
	struct migration_state *states;
	size_t count;
	must(migrate_status(&store.scene.c, changed, 3, &states, &count));
	assert_int_equal(count, 4);
	const struct {
		bool applied, known, changed;
	} is[] = { { 1, 1, 0 }, { 1, 1, 1 }, { 1, 0, 0 }, { 0, 1, 0 } };
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(states[i].number, i + 1);
		assert_int_equal(states[i].applied, is[i].applied);
		assert_int_equal(states[i].known, is[i].known);
		assert_int_equal(states[i].changed, is[i].changed);
		assert_int_equal(states[i].applied_at.us != 0, is[i].applied);
	}
	assert_string_equal(states[2].name, "three");
}

/* ---- disagreement ---- */

struct disagreement {
	struct migration list[3];
	size_t count;
	const char *text;
};

/* After LIST[0] and LIST[1] were applied. */
static void is_refused(void **state)
{
	const struct disagreement *k = *state;
	must(up(LIST, 2, 2));
	int64_t pending = -1;
	assert_int_equal(up(k->list, k->count, 0), APP_CONFLICT);
	store_says_text(&store, APP_CONFLICT, k->text);
	assert_int_equal(down(k->list, k->count, 1, 0), APP_CONFLICT);
	ctx_recover(&store.scene.c);
	assert_int_equal(migrate_pending(&store.scene.c, k->list, k->count, &pending),
			 APP_CONFLICT);
	assert_int_equal(pending, -1);
	assert_int_equal(tables("three"), 0);
}

#define REFUSED(sentence, ...) \
	{ \
		sentence, is_refused, setup, teardown, (&(struct disagreement){ __VA_ARGS__ }) \
	}

static void misplaced_is_refused(void **state)
{
	(void)state;
	const struct migration odd[] = { LIST[0], LIST[2] };
	must(up(odd, 2, 2));
	assert_int_equal(up(LIST, 3, 0), APP_CONFLICT);
	store_says_text(&store, APP_CONFLICT, "0002_two.sql comes before 0003_three.sql");
	assert_int_equal(tables("two"), 0);
}

static void windows_line_ends_are_no_change(void **state)
{
	(void)state;
	must(up(LIST, 2, 2));
	struct buf text;
	buf_init(&text, &store.scene.arena);
	for (const char *at = TWO; *at; at++) {
		if (*at == '\n')
			buf_add_char(&text, '\r');
		buf_add_char(&text, *at);
	}
	const struct migration list[] = { LIST[0], { 2, "two", buf_text(&text) } };
	must(up(list, 2, 0));
	must(down(list, 2, 1, 1));
	must(up(list, 2, 1));
	must(up(LIST, 2, 0));
}

/* ---- files that fail ---- */

struct broken {
	const char *sql;
	const char *cause;
};

static void is_rolled_back(void **state)
{
	const struct broken *k = *state;
	const struct migration list[] = { LIST[0], { 2, "bad", k->sql }, LIST[2] };
	assert_int_equal(up(list, 3, 1), APP_INTERNAL);
	store_says_cause(&store, k->cause);
	assert_int_equal(tables("half"), 0);
	assert_int_equal(tables("three"), 0);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM croft_migrations"), 1);
	/* mended, it goes on from there */
	const struct migration mended[] = { LIST[0], { 2, "bad", TWO }, LIST[2] };
	must(up(mended, 3, 2));
}

#define BROKEN(sentence, ...) \
	{ \
		sentence, is_rolled_back, setup, teardown, (&(struct broken){ __VA_ARGS__ }) \
	}

/* ---- two starters ---- */

struct starter {
	struct app app;
	struct db_options options;
	pthread_t thread;
	enum app_err err;
	int64_t done;
};

static void *starter_main(void *arg)
{
	struct starter *s = arg;
	AUTO(arena) arena;
	arena_init(&arena, 0);
	struct ctx c;
	ctx_init(&c, &s->app, &arena);
	s->err = db_open(&c, &s->options, &s->app.db);
	if (s->err)
		return NULL;
	s->err = migrate_up(&c, LIST, 3, &s->done);
	db_close(s->app.db);
	return NULL;
}

static void two_starters_share_the_work(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	struct starter starters[4] = { 0 };
	int64_t done = 0;
	for (size_t i = 0; i < COUNT_OF(starters); i++) {
		const char *url = arena_printf(&scene.arena, "sqlite:%s/m.db", scene.folder);
		starters[i].options = store_patient((struct db_options){ .url = url });
		pthread_create(&starters[i].thread, NULL, starter_main, &starters[i]);
	}
	for (size_t i = 0; i < COUNT_OF(starters); i++) {
		pthread_join(starters[i].thread, NULL);
		assert_int_equal(starters[i].err, APP_OK);
		done += starters[i].done;
	}
	assert_int_equal(done, 3);
	scene_close(&scene);
}

/* ---- where files come from ---- */

static void embedded_ones_are_found(void **state)
{
	(void)state;
	const struct migration *list = NULL;
	size_t count = 0;
	migrate_embedded(&store.scene.c, "nosuchdriver", &list, &count);
	assert_int_equal(count, 0);
	migrate_embedded(&store.scene.c, "sqlite", &list, &count);
	size_t files = 0;
	for (size_t i = 0; i < embedded_count; i++)
		files += str_starts(embedded_files[i].path, "sql/sqlite/");
	assert_int_equal(count, files);
	for (size_t i = 0; i < count; i++) {
		assert_true(list[i].number > (i ? list[i - 1].number : 0));
		assert_false(str_ends(list[i].name, ".sql"));
		assert_non_null(strstr(list[i].sql, "-- migrate:up"));
	}
}

static void new_ones_take_the_next_number(void **state)
{
	(void)state;
	struct scene *scene = &store.scene;
	assert_int_equal(mkdir(scene_path(scene, "sql"), 0700), 0);
	assert_int_equal(mkdir(scene_path(scene, "sql/postgres"), 0700), 0);
	assert_int_equal(mkdir(scene_path(scene, "sql/sqlite"), 0700), 0);
	close(open(scene_path(scene, "sql/sqlite/0007_x.sql"), O_CREAT | O_WRONLY, 0600));
	struct buf out;
	buf_init(&out, &scene->arena);
	must(migrate_new(&scene->c, scene_path(scene, "sql"), "add_posts", &out));
	const char *wanted = arena_printf(&scene->arena,
					  "%s/sql/postgres/0008_add_posts.sql\n"
					  "%s/sql/sqlite/0008_add_posts.sql\n",
					  scene->folder, scene->folder);
	assert_string_equal(buf_text(&out), wanted);
	char text[256] = "";
	int fd = open(scene_path(scene, "sql/sqlite/0008_add_posts.sql"), O_RDONLY);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	const struct migration list[] = { { 8, "add_posts", text } };
	/* not before it says what it does */
	assert_int_equal(up(list, 1, 0), APP_INTERNAL);
	store_says_cause(&store, "nothing stands behind '-- migrate:up'");
	const char *at = strstr(text, "-- migrate:up\n");
	assert_non_null(at);
	at += strlen("-- migrate:up\n");
	const struct migration filled[] = { { 8, "add_posts",
					      arena_printf(&scene->arena,
							   "%.*sCREATE TABLE a (b integer);\n%s",
							   (int)(at - text), text, at) } };
	must(up(filled, 1, 1));
	must(down(filled, 1, 1, 1));
}

/* In the folder that comes second nothing can be made. */
static void new_ones_are_made_in_all_folders_or_none(void **state)
{
	(void)state;
	struct scene *scene = &store.scene;
	assert_int_equal(mkdir(scene_path(scene, "sql"), 0700), 0);
	assert_int_equal(mkdir(scene_path(scene, "sql/postgres"), 0700), 0);
	assert_int_equal(symlink("/proc", scene_path(scene, "sql/sqlite")), 0);
	struct buf out;
	buf_init(&out, &scene->arena);
	assert_int_equal(migrate_new(&scene->c, scene_path(scene, "sql"), "a", &out), APP_CONFLICT);
	store_says_text(&store, APP_CONFLICT, "sql/sqlite/0001_a.sql");
	assert_int_not_equal(access(scene_path(scene, "sql/postgres/0001_a.sql"), F_OK), 0);
	assert_int_equal(out.len, 0);
}

static void odd_new_names_are_refused(void **state)
{
	(void)state;
	const char *const names[] = { "", "Add Posts", "../x", "a-b", "ä" };
	struct buf out;
	buf_init(&out, &store.scene.arena);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		ctx_recover(&store.scene.c);
		assert_int_equal(migrate_new(&store.scene.c, store.scene.folder, names[i], &out),
				 APP_INVALID);
	}
	ctx_recover(&store.scene.c);
	assert_int_equal(migrate_new(&store.scene.c, "/nonexistent", "a", &out), APP_INVALID);
	store_says_text(&store, APP_INVALID, "/nonexistent");
	assert_int_equal(out.len, 0);
}

#define CASE(sentence, fn) \
	{ \
		sentence, fn, setup, teardown, NULL \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("up applies all, once", up_applies_all_once),
		CASE("up applies what is new", up_applies_what_is_new),
		CASE("down reverts the newest, as many as asked", down_reverts_the_newest),
		CASE("down without a down part is refused", no_down_part_is_told),
		CASE("pending ones are counted", pending_counts),
		CASE("status lists the known and the applied", status_lists_all),
		REFUSED("a changed file is named, with what to do",
			.list = { { 1, "one", ONE }, { 2, "two", THREE }, { 3, "three", THREE } },
			.count = 3,
			.text = "0002_two.sql was changed after it was applied to this database. "
				"Restore the file as it was and build again; then put the change "
				"into a new migration (croft migrate new), or, where nobody else "
				"has applied this one, take it back (croft migrate down) before "
				"you change it"),
		REFUSED("a renamed file is a changed one",
			.list = { { 1, "one", ONE }, { 2, "deux", TWO }, { 3, "three", THREE } },
			.count = 3, .text = "0002_deux.sql was changed"),
		REFUSED("a missing file is named", .list = { { 1, "one", ONE } }, .count = 1,
			.text = "0002_two.sql is applied to this database, but this program does "
				"not"),
		REFUSED("two files of one number are named",
			.list = { { 1, "one", ONE }, { 2, "two", TWO }, { 2, "three", THREE } },
			.count = 3, .text = "0002_two.sql and 0002_three.sql"),
		REFUSED("numbers begin at 1", .list = { { 0, "zero", ONE } }, .count = 1,
			.text = "0000_zero.sql"),
		CASE("a new file before an applied one is named", misplaced_is_refused),
		CASE("line ends of another system are no change", windows_line_ends_are_no_change),
		BROKEN("a syntax error names file and line",
		       .sql = "-- migrate:up\nCREATE TABLE half (a);\n\nCREATE TABEL x (a);\n",
		       .cause = "0002_bad.sql, line 4: SQLite: near \"TABEL\""),
		BROKEN("a failing statement names file and line",
		       .sql = "-- note\n-- migrate:up\nCREATE TABLE half (a UNIQUE);\n"
			      "-- twice\nINSERT INTO half VALUES (1), (1);\n",
		       .cause = "0002_bad.sql, line 5: a is already taken"),
		BROKEN("a COMMIT in a file is refused",
		       .sql = "-- migrate:up\nCREATE TABLE half (a);\nCOMMIT;\n",
		       .cause = "0002_bad.sql, line 3: BEGIN, COMMIT"),
		BROKEN("a file without an up line is refused", .sql = "-- nothing\n",
		       .cause = "there is no line '-- migrate:up'"),
		BROKEN("an up part with nothing in it is refused",
		       .sql = "-- migrate:up\n\n-- soon\n-- migrate:down\nSELECT 1;\n",
		       .cause = "0002_bad.sql, line 1: nothing stands behind '-- migrate:up'"),
		BROKEN("SQL before the up line is refused",
		       .sql = "CREATE TABLE half (a);\n-- migrate:up\n",
		       .cause = "0002_bad.sql, line 1: SQL begins after"),
		BROKEN("two up lines are refused",
		       .sql = "-- migrate:up\nCREATE TABLE half (a);\n-- migrate:up\n",
		       .cause = "0002_bad.sql, line 3: there is one"),
		BROKEN("a down line before the up line is refused",
		       .sql = "-- migrate:down\n-- migrate:up\n", .cause = "line 1: there is one"),
		CASE("programs that start at once share the work", two_starters_share_the_work),
		CASE("those in the binary are found by driver", embedded_ones_are_found),
		CASE("a new one takes the next number, for every driver",
		     new_ones_take_the_next_number),
		CASE("a new one is made for every driver or for none",
		     new_ones_are_made_in_all_folders_or_none),
		CASE("odd names for new ones are refused", odd_new_names_are_refused),
	};
	return rows_run("core/migrate", rows, COUNT_OF(rows));
}
