/* The budget of work on a thread that others wait for: two clocks, the cheap one asked first. */
#include "base/budget.h"

#include <stddef.h>

/*
 * Time that passes is no measure of work: on a busy machine a thread waits for its turn in the
 * middle of the shortest query. Past this many budgets it is taken for waiting of the work's own.
 */
enum { WAITED_BUDGETS = 8 };

void budget_begin(struct budget *budget, const struct clock *clock, int64_t most_us)
{
	*budget = (struct budget){
		.clock = clock,
		.most_us = most_us,
		.began_us = clock->monotonic_us(clock),
		.began_cpu_us = clock->thread_us(clock),
	};
}

static bool is_over(struct budget *budget, int64_t most_passed_us)
{
	const struct clock *clock = budget->clock;
	int64_t passed_us = clock->monotonic_us(clock) - budget->began_us;
	if (!budget->is_over && passed_us >= budget->most_us)
		budget->is_over = passed_us >= most_passed_us ||
				  clock->thread_us(clock) - budget->began_cpu_us >= budget->most_us;
	return budget->is_over;
}

bool budget_is_over(struct budget *budget)
{
	return budget && is_over(budget, INT64_MAX);
}

bool budget_is_long_over(struct budget *budget)
{
	return budget && is_over(budget, budget->most_us * WAITED_BUDGETS);
}

void budget_spend(struct budget *budget)
{
	if (budget)
		budget->is_over = true;
}
