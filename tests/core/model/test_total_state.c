/*
 * Remembered totals, while states of the database are held and other processes commit: nobody gets
 * a stale one.
 */
#include "shelf.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/budget.h"

static void an_open_read_remembers_nothing(void **state)
{
	(void)state;
	book_add("a");
	book_add("b");
	{
		AUTO(db_rows) rows = { 0 };
		bool has_row;
		must(db_query(c, "SELECT id FROM books", BIND(), &rows));
		must(db_rows_next(&rows, &has_row));
		book_add("c");
		/* this thread still looks at the state of before */
		assert_int_equal(count_now(NULL), 2);
	}
	assert_int_equal(count_now(NULL), 3);
}

/* Adds a book on the writer's thread, as another request does: this thread only waits for it. */
static void other_adds(const char *sql)
{
	struct gate gate;
	struct job job;
	gate_init(&gate);
	must(job_submit(&store, &job, &gate, sql));
	sem_wait(&gate.finished);
	assert_int_equal(job.result, APP_OK);
	arena_done(&job.arena);
	gate_done(&gate);
}

static const char SQL_OTHER_BOOK[] =
	"INSERT INTO books (title, created_at, updated_at) VALUES ('other', 1, 1)";

static void a_state_that_is_held_is_not_taken_for_a_newer_one(void **state)
{
	(void)state;
	book_add("a");
	count_remembered();
	db_reads_begin(store.db);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books"), 1);
	other_adds(SQL_OTHER_BOOK);
	/* counted, since it is not known for this state, and not remembered for the new one */
	assert_int_equal(count_now(NULL), 1);
	db_reads_end(store.db);
	assert_int_equal(count_now(NULL), 2);
	count_remembered();
}

static void what_is_committed_while_a_total_is_counted_is_added(void **state)
{
	(void)state;
	struct db_memory_key key = {
		.bytes = "all", .len = 3, .sql = "SELECT count(*) FROM books", .table = "books"
	};
	int64_t number = 0;
	book_add("a");
	db_reads_begin(store.db);
	assert_true(db_table_version(c, "books", &key.version));
	db_remember_begin(c, &key);
	other_adds(SQL_OTHER_BOOK);
	other_adds("INSERT INTO tags VALUES (1, 'x')");
	db_remember(c, &key, store_int(&store, key.sql));
	db_reads_end(store.db);
	for (int i = 0; i < 3; i++) {
		assert_true(db_table_version(c, "books", &key.version));
		assert_true(db_recall(c, &key, &number));
		assert_int_equal(number, 2 + i);
		book_add(arena_printf(&store.scene.arena, "b%d", i));
	}
}

/* As on_statement() of the shelf; and another request commits while the statement runs. */
static int on_count(unsigned what, void *arg, void *stmt, void *text)
{
	(void)what, (void)arg, (void)stmt;
	if (!strncmp(text, "SELECT count(*)", 15))
		other_adds(SQL_OTHER_BOOK);
	return 0;
}

static void reader_watch(int (*fn)(unsigned, void *, void *, void *))
{
	struct sqlite_conn *conn;
	must(sqlite_reader(c, store.db->state, &conn));
	sqlite3_trace_v2(conn->handle, fn ? SQLITE_TRACE_STMT : 0, fn, NULL);
}

/*
 * As on an event loop whose budget is used up: it fails, and is begun again at once, on another
 * thread or this one.
 */
static void count_cut_off(const struct model_where *where)
{
	struct budget over = { .clock = &clock_system, .most_us = INT64_MAX, .is_over = true };
	int64_t count;
	db_reads_begin(store.db);
	c->budget = &over;
	assert_int_equal(model_count(c, &book_model, where, &count), APP_UNAVAILABLE);
	c->budget = NULL;
	db_reads_end(store.db);
	ctx_recover(c);
}

static void a_total_that_was_cut_off_is_kept_the_next_time(void **state)
{
	(void)state;
	const struct model_where any_price = { .sql = "price > $1", .binds = BIND(-1.0) };
	book_add("a");
	count_cut_off(NULL);
	count_cut_off(&any_price);
	db_reads_begin(store.db);
	assert_int_equal(store_int(&store, "SELECT 1"), 1);
	reader_watch(on_count);
	assert_int_equal(count_now(NULL), 1);
	reader_watch(NULL);
	db_reads_end(store.db);
	statements_count();
	assert_int_equal(count_now(NULL), 2);
	assert_int_equal(statements, 0);
}

/* What another process of ours does around a commit. */
static void other_commits_begin(struct sqlite *other)
{
	const char *lock = scene_path(&store.scene, "t.db-lock");
	*other = (struct sqlite){ .hold = { open(lock, O_RDWR | O_CLOEXEC), -1 } };
	assert_true(other->hold.lock_fd >= 0);
	sqlite_shared_open(other);
	assert_non_null(other->shared);
	sqlite_versions_open(other);
	sqlite_versions_committing(other->versions);
}

