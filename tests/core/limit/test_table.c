/* threaded */
/* The table of limits: what a key may take when, who gives way when it is full, many threads. */
#include "core/limit.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/str.h"
#include "testing/rows.h"

enum { START_S = 1000, A_LINE = 4 };

static const struct limit three_a_minute = { 3, 60, 0 };
static const struct limit burst_of_one = { 60, 60, 1 };

static struct limit_answer take(struct limit_table *l, uint64_t who, const struct limit *limit,
				int64_t at_s)
{
	return limit_take(l, limit_key(l, 0, who), limit, SECONDS_US(START_S + at_s));
}

static void assert_answer(struct limit_answer got, bool allowed, int remaining, int64_t reset_s,
			  int64_t retry_s)
{
	assert_int_equal(got.allowed, allowed);
	assert_int_equal(got.remaining, remaining);
	assert_int_equal(got.reset_us, SECONDS_US(reset_s));
	assert_int_equal(got.retry_us, SECONDS_US(retry_s));
}

static void all_may_come_at_once_and_come_back_one_by_one(void **state)
{
	(void)state;
	struct limit_table *l = limit_table_new(1);
	assert_answer(take(l, 1, &three_a_minute, 0), true, 2, 20, 0);
	assert_answer(take(l, 1, &three_a_minute, 0), true, 1, 40, 0);
	assert_answer(take(l, 1, &three_a_minute, 0), true, 0, 60, 0);
	assert_answer(take(l, 1, &three_a_minute, 0), false, 0, 60, 20);
	assert_answer(take(l, 1, &three_a_minute, 15), false, 0, 45, 5);
	assert_answer(take(l, 1, &three_a_minute, 20), true, 0, 60, 0);
	assert_answer(take(l, 1, &three_a_minute, 80), true, 2, 20, 0);
	limit_table_drop(l);
}

static void asking_while_refused_costs_nothing(void **state)
{
	(void)state;
	struct limit_table *l = limit_table_new(1);
	for (int i = 0; i < 100; i++)
		take(l, 1, &three_a_minute, 0);
	assert_answer(take(l, 1, &three_a_minute, 20), true, 0, 60, 0);
	limit_table_drop(l);
}

static void a_burst_bounds_what_comes_at_once(void **state)
{
	(void)state;
	struct limit_table *l = limit_table_new(1);
	assert_answer(take(l, 1, &burst_of_one, 0), true, 0, 1, 0);
	assert_answer(take(l, 1, &burst_of_one, 0), false, 0, 1, 1);
	assert_answer(take(l, 1, &burst_of_one, 1), true, 0, 1, 0);
	limit_table_drop(l);
}

static void keys_differ_by_what_and_by_who(void **state)
{
	(void)state;
	struct limit_table *l = limit_table_new(LIMIT_TABLE_LINES), *other = limit_table_new(1);
	assert_int_not_equal(limit_key(l, 1, 2).hash, limit_key(l, 2, 1).hash);
	assert_int_not_equal(limit_key(l, 1, 2).hash, limit_key(l, 1, 3).hash);
	assert_int_not_equal(limit_key_text(l, 1, "ada", 3).hash,
			     limit_key_text(l, 1, "bob", 3).hash);
	assert_int_equal(limit_key_text(l, 1, "ada!", 3).hash,
			 limit_key_text(l, 1, "ada?", 3).hash);
	assert_int_not_equal(limit_key(l, 1, 2).hash, limit_key(other, 1, 2).hash);
	limit_table_drop(other);
	limit_table_drop(l);
}

/* Of key number n, n takes; then the place of the first is taken over. */
static struct limit_table *full_line(void)
{
	static const struct limit ten_a_minute = { 10, 60, 0 };
	struct limit_table *l = limit_table_new(1);
	for (uint64_t who = 1; who <= A_LINE; who++)
		for (uint64_t i = 0; i < who; i++)
			take(l, who, &ten_a_minute, 0);
	return l;
}

static void whoever_finds_no_room_takes_over_what_the_least_owes(void **state)
{
	(void)state;
	static const struct limit ten_a_minute = { 10, 60, 0 };
	struct limit_table *l = full_line();
	/* the first owed 6 seconds; the second and the rest are as they were */
	assert_answer(take(l, 77, &ten_a_minute, 0), true, 8, 12, 0);
	assert_answer(take(l, 4, &ten_a_minute, 0), true, 5, 30, 0);
	assert_answer(take(l, 3, &ten_a_minute, 0), true, 6, 24, 0);
	limit_table_drop(l);
}

static void a_flood_of_keys_never_loosens(void **state)
{
	(void)state;
	struct limit_table *l = limit_table_new(1);
	int allowed = 0;
	for (uint64_t who = 1; who <= 1000; who++)
		for (int i = 0; i < 10; i++)
			allowed += take(l, who, &three_a_minute, 0).allowed;
	assert_int_equal(allowed, A_LINE * three_a_minute.count);
	limit_table_drop(l);
}

