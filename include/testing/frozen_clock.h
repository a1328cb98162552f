/* A clock that stands still until a row moves it: `s.clock.us += SECONDS_US(5);`. */
#ifndef CROFT_TESTING_FROZEN_CLOCK_H
#define CROFT_TESTING_FROZEN_CLOCK_H

#include <stdint.h>

#include "base/clock.h"

struct frozen_clock {
	/* What a context is given. */
	struct clock clock;
	/* Of both its clocks. */
	int64_t us;
};

/* Has it stand at this moment, "2026-01-02T03:04:05Z"; it need not have been set before. */
void frozen_clock_set(struct frozen_clock *clock, const char *at);

#endif
