/* A start on a file that is not as croft left it looks through it; one on its own file does not. */
#include "core/db/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Many rows, so that the table and its index have pages enough to disagree about. */
#define FILL(to) \
	"INSERT INTO t (a) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 " \
	"FROM n WHERE i < " to ") SELECT hex(randomblob(50)) FROM n"

struct mark_case {
	bool killed; /* with its last commit in the log alone; else it was closed */
	/*
	 * a shell command in the folder, where older.db and older-wal are copies of before the last
	 * rows
	 */
	const char *then;
	const char *sql; /* another program does this */
	bool refused;
	int64_t rows; /* of t, when it opens; -1: not to be asked */
};

/* The file of `scene`, which lives longer. */
static void open_file(struct store *s, const struct scene *scene)
{
	char url[96];
	snprintf(url, sizeof(url), "sqlite:%s/t.db", scene->folder);
	store_open_with(s, (struct db_options){ .url = url });
}

/* A process of its own, as whoever is killed closes nothing. */
static void life(const struct scene *scene, const char *sql, bool killed)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		struct store s;
		open_file(&s, scene);
		store_do(&s, sql);
		if (killed)
			rmdir(s.scene.folder);
		else
			store_close(&s);
		_exit(0);
	}
	int status = -1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void in_folder(const struct scene *scene, const char *how)
{
	char command[512];
	snprintf(command, sizeof(command), "cd %s && { %s; }", scene->folder, how);
	assert_int_equal(system(command), 0);
}

