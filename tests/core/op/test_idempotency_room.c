/* How much may be kept for one account: when it is full, and when there is room again. */
#include "core/op/internal.h"

#include "core/idempotency.h"
#include "core/limit.h"
#include "testing/stage.h"

static struct stage s;

/* An answer of so many bytes was kept for whoever acts. */
static void keep(size_t len)
{
	struct idempotency_once once = { .key = "key", .answer = { .body = "", .len = len } };
	struct op_call call = { .c = &s.scene.c, .once = &once };
	op_once_take(&call);
	/* the write was run again */
	op_once_take(&call);
}

/* How long one more has to wait, in seconds. */
static int wait_s(void)
{
	struct ctx *c = &s.scene.c;
	enum app_err err = op_once_room(c);
	int seconds = c->failure.retry_after_s;
	assert_int_equal(err, seconds ? APP_TOO_MANY : APP_OK);
	ctx_recover(c);
	return seconds;
}

static void rooms_open(const char *bound)
{
	stage_open_with(&s, (const char *const[]){ "idempotency.keep_minutes=60", bound, NULL });
	s.scene.app.kept_answers = idempotency_room_new();
	s.scene.c.actor = stage_actors[AS_ADA];
}

static void rooms_close(void)
{
	limit_table_drop(s.scene.app.kept_answers);
	stage_close(&s);
}

static void room_comes_back_evenly(void **state)
{
	(void)state;
	rooms_open("idempotency.account_answers=2");
	keep(0);
	assert_int_equal(wait_s(), 0);
	keep(0);
	assert_int_equal(wait_s(), 1800);
	s.clock.us += SECONDS_US(1799);
	assert_int_equal(wait_s(), 1);
	s.clock.us += SECONDS_US(1);
	assert_int_equal(wait_s(), 0);
	keep(0);
	assert_int_equal(wait_s(), 1800);
	rooms_close();
}

static void bytes_are_counted(void **state)
{
	(void)state;
	rooms_open("idempotency.account_bytes=100KiB");
	keep(60000);
	assert_int_equal(wait_s(), 0);
	keep(60000);
	assert_in_range(wait_s(), 600, 700);
	s.clock.us += SECONDS_US(700);
	assert_int_equal(wait_s(), 0);
	rooms_close();
}

static void each_account_has_its_own(void **state)
{
	(void)state;
	rooms_open("idempotency.account_answers=1");
	keep(0);
	assert_int_equal(wait_s(), 3600);
	s.scene.c.actor = stage_actors[AS_ROOT];
	assert_int_equal(wait_s(), 0);
	rooms_close();
}

static void zero_is_no_bound(void **state)
{
	(void)state;
	rooms_open("idempotency.account_bytes=0");
	for (int i = 0; i < 2000; i++)
		keep(64 * 1024);
	assert_int_equal(wait_s(), 0);
	rooms_close();
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("what is kept takes room, once, and that comes back evenly",
		    room_comes_back_evenly),
		ROW("large answers take more of it", bytes_are_counted),
		ROW("each account has its own", each_account_has_its_own),
		ROW("0 is no bound", zero_is_no_bound),
	};
	return rows_run("core/op/idempotency_room", rows, COUNT_OF(rows));
}
