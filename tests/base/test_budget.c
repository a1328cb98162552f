/*
 * What work may take on a thread that others wait for, by two clocks that only move when told to.
 */
#include "base/budget.h"

#include "testing/rows.h"

struct two_clocks {
	struct clock clock;
	int64_t us, thread_us;
	int thread_looks;
};

static int64_t two_monotonic(const struct clock *clock)
{
	return ((const struct two_clocks *)clock)->us;
}

static int64_t two_thread(const struct clock *clock)
{
	struct two_clocks *two = (struct two_clocks *)(uintptr_t)clock;
	two->thread_looks++;
	return two->thread_us;
}

struct budget_case {
	int64_t passed_us, used_us;
	bool is_over, is_long_over;
};

static void holds(void **state)
{
	const struct budget_case *want = *state;
	for (int which = 0; which < 2; which++) {
		struct two_clocks two = {
			{ .monotonic_us = two_monotonic, .thread_us = two_thread }, 5000, 70, 0
		};
		struct budget budget;
		budget_begin(&budget, &two.clock, 500);
		two.us += want->passed_us;
		two.thread_us += want->used_us;
		if (which)
			assert_int_equal(budget_is_long_over(&budget), want->is_long_over);
		else
			assert_int_equal(budget_is_over(&budget), want->is_over);
		assert_int_equal(budget.is_over, which ? want->is_long_over : want->is_over);
	}
}

static void stays_over(void **state)
{
	(void)state;
	struct two_clocks two = {
		{ .monotonic_us = two_monotonic, .thread_us = two_thread }, 1, 1, 0
	};
	struct budget budget;
	budget_begin(&budget, &two.clock, 500);
	two.us = two.thread_us = 1000;
	assert_true(budget_is_over(&budget));
	two.us = two.thread_us = 2;
	assert_true(budget_is_over(&budget));
	assert_true(budget_is_long_over(&budget));
}

static void asks_the_dear_clock_late(void **state)
{
	(void)state;
	struct two_clocks two = {
		{ .monotonic_us = two_monotonic, .thread_us = two_thread }, 1, 1, 0
	};
	struct budget budget;
	budget_begin(&budget, &two.clock, 500);
	for (int i = 0; i < 100; i++)
		assert_false(budget_is_over(&budget));
	assert_int_equal(two.thread_looks, 1);
}

static void none_is_never_over(void **state)
{
	(void)state;
	assert_false(budget_is_over(NULL));
	assert_false(budget_is_long_over(NULL));
}

#define CASE(sentence, ...) ROW_OF(sentence, holds, (&(struct budget_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("work within its budget goes on", 499, 499, false, false),
		CASE("work past its budget is over", 500, 500, true, true),
		CASE("a thread that only waited for its turn is not over", 3999, 10, false, false),
		CASE("one that waited very long is, in the middle of a step", 4000, 10, false,
		     true),
		ROW("what is over stays over", stays_over),
		ROW("the dear clock is asked when the cheap one says so", asks_the_dear_clock_late),
		ROW("work without a budget is never over", none_is_never_over),
	};
	return rows_run("base/budget", rows, sizeof(rows) / sizeof(rows[0]));
}