static void other_does(struct scene *scene, const char *sql)
{
	sqlite3 *other;
	assert_int_equal(sqlite3_open(scene_path(scene, "t.db"), &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

static enum app_err open_again(struct scene *scene, int64_t *ret_rows)
{
	struct store s;
	scene_open(&s.scene);
	const struct db_options options = { .url = arena_printf(&s.scene.arena, "sqlite:%s/t.db",
								scene->folder) };
	enum app_err err = db_open(&s.scene.c, &options, &s.db);
	if (!err) {
		s.scene.app.db = s.db;
		if (ret_rows)
			*ret_rows = store_int(&s, "SELECT count(*) FROM t");
		db_close(s.db);
	} else {
		store_says_text(&s, err, "restore a backup with croft restore");
	}
	scene_close(&s.scene);
	return err;
}

static void start_is_judged(void **state)
{
	const struct mark_case *k = *state;
	struct scene scene;
	int64_t rows = k->rows;
	scene_open(&scene);
	life(&scene, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE INDEX t_a ON t (a)",
	     false);
	life(&scene, FILL("100"), false);
	in_folder(&scene, "cp t.db older.db");
	life(&scene, "UPDATE t SET a = 'older' WHERE id < 50", true);
	in_folder(&scene, "cp t.db-wal older-wal");
	life(&scene, FILL("10000"), false);
	life(&scene, "UPDATE t SET a = 'last' WHERE id = 1", k->killed);
	assert_int_equal(access(scene_path(&scene, "t.db-wal"), F_OK), k->killed ? 0 : -1);
	in_folder(&scene, k->then ? k->then : "true");
	if (k->sql)
		other_does(&scene, k->sql);
	in_folder(&scene, "cksum t.db $(ls t.db-wal) > sums 2> errors");
	enum app_err err = open_again(&scene, k->rows < 0 ? NULL : &rows);
	assert_int_equal(err, k->refused ? APP_INVALID : APP_OK);
	assert_int_equal(rows, k->rows);
	/* as often as it is tried */
	assert_int_equal(open_again(&scene, NULL), err);
	if (k->refused)
		in_folder(&scene, "cksum t.db $(ls t.db-wal) 2> errors | cmp - sums");
	scene_close(&scene);
}

#define START(sentence, ...) ROW_OF(sentence, start_is_judged, (&(struct mark_case){ __VA_ARGS__ }))

#define COPY "mkdir k && cp t.db t.db-wal t.db-lock k && rm t.db* && mv k/* ."
/* What mark.c writes: that a checkpoint is under way; the kernel's id of the boot. */
#define BYTE_AT(at) "printf '\\001' | dd of=t.db-lock bs=1 conv=notrunc status=none seek=" at
#define COPYING BYTE_AT("180")
#define OTHER_BOOT BYTE_AT("73")

#define DAMAGE "head -c 400000 /dev/zero | dd of=t.db bs=4096 seek=20 conv=notrunc status=none"

static bool log_is_empty(const struct scene *scene)
{
	struct stat st;
	char path[128];
	snprintf(path, sizeof(path), "%s/t.db-wal", scene->folder);
	return !stat(path, &st) && !st.st_size;
}

/* Tells when its commits are in the file, and closes it when told. */
static void first_process(const struct scene *scene, int tell, int told)
{
	struct store s;
	char byte = 0;
	open_file(&s, scene);
	store_do(&s, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE INDEX t_a ON t (a)");
	store_do(&s, FILL("10000"));
	AWAIT(log_is_empty(scene));      /* or it would mend what is damaged below it */
	must(store_try(&s, "SELECT 1")); /* the writer is past it */
	assert_int_equal(write(tell, &byte, 1), 1);
	assert_int_equal(read(told, &byte, 1), 1);
	store_close(&s);
	_exit(0);
}

/*
 * One process has the file open while another opens it, and closes it again: that one has not
 * looked through it.
 */
static void second_lets_nothing_pass(void **state)
{
	(void)state;
	struct scene scene;
	int tell[2], told[2], status = -1;
	char byte = 0;
	scene_open(&scene);
	assert_int_equal(pipe(tell), 0);
	assert_int_equal(pipe(told), 0);
	pid_t pid = fork();
	if (!pid)
		first_process(&scene, tell[1], told[0]);
	assert_int_equal(read(tell[0], &byte, 1), 1);
	in_folder(&scene, DAMAGE);
	assert_int_equal(open_again(&scene, NULL), APP_OK);
	assert_int_equal(write(told[1], &byte, 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(open_again(&scene, NULL), APP_INVALID);
	for (int i = 0; i < 2; i++) {
		close(tell[i]);
		close(told[i]);
	}
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		START("a file that was closed opens", .rows = 10100),
		START("a file whose process was killed opens", .killed = true, .rows = 10100),
		START("what other programs write through SQLite is fine",
		      .sql = "DELETE FROM t WHERE id > 9000; VACUUM", .rows = 9000),
		START("the same after its process was killed", .killed = true,
		      .sql = "DELETE FROM t WHERE id > 9000; VACUUM", .rows = 9000),
		START("an older copy over a file that was closed opens", .then = "cp older.db t.db",
		      .rows = 100),
		START("an older copy in the place of a file that was closed opens",
		      .then = "mv older.db t.db", .rows = 100),
		START("an older copy over a file that has its log is refused", .killed = true,
		      .then = "cp older.db t.db", .refused = true),
		START("an older copy in the place of a file, beside its log, is refused",
		      .killed = true, .then = "mv older.db t.db", .refused = true),
		START("an older log beside a file that was closed is refused",
		      .then = "cp older-wal t.db-wal", .refused = true),
		START("an older log beside a file that nothing is known of is refused",
		      .then = "cp older-wal t.db-wal && rm t.db-lock", .refused = true),
		START("an older copy of which nothing is known, beside a log, is refused",
		      .killed = true, .then = "cp older.db t.db && rm t.db-lock", .refused = true),
		START("an older copy without the log of the other opens", .killed = true,
		      .then = "rm t.db-wal t.db-shm; cp older.db t.db", .rows = 100),
		START("an older log beside a file whose process was killed is refused",
		      .killed = true, .then = "cp older-wal t.db-wal", .refused = true),
		START("a file whose log is gone is refused", .killed = true,
		      .then = "rm t.db-wal t.db-shm", .refused = true),
		START("a file whose log was emptied is refused", .killed = true,
		      .then = "truncate -s 0 t.db-wal", .refused = true),
		START("a file whose log was cut is refused", .killed = true,
		      .then = "truncate -s -1 t.db-wal", .refused = true),
		START("a file whose log has another byte is refused", .killed = true,
		      .then = "printf '\\377\\376' | dd of=t.db-wal bs=1 seek=100 conv=notrunc "
			      "status=none",
		      .refused = true),
		START("a file whose log is gone opens once its -lock is removed", .killed = true,
		      .then = "rm t.db-wal t.db-shm t.db-lock", .rows = 10100),
		START("a file that was copied with its log is refused", .killed = true,
		      .then = COPY, .refused = true),
		START("a file that was copied with its log opens once its -lock is removed",
		      .killed = true, .then = COPY " && rm t.db-lock", .rows = 10100),
		START("a file that a checkpoint was writing, with its log, opens", .killed = true,
		      .then = COPYING " && touch t.db", .rows = 10100),
		START("a file whose time did not reach the disk before the power failed opens",
		      .killed = true, .then = OTHER_BOOT " && touch -d '1 hour ago' t.db",
		      .rows = 10100),
		START("an older copy over the file of before the power failed is refused",
		      .killed = true, .then = OTHER_BOOT " && cp older.db t.db", .refused = true),
		START("a log of before the power failed that was cut is refused", .killed = true,
		      .then = OTHER_BOOT " && truncate -s -1 t.db-wal", .refused = true),
		START("an older log beside a file that was closed is refused in another boot, too",
		      .then = OTHER_BOOT " && cp older-wal t.db-wal", .refused = true),
		START("pages that were overwritten are refused", .then = DAMAGE, .refused = true),
		START("pages that were overwritten under a log are refused", .killed = true,
		      .then = DAMAGE, .refused = true),
		START("a file that was only touched opens", .then = "touch t.db", .rows = 10100),
		START("a file that was moved away and back opens", .killed = true,
		      .then = "mkdir k && mv t.db* k && mv k/* .", .rows = 10100),
		START("a file that seems to be as it was left is not looked through",
		      .then = "touch -r t.db time; " DAMAGE "; touch -r time t.db", .rows = -1),
		ROW("a second process that opens the file lets no damage pass",
		    second_lets_nothing_pass),
	};
	return cmocka_run_group_tests(rows, NULL, NULL);
}
