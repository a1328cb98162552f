/* What a stage promises: accounts, a clock, settings, and that it fails what must fail. */
#include "testing/stage.h"

#include "core/config.h"
#include "core/http.h"
#include "failing.h"
#include "modules/users/internal.h"
#include "testing/json.h"
#include "testing/statements.h"
#include "testing/store.h"

static void has_more_accounts(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	int64_t carol = stage_account(&s, "carol"), dave = stage_account(&s, "dave");
	stage_call_ok(&s, AS_USER(dave), &users_me, "{}");
	assert_int_equal(json_int(buf_text(&s.out), "id"), dave);
	stage_call_ok(&s, AS_USER(carol), &users_me, "{}");
	assert_json_has(buf_text(&s.out), "'username':'carol'");
	stage_close(&s);
}

static void has_a_clock_that_stands(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	stage_call_ok(&s, AS_ADA, &users_me, "{}");
	assert_json_has(buf_text(&s.out), "'created_at':'" STAGE_TIME "'");
	frozen_clock_set(&s.clock, "2030-01-01T00:00:00Z");
	s.clock.us += SECONDS_US(5);
	stage_call_ok(&s, AS_ADA, &users_update_me, "{'full_name':null}");
	assert_json_has(buf_text(&s.out), "'updated_at':'2030-01-01T00:00:05Z'");
	stage_close(&s);
}

static void takes_settings(void **state)
{
	(void)state;
	static const char *const sets[] = { "server.max_body=12345", NULL };
	struct stage s;
	stage_open_empty(&s, sets);
	const struct http_options *options = config_group(s.scene.app.config, &http_option_group);
	assert_int_equal(options->max_body, 12345);
	stage_close(&s);
}

/* ---- statements ---- */

static void counts_statements(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	/* the account, and the names of its roles */
	assert_statements(&s, AS_ADA, &users_me, "{}", 2);
	stage_close(&s);
}

/* ---- what must fail ---- */

static void expects_another_answer(void **state)
{
	(void)state;
	stage_open(&failing_stage);
	stage_expect(&failing_stage, &(struct stage_case){ AS_ADA, &users_me, "{}", APP_OK, "{}" });
}

static void expects_another_failure(void **state)
{
	(void)state;
	stage_open(&failing_stage);
	stage_expect(&failing_stage, &(struct stage_case){ AS_NOBODY, &users_me, "{}",
							   APP_FORBIDDEN, "Not authenticated" });
}

static void calls_in_vain(void **state)
{
	(void)state;
	stage_open(&failing_stage);
	stage_call_ok(&failing_stage, AS_NOBODY, &users_me, "{}");
}

static void counts_too_few(void **state)
{
	(void)state;
	stage_open(&failing_stage);
	assert_statements(&failing_stage, AS_ADA, &users_me, "{}", 0);
}

static void names_no_time(void **state)
{
	struct frozen_clock clock;
	(void)state;
	frozen_clock_set(&clock, "tomorrow");
}

static void names_no_setting(void **state)
{
	(void)state;
	static const char *const sets[] = { "server.max_bodies=1", NULL };
	stage_open_empty(&failing_stage, sets);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a stage has as many accounts as a row makes", has_more_accounts),
		ROW("its clock stands until a row moves it", has_a_clock_that_stands),
		ROW("its settings are those that a row names", takes_settings),
		ROW("statements are counted", counts_statements),
	};
	const struct CMUnitTest failing[] = {
		ROW_FAILS("another answer fails the row", expects_another_answer),
		ROW_FAILS("another failure fails the row", expects_another_failure),
		ROW_FAILS("a failure where none is expected fails the row", calls_in_vain),
		ROW_FAILS("another number of statements fails the row", counts_too_few),
		ROW_FAILS("a time that is none fails the row", names_no_time),
		ROW_FAILS("a setting that is none fails the row", names_no_setting),
	};
	int failed = rows_run("testing/stage failing", failing, COUNT_OF(failing));
	return failed + store_run("testing/stage", rows, COUNT_OF(rows), NULL, NULL);
}
