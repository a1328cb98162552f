/*
 * Copies of a database that is in use: what is in them, who is kept out, and putting one in the
 * place of another.
 */
/* threaded */
#include "core/db/store.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/digest.h"
#include "core/sqlite_backup.h"

enum { WRITERS = 3, COPIES = 5 };

static const struct sqlite_backup_progress silent = { 0 };

static const char *database_of(struct store *s)
{
	const char *path;
	must(sqlite_backup_database_path(
		&s->scene.c, arena_printf(&s->scene.arena, "sqlite:%s/t.db", s->scene.folder),
		&path));
	return path;
}

static void fill(struct store *s)
{
	store_open(s);
	store_do(s, "CREATE TABLE pairs (id INTEGER PRIMARY KEY, half INTEGER NOT NULL) STRICT");
	store_do(s, "INSERT INTO pairs (half) VALUES (1), (2)");
}

/* ---- copying ---- */

static void a_copy_holds_what_was_committed(void **state)
{
	(void)state;
	struct store s;
	struct sqlite_backup_schema schema;
	struct stat st;
	fill(&s);
	const char *file = scene_path(&s.scene, "copy.db");
	must(sqlite_backup_copy(&s.scene.c, database_of(&s), file, &silent));
	must(sqlite_backup_examine(&s.scene.c, file, &schema));
	assert_int_equal(schema.number, 0);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(access(arena_printf(&s.scene.arena, "%s-wal", file), F_OK), -1);
	store_close(&s);
}

struct load {
	struct store *s;
	atomic_bool stop;
	_Atomic int64_t pairs;
};

static enum app_err pair_write(struct ctx *c, void *arg)
{
	(void)arg;
	enum app_err err = db_exec(c, "INSERT INTO pairs (half) VALUES (1)", BIND(), NULL);
	return err ? err : db_exec(c, "INSERT INTO pairs (half) VALUES (2)", BIND(), NULL);
}

static void *load_run(void *arg)
{
	struct load *load = arg;
	struct arena arena;
	struct ctx c;
	arena_init(&arena, 0);
	ctx_init(&c, &load->s->scene.app, &arena);
	while (!load->stop && !db_write(&c, pair_write, NULL)) {
		load->pairs++;
		arena_reset(&arena);
	}
	arena_done(&arena);
	return NULL;
}

static int64_t copy_int(struct store *s, const char *file, const char *sql)
{
	struct store copy;
	(void)s;
	store_open_with(&copy, (struct db_options){
				       .url = arena_printf(&s->scene.arena, "sqlite:%s", file) });
	int64_t value = store_int(&copy, sql);
	store_close(&copy);
	return value;
}

static void a_copy_is_one_state_while_others_write(void **state)
{
	(void)state;
	struct store s;
	struct load load = { .s = &s };
	pthread_t threads[WRITERS];
	struct sqlite_backup_schema schema;
	int64_t before = 0;
	fill(&s);
	for (int i = 0; i < WRITERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, load_run, &load), 0);
	for (int i = 0; i < COPIES; i++) {
		int64_t written = load.pairs;
		while (load.pairs < written + 20) /* each copy is made under load */
			sched_yield();
		written = load.pairs;
		const char *file = scene_path(&s.scene,
					      arena_printf(&s.scene.arena, "copy%d.db", i));
		must(sqlite_backup_copy(&s.scene.c, database_of(&s), file, &silent));
		must(sqlite_backup_examine(&s.scene.c, file, &schema));
		int64_t ones = copy_int(&s, file, "SELECT count(*) FROM pairs WHERE half = 1");
		assert_int_equal(ones,
				 copy_int(&s, file, "SELECT count(*) FROM pairs WHERE half = 2"));
		assert_true(ones >= written); /* what was acknowledged before is in it */
		assert_true(ones > before);
		before = ones;
	}
	load.stop = true;
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(store_int(&s, "SELECT count(*) FROM pairs WHERE half = 1"),
			 load.pairs + 1);
	store_close(&s);
}

