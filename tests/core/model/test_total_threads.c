/* Remembered totals under many threads: whoever was told of a row sees it counted. */
/* threaded */
#include "shelf_changes.h"

#include <pthread.h>
#include <stdatomic.h>

enum { WRITES = 200, READERS = 3, CHANGERS = 3, CHANGES = 60 };

static _Atomic int64_t written;

/* Whoever was told of a row must see it counted. */
static void *count_along(void *arg)
{
	(void)arg;
	struct scene mine = { .app = store.scene.app };
	arena_init(&mine.arena, 0);
	ctx_init(&mine.c, &mine.app, &mine.arena);
	intptr_t wrong = 0;
	const struct model_where any_price = { .sql = "price > $1", .binds = BIND(-1.0) };
	bool is_any = false;
	for (int64_t least = 0; least < WRITES; is_any = !is_any) {
		int64_t count = 0;
		least = written;
		db_reads_begin(store.db);
		if (model_count(&mine.c, &book_model, is_any ? &any_price : NULL, &count) ||
		    count < least)
			wrong++;
		if (model_count(&mine.c, &book_model, is_any ? NULL : &any_price, &count) ||
		    count < least)
			wrong++;
		db_reads_end(store.db);
		scene_next(&mine);
	}
	arena_done(&mine.arena);
	return (void *)wrong;
}

static void nobody_gets_a_stale_total(void **state)
{
	(void)state;
	pthread_t threads[READERS];
	written = 0;
	for (int i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count_along, NULL), 0);
	for (int i = 0; i < WRITES; i++) {
		book_add(arena_printf(&store.scene.arena, "book %d", i));
		written++;
	}
	for (int i = 0; i < READERS; i++) {
		void *wrong = NULL;
		pthread_join(threads[i], &wrong);
		assert_null(wrong);
	}
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books"), WRITES);
}

static void *change_along(void *arg)
{
	struct scene mine = { .app = store.scene.app };
	struct chance chance = { (uint64_t)(uintptr_t)arg + 100 };
	arena_init(&mine.arena, 0);
	ctx_init(&mine.c, &mine.app, &mine.arena);
	for (int i = 0; i < CHANGES; i++) {
		int64_t count;
		if (i % 2)
			db_reads_begin(store.db);
		if (db_write(&mine.c, changes_run, &chance) ||
		    model_count(&mine.c, &book_model, &wheres[i % (int)COUNT_OF(wheres)], &count))
			ctx_recover(&mine.c);
		if (i % 2)
			db_reads_end(store.db);
		scene_next(&mine);
	}
	arena_done(&mine.arena);
	return NULL;
}

static void threads_change_at_once(void **state)
{
	(void)state;
	pthread_t threads[CHANGERS];
	store_do(&store, SQL_MORE);
	sqlite3 *truth = truth_open();
	for (int round = 0; round < 5; round++) {
		totals_are_true(truth, round);
		for (uintptr_t i = 0; i < CHANGERS; i++)
			assert_int_equal(pthread_create(&threads[i], NULL, change_along,
							(void *)(i + 10 * (uintptr_t)round)),
					 0);
		for (int i = 0; i < CHANGERS; i++)
			pthread_join(threads[i], NULL);
		totals_are_true(truth, round);
	}
	sqlite3_close(truth);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("nobody gets a stale total among many threads", nobody_gets_a_stale_total),
		CASE("totals are true after threads changed rows at once", threads_change_at_once),
	};
	return rows_run("core/model/total_threads", rows, COUNT_OF(rows));
}
