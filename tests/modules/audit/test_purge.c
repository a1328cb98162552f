/* Old rows of the audit go: when it is asked for, and by themselves. */
/* threaded */
#include "testing/stage.h"

#include <string.h>

#include "core/service.h"
#include "core/ticker.h"
#include "modules/audit.h"
#include "testing/await.h"
#include "testing/store.h"

static struct stage stage;

enum { OLD = 2500, YOUNG = 3 };

/* Of the stage's time; the ticker's writes have the time that it is. */
#define OLD_US "1000000000000000"
#define YOUNG_US "253370764800000000"
#define LEFT "SELECT count(*) FROM audit"

static const char *rows_sql(int count, const char *at)
{
	return arena_printf(stage.scene.c.arena,
			    "INSERT INTO audit (at, operation, outcome, actor) WITH RECURSIVE n(n) "
			    "AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < %d) "
			    "SELECT %s, 'test.old', 'ok', 'system' FROM n",
			    count, at);
}

static int open_stage(void **state)
{
	(void)state;
	stage_open(&stage);
	stage_exec(&stage, "DELETE FROM audit");
	stage_exec(&stage, rows_sql(OLD, OLD_US));
	stage_exec(&stage, rows_sql(YOUNG, YOUNG_US));
	return 0;
}

static int close_stage(void **state)
{
	(void)state;
	stage_close(&stage);
	return 0;
}

#define CASE_AT(sentence, fn) \
	{ \
		sentence, fn, open_stage, close_stage, NULL \
	}

static void goes_when_asked(void **state)
{
	(void)state;
	assert_string_equal(stage_call_ok(&stage, AS_SYSTEM, &audit_purge, "{'keep_days':30}"),
			    "{'purged':2500}");
	assert_int_equal(stage_int(&stage, LEFT " WHERE operation = 'test.old'"), YOUNG);
	assert_int_equal(stage_int(&stage, LEFT " WHERE operation = 'audit.purge'"), 1);
	assert_string_equal(stage_call_ok(&stage, AS_SYSTEM, &audit_purge, "{'keep_days':30}"),
			    "{'purged':0}");
}

/* A clock that was wrong for a while, or an id that was given by hand. */
static void what_is_young_stays_wherever(void **state)
{
	(void)state;
	stage_exec(&stage, "UPDATE audit SET at = " YOUNG_US " WHERE id % 100 = 7");
	stage_call_ok(&stage, AS_SYSTEM, &audit_purge, "{'keep_days':30}");
	assert_int_equal(stage_int(&stage, LEFT " WHERE at = " YOUNG_US), YOUNG + OLD / 100);
}

static void others_may_not(void **state)
{
	(void)state;
	const char *answer;
	assert_int_equal(stage_call(&stage, AS_ADA, &audit_purge, "{'keep_days':30}", &answer),
			 APP_FORBIDDEN);
	assert_int_equal(stage_call(&stage, AS_SYSTEM, &audit_purge, "{'keep_days':0}", &answer),
			 APP_INVALID);
	assert_int_equal(stage_int(&stage, LEFT), OLD + YOUNG);
}

static void goes_by_itself(void **state)
{
	(void)state;
	struct ticker *ticker = ticker_new();
	assert_non_null(ticker);
	stage.scene.app.ticker = ticker;
	stage_start_services(&stage, NULL);
	AWAIT(stage_int(&stage, LEFT) == YOUNG);
	services_stop(&stage.scene.c, stage.scene.app.services);
	stage.scene.app.ticker = NULL;
	ticker_drop(ticker);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE_AT("what is older goes, and that is told", goes_when_asked),
		CASE_AT("what is not older stays, wherever it is", what_is_young_stays_wherever),
		CASE_AT("only superusers may", others_may_not),
		CASE_AT("it goes by itself, however much it is", goes_by_itself),
	};
	return store_run("modules/audit/purge", rows, COUNT_OF(rows), NULL, NULL);
}
