/* threaded */
/* Answers that are kept no longer are deleted, some at a time, and the others stay. */
#include "core/idempotency.h"
#include "core/ticker.h"
#include "testing/await.h"
#include "testing/stage.h"
#include "testing/store.h"

/* More than two steps. */
enum { OLD = 450 };

static void what_is_old_is_deleted(void **state)
{
	(void)state;
	struct stage s;
	stage_open_empty(&s, NULL);
	stage_exec(&s, "INSERT INTO users (id, username, username_key, email, email_key,"
		       " created_at, updated_at)"
		       " VALUES (1, 'Casey', 'casey', 'c@x.de', 'c@x.de', 1, 2)");
	int64_t now_us = clock_system.now(&clock_system).us;
	for (int i = 0; i < OLD + 2; i++) {
		/* a minute too old, or a minute left */
		int64_t minutes = 24 * 60 + (i < OLD ? 1 : -1);
		stage_exec(&s, arena_printf(&s.scene.arena,
					    "INSERT INTO idempotency (user_id, key, input_hash, at)"
					    " VALUES (1, 'k%d', '', %lld)",
					    i, (long long)(now_us - SECONDS_US(60) * minutes)));
	}
	struct app *app = &s.scene.app;
	app->ticker = ticker_new();
	struct idempotency_keeper *keeper = idempotency_keeper_start(app);
	AWAIT(stage_int(&s, "SELECT count(*) FROM idempotency") == 2);
	idempotency_keeper_stop(keeper);
	idempotency_keeper_stop(NULL);
	ticker_drop(app->ticker);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM idempotency WHERE key IN"
				       " ('k450', 'k451')"),
			 2);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("what is old is deleted a step after the other, and no more",
		    what_is_old_is_deleted),
	};
	return store_run("core/op/idempotency_keeper", rows, COUNT_OF(rows), NULL, NULL);
}
