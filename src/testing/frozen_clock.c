/* The clock that only rows move. */
#include "testing/frozen_clock.h"

#include "testing/rows.h"

static struct instant frozen_now(const struct clock *clock)
{
	return (struct instant){ ((const struct frozen_clock *)clock)->us };
}

static int64_t frozen_monotonic_us(const struct clock *clock)
{
	return ((const struct frozen_clock *)clock)->us;
}

void frozen_clock_set(struct frozen_clock *clock, const char *at)
{
	struct instant instant;
	const char *why;
	if (!instant_parse(at, &instant, &why))
		fail_msg("%s: %s", at, why);
	*clock = (struct frozen_clock){
		.clock = { .now = frozen_now, .monotonic_us = frozen_monotonic_us },
		.us = instant.us,
	};
}