static void a_copy_replaces_no_file(void **state)
{
	(void)state;
	struct store s;
	fill(&s);
	const char *database = database_of(&s);
	assert_int_equal(sqlite_backup_copy(&s.scene.c, database, database, &silent),
			 APP_UNAVAILABLE);
	ctx_recover(&s.scene.c);
	assert_int_equal(store_int(&s, "SELECT count(*) FROM pairs"), 2);
	store_close(&s);
}

static void a_missing_database_is_not_created(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *missing = scene_path(&scene, "no.db");
	assert_int_equal(
		sqlite_backup_copy(&scene.c, missing, scene_path(&scene, "copy.db"), &silent),
		APP_NOT_FOUND);
	assert_int_equal(access(missing, F_OK), -1);
	assert_int_equal(access(scene_path(&scene, "copy.db"), F_OK), -1);
	scene_close(&scene);
}

/* ---- looking through ---- */

static void file_spoil(const char *file, off_t at, const char *bytes)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, strlen(bytes), at), (ssize_t)strlen(bytes));
	close(fd);
}

struct damage {
	off_t at;
	const char *bytes;
};

static void damage_is_found(void **state)
{
	const struct damage *damage = *state;
	struct store s;
	struct sqlite_backup_schema schema;
	fill(&s);
	const char *file = scene_path(&s.scene, "copy.db");
	must(sqlite_backup_copy(&s.scene.c, database_of(&s), file, &silent));
	file_spoil(file, damage->at, damage->bytes);
	assert_int_equal(sqlite_backup_examine(&s.scene.c, file, &schema), APP_CONFLICT);
	assert_non_null(strstr(s.scene.c.failure.text, "damaged"));
	store_close(&s);
}

static void the_newest_migration_is_read(void **state)
{
	(void)state;
	struct store s;
	struct sqlite_backup_schema schema;
	fill(&s);
	store_do(&s, "CREATE TABLE croft_migrations (number INTEGER, name TEXT, checksum TEXT, "
		     "applied_at INTEGER)");
	store_do(&s, "INSERT INTO croft_migrations VALUES (7, 'seven', 'abc', 0), "
		     "(3, 'three', 'def', 0)");
	const char *file = scene_path(&s.scene, "copy.db");
	must(sqlite_backup_copy(&s.scene.c, database_of(&s), file, &silent));
	must(sqlite_backup_examine(&s.scene.c, file, &schema));
	assert_int_equal(schema.number, 7);
	assert_string_equal(schema.name, "seven");
	assert_string_equal(schema.checksum, "abc");
	assert_int_equal(sqlite_backup_schema_check(&s.scene.c, &schema), APP_CONFLICT);
	store_close(&s);
}

/* ---- who has it open ---- */

static void an_open_database_is_not_given_away(void **state)
{
	(void)state;
	struct store s;
	fill(&s);
	const char *database = database_of(&s);
	AUTO(sqlite_hold) hold = SQLITE_HOLD_NONE;
	assert_int_equal(sqlite_hold_alone(&s.scene.c, database, &hold), APP_CONFLICT);
	assert_non_null(strstr(s.scene.c.failure.text, "stop the server"));
	ctx_recover(&s.scene.c);
	store_do(&s, "INSERT INTO pairs (half) VALUES (1)"); /* and works on */
	db_close(s.db);
	must(sqlite_hold_alone(&s.scene.c, database, &hold));
	scene_close(&s.scene);
}

static void a_held_database_is_not_opened(void **state)
{
	(void)state;
	struct store s;
	struct db *second = NULL;
	fill(&s);
	const char *database = database_of(&s);
	db_close(s.db);
	AUTO(sqlite_hold) hold = SQLITE_HOLD_NONE;
	must(sqlite_hold_alone(&s.scene.c, database, &hold));
	const struct db_options options = {
		.url = arena_printf(&s.scene.arena, "sqlite:%s", database), .busy_ms = 1
	};
	assert_int_equal(db_open(&s.scene.c, &options, &second), APP_UNAVAILABLE);
	assert_non_null(strstr(s.scene.c.failure.text, "being restored"));
	ctx_recover(&s.scene.c);
	sqlite_hold_auto(&hold);
	must(db_open(&s.scene.c, &options, &second));
	db_close(second);
	scene_close(&s.scene);
}

