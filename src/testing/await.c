/* Waiting with a bound; see await.h. */
#include "testing/await.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "testing/rows.h"

enum { PAUSE_FIRST_US = 1000, PAUSE_LONGEST_US = 50000 };

static void pause_us(int64_t us)
{
	struct timespec left = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };
	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

bool await_more(struct await *await)
{
	int64_t now_us = clock_monotonic_us();
	if (!await->until_us)
		*await = (struct await){ .until_us = now_us + SECONDS_US(PATIENCE_S),
					 .pause_us = PAUSE_FIRST_US };
	if (now_us > await->until_us && await->looks >= AWAIT_LOOKS_LEAST)
		return false;
	await->looks++;
	pause_us(await->pause_us);
	await->pause_us += await->pause_us < PAUSE_LONGEST_US ? await->pause_us / 2 : 0;
	return true;
}

void await_or_fail(struct await *await, const char *what, const char *file, int line)
{
	if (await_more(await))
		return;
	print_error("this did not come within %d s: %s\n", PATIENCE_S, what);
	_fail(file, line);
}

bool await_sem(sem_t *sem)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	while (sem_timedwait(sem, &until))
		if (errno != EINTR)
			return false;
	return true;
}

void await_start_delay(void)
{
	const char *delay_ms = getenv("TEST_START_DELAY_MS");
	if (delay_ms)
		pause_us(strtoll(delay_ms, NULL, 10) * 1000);
}