static void the_debt_of_another_limit_is_taken_over_up_to_the_whole_of_its_own(void **state)
{
	(void)state;
	static const struct limit one_a_day = { 1, 24 * 3600, 0 };
	struct limit_table *l = limit_table_new(1);
	for (uint64_t who = 1; who <= A_LINE; who++)
		take(l, who, &one_a_day, 0);
	assert_answer(take(l, 77, &three_a_minute, 0), false, 0, 60, 20);
	assert_answer(take(l, 77, &three_a_minute, 20), true, 0, 60, 0);
	limit_table_drop(l);
}

static void a_place_whose_time_has_come_is_free(void **state)
{
	(void)state;
	struct limit_table *l = limit_table_new(1);
	for (uint64_t who = 1; who <= A_LINE; who++)
		for (int i = 0; i < 3; i++)
			take(l, who, &three_a_minute, 0);
	assert_answer(take(l, 77, &three_a_minute, 60), true, 2, 20, 0);
	limit_table_drop(l);
}

static void costs_add_up_to_their_most_and_can_be_forgiven(void **state)
{
	(void)state;
	struct limit_table *l = limit_table_new(1);
	const struct limit_key key = limit_key_text(l, 1, "ada", 3);
	const int64_t now = SECONDS_US(START_S);
	assert_int_equal(limit_owed(l, key, now), 0);
	assert_int_equal(limit_charge(l, key, 300, 1000, now), 300);
	assert_int_equal(limit_charge(l, key, 500, 1000, now + 100), 700);
	assert_int_equal(limit_charge(l, key, 500, 1000, now + 100), 1000);
	assert_int_equal(limit_owed(l, key, now + 200), 900);
	limit_forgive(l, key);
	assert_int_equal(limit_owed(l, key, now + 200), 0);
	assert_int_equal(limit_charge(l, key, 1, 1000, now + 200), 1);
	limit_table_drop(l);
}

static void a_limit_without_numbers_is_none(void **state)
{
	(void)state;
	assert_true(limit_is_fine(&three_a_minute));
	assert_false(limit_is_fine(&(struct limit){ 0 }));
	assert_false(limit_is_fine(&(struct limit)LIMIT_NONE));
	assert_false(limit_is_fine(&(struct limit){ 3, 0, 0 }));
	assert_false(limit_is_fine(&(struct limit){ 3, 60, -1 }));
}

/* ---- threads ---- */

enum { TAKERS = 4, TAKES = 5000, KEYS = 100 };
static const struct limit some = { 7 * TAKERS, 60, 0 };

static void *take_often(void *arg)
{
	struct limit_table *l = arg;
	intptr_t allowed = 0;
	for (int i = 0; i < TAKES; i++)
		allowed += take(l, (uint64_t)i % KEYS, &some, 0).allowed;
	return (void *)allowed;
}

static void threads_share_what_there_is(void **state)
{
	(void)state;
	struct limit_table *l = limit_table_new(LIMIT_TABLE_LINES);
	pthread_t threads[TAKERS];
	intptr_t allowed = 0;
	for (int i = 0; i < TAKERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_often, l), 0);
	for (int i = 0; i < TAKERS; i++) {
		void *took;
		pthread_join(threads[i], &took);
		allowed += (intptr_t)took;
	}
	assert_int_equal(allowed, KEYS * some.count);
	limit_table_drop(l);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("all of a limit may come at once, and comes back one by one",
		    all_may_come_at_once_and_come_back_one_by_one),
		ROW("asking while one is refused costs nothing",
		    asking_while_refused_costs_nothing),
		ROW("a burst bounds what comes at once", a_burst_bounds_what_comes_at_once),
		ROW("keys differ by what, by who, and by the table",
		    keys_differ_by_what_and_by_who),
		ROW("whoever finds no room takes over what the least owes",
		    whoever_finds_no_room_takes_over_what_the_least_owes),
		ROW("a flood of keys makes limits stricter, never looser",
		    a_flood_of_keys_never_loosens),
		ROW("of a debt by another limit no more is taken over than the whole of its own",
		    the_debt_of_another_limit_is_taken_over_up_to_the_whole_of_its_own),
		ROW("a place whose time has come is free", a_place_whose_time_has_come_is_free),
		ROW("costs add up to their most, and can be forgiven",
		    costs_add_up_to_their_most_and_can_be_forgiven),
		ROW("a limit without numbers is none", a_limit_without_numbers_is_none),
		ROW("threads share what there is, exactly", threads_share_what_there_is),
	};
	return rows_run("core/limit", rows, COUNT_OF(rows));
}
