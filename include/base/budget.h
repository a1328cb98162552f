/*
 * What work may take on a thread that others wait for. The work asks from time to time whether it
 * has taken more; once it has it fails, and whoever set the budget begins it again elsewhere. Work
 * without a budget is never over one.
 */
#ifndef CROFT_BASE_BUDGET_H
#define CROFT_BASE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct budget {
	const struct clock *clock;
	/* CPU time that the work may take. */
	int64_t most_us;
	/* When it began, monotonic; and the CPU time of the thread then. */
	int64_t began_us, began_cpu_us;
	/* It stays so once it was seen: what failed of it may have been taken for another fault. */
	bool is_over;
};

/* Starts counting on the calling thread, which is the one that may ask. */
void budget_begin(struct budget *budget, const struct clock *clock, int64_t most_us);

/* More CPU time than most_us has been used. NULL: never. */
bool budget_is_over(struct budget *budget);
/*
 * The same, or so much time has passed that the work must have waited, as for a disk. For work in
 * the middle of a step.
 */
bool budget_is_long_over(struct budget *budget);

/* For work that is known to take more before it begins. NULL is fine. */
void budget_spend(struct budget *budget);

#endif