static void other_commits_end(struct sqlite *other, const char *sql)
{
	sqlite3 *handle;
	assert_int_equal(sqlite3_open(scene_path(&store.scene, "t.db"), &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(handle);
	sqlite_versions_committed(other->versions);
	sqlite_versions_close(other);
	sqlite_shared_close(other);
	close(other->hold.lock_fd);
}

static void a_state_of_during_another_process_s_commit_is_of_before_it(void **state)
{
	(void)state;
	struct sqlite other;
	book_add("a");
	count_remembered();
	other_commits_begin(&other);
	db_reads_begin(store.db);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books"), 1);
	other_commits_end(&other, SQL_OTHER_BOOK);
	assert_int_equal(count_now(NULL), 1);
	db_reads_end(store.db);
	assert_int_equal(count_now(NULL), 2);
	count_remembered();
}

static void rows_left_open_over_a_write_do_no_harm(void **state)
{
	(void)state;
	book_add("a");
	count_remembered();
	db_reads_begin(store.db);
	{
		AUTO(db_rows) rows = { 0 };
		must(db_query(c, "SELECT id FROM books", BIND(), &rows));
		book_add("b");
		assert_int_equal(count_now(NULL), 1);
	}
	assert_int_equal(count_now(NULL), 2);
	db_reads_end(store.db);
	assert_int_equal(count_now(NULL), 2);
}

static void other_tables_may_change_while_a_state_is_held(void **state)
{
	(void)state;
	book_add("a");
	count_remembered();
	db_reads_begin(store.db);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books"), 1);
	other_adds("INSERT INTO tags VALUES (1, 'x')");
	statements_count();
	assert_int_equal(count_now(NULL), 1);
	assert_int_equal(statements, 0);
	db_reads_end(store.db);
}

/* Another process, through a database of its own on the same file. */
static void other_process(const char *sql, bool dies_midway)
{
	pid_t pid = fork();
	if (!pid) {
		struct store other = { 0 };
		const char *url = arena_printf(&store.scene.arena, "sqlite:%s/t.db",
					       store.scene.folder);
		arena_init(&other.scene.arena, 0);
		ctx_init(&other.scene.c, &other.scene.app, &other.scene.arena);
		const struct db_options options = store_patient((struct db_options){ .url = url });
		if (db_open(&other.scene.c, &options, &other.db))
			_exit(1);
		other.scene.app.db = other.db;
		if (dies_midway)
			sqlite_versions_committing(((struct sqlite *)other.db->state)->versions);
		else if (store_try(&other, sql))
			_exit(2);
		_exit(0);
	}
	int status = -1;
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

static void other_processes_are_seen(void **state)
{
	(void)state;
	book_add("a");
	count_remembered();
	other_process("INSERT INTO books (title, created_at, updated_at) VALUES ('x', 1, 1)",
		      false);
	assert_int_equal(count_now(NULL), 2);
	count_remembered();
	other_process("DELETE FROM books", false);
	assert_int_equal(count_now(NULL), 0);
}

static void other_processes_are_not_seen_in_a_state_that_is_held(void **state)
{
	(void)state;
	book_add("a");
	count_remembered();
	db_reads_begin(store.db);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books"), 1);
	other_process(SQL_OTHER_BOOK, false);
	assert_int_equal(count_now(NULL), 1);
	db_reads_end(store.db);
	assert_int_equal(count_now(NULL), 2);
}

static void a_process_that_died_midway_is_not_trusted(void **state)
{
	(void)state;
	book_add("a");
	count_remembered();
	other_process(NULL, true);
	assert_int_equal(count_now(NULL), 1);
	assert_int_equal(count_now(NULL), 1);
	assert_int_equal(statements, 2);
	book_add("b");
	assert_int_equal(count_now(NULL), 2);
	count_remembered();
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("while a result set is open nothing is remembered",
		     an_open_read_remembers_nothing),
		CASE("a state that is held is not taken for a newer one",
		     a_state_that_is_held_is_not_taken_for_a_newer_one),
		CASE("what is committed while a total is counted is added to it",
		     what_is_committed_while_a_total_is_counted_is_added),
		CASE("a total that was cut off is kept the next time, with what is committed while "
		     "it is counted",
		     a_total_that_was_cut_off_is_kept_the_next_time),
		CASE("other tables may change while a state is held",
		     other_tables_may_change_while_a_state_is_held),
		CASE("a state that began during another process's commit is not taken for a newer "
		     "one",
		     a_state_of_during_another_process_s_commit_is_of_before_it),
		CASE("rows that are left open over a write do no harm",
		     rows_left_open_over_a_write_do_no_harm),
		CASE("changes of another process are seen", other_processes_are_seen),
		CASE("changes of another process are not seen in a state that is held",
		     other_processes_are_not_seen_in_a_state_that_is_held),
		CASE("after a process died in a commit nothing is trusted until the next one",
		     a_process_that_died_midway_is_not_trusted),
	};
	return rows_run("core/model/total_state", rows, COUNT_OF(rows));
}
