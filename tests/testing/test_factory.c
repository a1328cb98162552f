/* Rows in few words: what of an input is whose, and what cannot be made. */
#include "testing/factory.h"

#include <string.h>

#include "failing.h"
#include "modules/users/internal.h"
#include "testing/json.h"
#include "testing/store.h"

static const struct factory a_user = {
	&users_create,
	"{'username':'user#','email':'user#@example.com','full_name':'Ada\"s #'}",
};
static const struct factory a_list = { &users_list, "{}" };

static void says_all_that_the_test_does_not(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	int64_t id = factory_make(&s, AS_ROOT, &a_user, NULL);
	assert_int_equal(id, ADA_ID + 1);
	assert_json_has(buf_text(&s.out), "'username':'user1','email':'user1@example.com',"
					  "'full_name':'Ada\"s 1'");
	stage_close(&s);
}

static void lets_the_test_say_the_rest(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	factory_make(&s, AS_ROOT, &a_user, "{'email':'#@example.com','is_active':false}");
	assert_json_has(buf_text(&s.out), "'username':'user1','email':'#@example.com',");
	assert_json_has(buf_text(&s.out), "'is_active':false");
	stage_close(&s);
}

static void numbers_its_rows(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	factory_make_many(&s, AS_ROOT, &a_user, 3);
	assert_int_equal(
		stage_int(&s, "SELECT count(*) FROM users WHERE username IN ('user1','user3')"), 2);
	stage_close(&s);
}

static void makes_what_is_refused(void **state)
{
	(void)state;
	stage_open(&failing_stage);
	factory_make(&failing_stage, AS_ROOT, &a_user, "{'email':'nobody'}");
}

static void makes_as_somebody_who_may_not(void **state)
{
	(void)state;
	stage_open(&failing_stage);
	factory_make(&failing_stage, AS_ADA, &a_user, NULL);
}

static void makes_what_has_no_id(void **state)
{
	(void)state;
	stage_open(&failing_stage);
	factory_make(&failing_stage, AS_ROOT, &a_list, NULL);
}

static void says_no_object(void **state)
{
	(void)state;
	stage_open(&failing_stage);
	factory_make(&failing_stage, AS_ROOT, &a_user, "['email']");
}

static void says_no_json(void **state)
{
	(void)state;
	stage_open(&failing_stage);
	factory_make(&failing_stage, AS_ROOT, &a_user, "{email}");
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a factory says all that the test does not", says_all_that_the_test_does_not),
		ROW("what the test says takes the place of the factory's",
		    lets_the_test_say_the_rest),
		ROW("rows of a factory are numbered", numbers_its_rows),
	};
	const struct CMUnitTest failing[] = {
		ROW_FAILS("the row fails when what it makes is refused", makes_what_is_refused),
		ROW_FAILS("the row fails when who makes it may not", makes_as_somebody_who_may_not),
		ROW_FAILS("the row fails when the answer has no id", makes_what_has_no_id),
		ROW_FAILS("the row fails when the test says no object", says_no_object),
		ROW_FAILS("the row fails when the test says no JSON", says_no_json),
	};
	int failed = rows_run("testing/factory failing", failing, COUNT_OF(failing));
	return failed + store_run("testing/factory", rows, COUNT_OF(rows), NULL, NULL);
}