/* ---- changing a copy ---- */

struct change {
	struct sqlite_backup_column column;
	int64_t first; /* half of the first pair, afterwards */
};

static void a_copy_is_changed(void **state)
{
	const struct change *change = *state;
	struct store s;
	fill(&s);
	const char *file = scene_path(&s.scene, "copy.db");
	must(sqlite_backup_copy(&s.scene.c, database_of(&s), file, &silent));
	must(sqlite_backup_change(&s.scene.c, file, &change->column, "UPDATE pairs SET half = 7"));
	assert_int_equal(copy_int(&s, file, "SELECT half FROM pairs ORDER BY id LIMIT 1"),
			 change->first);
	store_close(&s);
}

/* What must not come back with a copy would, if that were taken for "there is none". */
static void a_copy_that_cannot_be_looked_at_is_told(void **state)
{
	(void)state;
	struct store s;
	const struct sqlite_backup_column half = { "pairs", "half" };
	fill(&s);
	const char *file = scene_path(&s.scene, "copy.db");
	must(sqlite_backup_copy(&s.scene.c, database_of(&s), file, &silent));
	file_spoil(file, 0, "no database at all");
	assert_int_equal(sqlite_backup_change(&s.scene.c, file, &half, "UPDATE pairs SET half = 7"),
			 APP_CONFLICT);
	assert_non_null(strstr(s.scene.c.failure.text, "damaged"));
	store_close(&s);
}

/* ---- the swap ---- */

struct paths {
	const char *database;
	const char *beside; /* a copy of it */
	const char *old;    /* where it shall go: nothing yet */
};

static struct paths fill_and_copy(struct store *s)
{
	fill(s);
	const struct paths at = { database_of(s), scene_path(&s->scene, "beside.db"),
				  scene_path(&s->scene, "old.db") };
	must(sqlite_backup_copy(&s->scene.c, at.database, at.beside, &silent));
	return at;
}

static void the_old_database_is_kept(void **state)
{
	(void)state;
	struct store s;
	bool kept = false;
	const struct paths at = fill_and_copy(&s);
	store_do(&s, "INSERT INTO pairs (half) VALUES (3)");
	db_close(s.db);
	must(sqlite_backup_swap(&s.scene.c, at.beside, at.database, at.old, &kept));
	assert_true(kept);
	assert_int_equal(copy_int(&s, at.database, "SELECT count(*) FROM pairs"), 2);
	assert_int_equal(copy_int(&s, at.old, "SELECT count(*) FROM pairs"), 3);
	scene_close(&s.scene);
}

/*
 * A process that was killed leaves its log behind; played back into another file it would ruin
 * that.
 */
static void a_log_left_behind_stays_with_the_old_database(void **state)
{
	(void)state;
	struct store s;
	bool kept = false;
	const struct paths at = fill_and_copy(&s);
	store_do(&s, "INSERT INTO pairs (half) VALUES (3)");
	/* as the files lie there at this moment, with the commit in the log only */
	const char *crashed = scene_path(&s.scene, "crashed.db");
	must(sqlite_backup_bring(&s.scene.c, at.database, crashed, at.database));
	must(sqlite_backup_bring(&s.scene.c, arena_printf(&s.scene.arena, "%s-wal", at.database),
				 arena_printf(&s.scene.arena, "%s-wal", crashed), at.database));
	db_close(s.db);
	must(sqlite_backup_swap(&s.scene.c, at.beside, crashed, at.old, &kept));
	assert_int_equal(access(arena_printf(&s.scene.arena, "%s-wal", crashed), F_OK), -1);
	assert_int_equal(copy_int(&s, crashed, "SELECT count(*) FROM pairs"), 2);
	assert_int_equal(copy_int(&s, at.old, "SELECT count(*) FROM pairs"), 3);
	scene_close(&s.scene);
}

