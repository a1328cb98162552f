/*
 * A COMMIT that the disk fails in the middle of. What is answered is compared with what the next
 * who opens the files would find: they are copied at that moment, as a crash would leave them.
 * "Nothing was changed" must then be true.
 */
#include "core/db/store.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct store store;

/* ---- the disk ---- */

static atomic_int sync_fails;   /* errno of fdatasync(); 0: none */
static atomic_int writes_until; /* writes that still work; negative: all */
static atomic_int write_fails;  /* errno of those after them */
/* the index of the log cannot grow: SQLite does that by a byte at the end of each page */
static atomic_bool index_fails;

/* SQLite calls this one by its name: a program's own comes before the C library's. */
int fdatasync(int fd)
{
	if (sync_fails) {
		errno = sync_fails;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

static ssize_t on_pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	bool fails = index_fails && len == 1;
	if (writes_until >= 0 && len != 1)
		fails = writes_until == 0 || !writes_until--;
	if (!fails)
		return pwrite(fd, bytes, len, at);
	errno = index_fails ? ENOSPC : write_fails;
	return -1;
}

static void disk_heal(void)
{
	sync_fails = write_fails = 0;
	writes_until = -1;
	index_fails = false;
}

static int setup(void **state)
{
	(void)state;
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	disk_heal();
	assert_int_equal(vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)on_pwrite),
			 SQLITE_OK);
	assert_int_equal(vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)on_pwrite),
			 SQLITE_OK);
	/* room for a commit that is written at once */
	store_open_with(&store, (struct db_options){ .cache_kib = 100 * 1024 });
	store_do(&store, "CREATE TABLE t (id INTEGER PRIMARY KEY, data TEXT) STRICT");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	disk_heal();
	store_close(&store);
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	vfs->xSetSystemCall(vfs, NULL, NULL);
	return 0;
}

/* ---- what a crash at this moment would leave ---- */

static void file_copy(const char *from, const char *to)
{
	char bytes[65536];
	size_t len;
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	assert_non_null(in);
	assert_non_null(out);
	while ((len = fread(bytes, 1, sizeof(bytes), in)))
		assert_int_equal(fwrite(bytes, 1, len, out), len);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

static int64_t rows_after_a_crash(void)
{
	const char *copy = scene_path(&store.scene, "copy.db");
	const char *log = scene_path(&store.scene, "copy.db-wal");
	sqlite3 *file;
	sqlite3_stmt *stmt;
	file_copy(scene_path(&store.scene, "t.db"), copy);
	file_copy(scene_path(&store.scene, "t.db-wal"), log);
	remove(scene_path(&store.scene, "copy.db-shm"));
	assert_int_equal(sqlite3_open(copy, &file), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(file, "SELECT count(*) FROM t", -1, &stmt, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int64_t rows = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(file);
	return rows;
}

static void is_unknown(const struct ctx *c, enum app_err err)
{
	assert_int_equal(err, APP_UNAVAILABLE);
	assert_string_equal(ctx_failure_code(c, err), "outcome_unknown");
	assert_non_null(strstr(ctx_failure_text(c, err), "the outcome is unknown"));
	assert_int_equal(c->failure.retry_after_s, RETRY_NEVER);
	assert_non_null(strstr(c->failure.cause, "at COMMIT"));
}

/* It is of one opinion again, whole, and takes writes. */
static void goes_on(void)
{
	disk_heal();
	store_do(&store, "INSERT INTO t (data) VALUES ('after')");
	assert_true(store_int(&store, "SELECT count(*) FROM t WHERE data = 'after'") > 0);
	assert_string_equal(store_text(&store, "PRAGMA integrity_check"), "ok");
	assert_int_equal(rows_after_a_crash(), store_int(&store, "SELECT count(*) FROM t"));
}

/* ---- rows ---- */

static void a_flush_that_fails_leaves_it_unknown(void **state)
{
	(void)state;
	sync_fails = EIO;
	enum app_err err = store_try(&store, "INSERT INTO t (data) VALUES ('a')");
	is_unknown(&store.scene.c, err);
	disk_heal();
	assert_int_equal(rows_after_a_crash(), 1); /* so "nothing was changed" would be a lie */
	assert_int_equal(db_stats(store.db).reopened, 0);
	goes_on();
	assert_int_equal(db_stats(store.db).reopened, 1);
}

static void all_that_share_the_commit_are_told(void **state)
{
	(void)state;
	struct gate gate;
	struct job holder, jobs[6];
	gate_hold(&store, &gate, &holder);
	for (int i = 0; i < 6; i++)
		must(job_submit(&store, &jobs[i], &gate, "INSERT INTO t (data) VALUES ('a')"));
	jobs[3].fails = true;
	sync_fails = EIO;
	gate_release(&gate, &holder, 6);
	for (int i = 0; i < 6; i++) {
		if (i == 3)
			assert_int_equal(jobs[i].result, APP_FORBIDDEN);
		else
			is_unknown(&jobs[i].c, jobs[i].result);
		arena_done(&jobs[i].arena);
	}
	goes_on();
}

static void an_index_of_the_log_that_cannot_grow_leaves_it_unknown(void **state)
{
	(void)state;
	index_fails = true;
	enum app_err err = store_try(
		&store, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
			" WHERE i < 5000) INSERT INTO t (data)"
			" SELECT printf('%4000s', i) FROM n");
	is_unknown(&store.scene.c, err);
	index_fails = false;
	assert_int_equal(rows_after_a_crash(), 5000);
	goes_on();
}

#define SQL_TEN \
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)" \
	" INSERT INTO t (data) SELECT printf('%3000s', i) FROM n"

/* At each write of a commit in turn, until it has none left to fail. */
static void what_is_said_is_true_whichever_write_fails(void **state)
{
	const int *why = *state;
	int64_t rows = 0;
	bool done = false;
	for (int n = 0; !done; n++) {
		write_fails = *why;
		writes_until = n;
		enum app_err err = store_try(&store, SQL_TEN);
		done = !err;
		if (!done && !db_outcome_is_unknown(&store.scene.c)) {
			assert_int_equal(err, *why == EIO ? APP_INTERNAL : APP_STORAGE_FULL);
			assert_int_equal(rows_after_a_crash(), rows);
		}
		assert_true(done || *why == EIO || err == APP_STORAGE_FULL);
		goes_on();
		rows = store_int(&store, "SELECT count(*) FROM t");
		assert_in_range(n, 0, 500);
	}
	assert_true(rows > 20);
}

#define CASE(sentence, fn) \
	{ \
		sentence, fn, setup, teardown, NULL \
	}
#define EACH_WRITE(sentence, why) \
	{ \
		sentence, what_is_said_is_true_whichever_write_fails, setup, teardown, \
			(&(int){ why }) \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("a flush that fails at COMMIT leaves the outcome unknown, and says so",
		     a_flush_that_fails_leaves_it_unknown),
		CASE("all whose changes share that COMMIT are told, but who had failed before",
		     all_that_share_the_commit_are_told),
		CASE("an index of the log that cannot grow leaves it unknown",
		     an_index_of_the_log_that_cannot_grow_leaves_it_unknown),
		EACH_WRITE("on a full disk nothing was changed, whichever write finds it full",
			   ENOSPC),
		EACH_WRITE("the same past the limit on the size of a file", EFBIG),
		EACH_WRITE("the same past a quota", EDQUOT),
		EACH_WRITE("on a disk that fails what is said is true, whichever write fails", EIO),
	};
	return rows_run("core/sqlite commit_fault", rows, COUNT_OF(rows));
}
