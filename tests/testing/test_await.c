/* Waiting for what a row wants to see, on a machine that is slow. */
#include "testing/await.h"

#include <dlfcn.h>
#include <time.h>

#include "base/attr.h"
#include "testing/rows.h"

static int64_t later_s;

/* In place of the C library's: as if between two looks so much time went by. */
int clock_gettime(clockid_t id, struct timespec *ret)
{
	int (*own)(clockid_t, struct timespec *);
	*(void **)&own = dlsym(RTLD_NEXT, "clock_gettime");
	int code = own(id, ret);
	ret->tv_sec += later_s;
	return code;
}

static int looks;

static bool comes(int look)
{
	later_s += 2 * PATIENCE_S;
	return ++looks == look;
}

static void what_is_looked_at_slowly_comes(void **state)
{
	(void)state;
	looks = 0;
	AWAIT(comes(AWAIT_LOOKS_LEAST));
	assert_int_equal(looks, AWAIT_LOOKS_LEAST);
}

static void what_never_comes_ends_the_wait(void **state)
{
	(void)state;
	struct await await = { 0 };
	looks = 0;
	while (!comes(0) && await_more(&await))
		;
	assert_int_equal(looks, AWAIT_LOOKS_LEAST + 1);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("what can only be looked at slowly is looked at as often as must be",
		    what_is_looked_at_slowly_comes),
		ROW("what never comes ends the wait", what_never_comes_ends_the_wait),
	};
	return rows_run("testing/await", rows, COUNT_OF(rows));
}