static void a_damaged_old_database_is_no_obstacle(void **state)
{
	(void)state;
	struct store s;
	bool kept = false;
	const struct paths at = fill_and_copy(&s);
	db_close(s.db);
	file_spoil(at.database, 0, "this was a database once, and is none now");
	must(sqlite_backup_swap(&s.scene.c, at.beside, at.database, at.old, &kept));
	assert_int_equal(copy_int(&s, at.database, "SELECT count(*) FROM pairs"), 2);
	assert_int_equal(access(at.old, F_OK), 0);
	scene_close(&s.scene);
}

/* Root reads what nobody may. */
static void a_place_that_cannot_be_read_is_told(void **state)
{
	(void)state;
	enum { NOBODY = 65534 };
	struct store s;
	fill(&s);
	const char *database = database_of(&s);
	struct stat st;
	bool is_root = geteuid() == 0;
	/* the place can be told, so that it is the file that cannot be read */
	assert_int_equal(chmod(s.scene.folder, 0755), 0);
	assert_int_equal(chmod(database, 0), 0);
	if (is_root)
		assert_int_equal(seteuid(NOBODY), 0);
	int found = lstat(database, &st);
	enum app_err err = sqlite_backup_place_check(&s.scene.c, database);
	if (is_root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(found, 0);
	assert_int_not_equal(err, APP_OK);
	assert_non_null(strstr(s.scene.c.failure.text, "cannot read"));
	store_close(&s);
}

/* ---- digests ---- */

static void a_digest_is_sha_256(void **state)
{
	(void)state;
	struct scene scene;
	char text[DIGEST_TEXT_ROOM];
	int64_t size;
	scene_open(&scene);
	const char *path = scene_path(&scene, "abc");
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	fputs("abc", file);
	fclose(file);
	must(digest_file(&scene.c, path, text, &size));
	assert_int_equal(size, 3);
	/* FIPS 180-2, appendix B.1 */
	assert_string_equal(text,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(digest_file(&scene.c, scene_path(&scene, "no"), text, &size),
			 APP_NOT_FOUND);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a copy holds what was committed, mode 0600, without a log",
		    a_copy_holds_what_was_committed),
		ROW("copies made while three threads write are each one whole state",
		    a_copy_is_one_state_while_others_write),
		ROW("a copy replaces no file, least of all the database", a_copy_replaces_no_file),
		ROW("a missing database is told and not created",
		    a_missing_database_is_not_created),
		ROW_OF("a spoilt head is found", damage_is_found,
		       (&(struct damage){ 0, "no database at all" })),
		ROW_OF("a spoilt page is found", damage_is_found,
		       (&(struct damage){ 4096, "\xff\xff\xff\xff\xff\xff\xff\xff" })),
		ROW("the newest migration is read, and refused when this program lacks it",
		    the_newest_migration_is_read),
		ROW_OF("a copy that has the column is changed", a_copy_is_changed,
		       (&(struct change){ { "pairs", "half" }, 7 })),
		ROW_OF("one that lacks it is left as it is", a_copy_is_changed,
		       (&(struct change){ { "pairs", "whole" }, 1 })),
		ROW_OF("and one that lacks the table", a_copy_is_changed,
		       (&(struct change){ { "triples", "half" }, 1 })),
		ROW("one that cannot be looked at is told, and not taken for one that lacks it",
		    a_copy_that_cannot_be_looked_at_is_told),
		ROW("an open database is not given away", an_open_database_is_not_given_away),
		ROW("a held database is not opened until it is given back",
		    a_held_database_is_not_opened),
		ROW("after a swap the old database is kept", the_old_database_is_kept),
		ROW("a log left behind stays with the old database",
		    a_log_left_behind_stays_with_the_old_database),
		ROW("a damaged old database is no obstacle", a_damaged_old_database_is_no_obstacle),
		ROW("a place that cannot be read is told as that",
		    a_place_that_cannot_be_read_is_told),
		ROW("a digest is SHA-256, and a missing file is told", a_digest_is_sha_256),
	};
	return rows_run("core/sqlite backup", rows, COUNT_OF(rows));
}
