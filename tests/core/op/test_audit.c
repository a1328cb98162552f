/* What a command leaves in the audit, by what it is declared to leave and by how it ends. */
#include "testing/stage.h"

#include <string.h>

#include "app/modules.h"
#include "base/str.h"
#include "core/audit.h"
#include "core/model.h"
#include "core/module.h"
#include "modules/posts/internal.h"
#include "testing/json.h"
#include "testing/store.h"

static struct stage stage;

static int open_stage(void **state)
{
	(void)state;
	stage_open(&stage);
	stage_exec(&stage, "DELETE FROM audit");
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

static int64_t rows_now(void)
{
	return stage_int(&stage, "SELECT count(*) FROM audit");
}

/* ---- commands of our own ---- */

struct told {
	const char *text, *secret;
	bool fails;
};
SCHEMA(told,
	FIELD(struct told, text),
	FIELD(struct told, secret, .secret = true),
	FIELD(struct told, fails));

static enum app_err touch_two(struct ctx *c, void *in, void *ret)
{
	(void)ret;
	ctx_touch(c, "things", 7);
	ctx_touch(c, "others", 8);
	const struct told *told = in;
	return told->fails ? ctx_fail(c, APP_CONFLICT, "not today") : APP_OK;
}

#define TELLS(variable, how) \
	static const struct operation variable = { .name = "test." #variable, \
						   .kind = COMMAND, \
						   .access = ACCESS_USER, \
						   .in = &told_schema, \
						   .audit = how, \
						   .run = touch_two }
TELLS(input, AUDIT_INPUT);
TELLS(name, AUDIT_NAME);
TELLS(none, AUDIT_NONE);

/* One within another, which writes a row before and one after. */
static enum app_err nest(struct ctx *c, void *in, void *ret)
{
	(void)in, (void)ret;
	struct buf out;
	buf_init(&out, c->arena);
	ctx_touch(c, "outer", 1);
	return stage_run(c, &input, "{'text':'inner'}", &out);
}

static const struct operation nesting = {
	.name = "test.nesting", .kind = COMMAND, .access = ACCESS_USER, .run = nest
};

/* The members of the row of that number, from 0, that matter here. */
static const char *row_at(int at)
{
	AUTO(db_rows) rows = { 0 };
	struct ctx *c = &stage.scene.c;
	static const char sql[] = "SELECT operation, outcome, actor, user_id, subject, subject_id,"
				  " change FROM audit ORDER BY id LIMIT 1 OFFSET $1";
	bool has_row = false;
	struct buf text;
	buf_init(&text, c->arena);
	stage_ok(&stage, db_query_first(c, sql, BIND(at), &rows, &has_row));
	for (int i = 0; has_row && i < db_column_count(&rows); i++) {
		bool is_text = db_column_type(&rows, i) == DB_TEXT;
		bool is_null = db_column_type(&rows, i) == DB_NULL;
		buf_add_text(&text, i ? " " : "");
		if (is_text)
			buf_add_text(&text, db_column_text(&rows, i, NULL));
		else if (is_null)
			buf_add_text(&text, "-");
		else
			buf_add_int(&text, db_column_int(&rows, i));
	}
	return json_swapped(c->arena, buf_text(&text));
}

/* ---- rows ---- */

static void leaves_what_it_says(void **state)
{
	(void)state;
	const char *json = "{'text':'a','secret':'CANARY'}";
	stage_call_ok(&stage, AS_ADA, &input, json);
	stage_call_ok(&stage, AS_ROOT, &name, json);
	stage_call_ok(&stage, AS_ADA, &none, json);
	stage_call_ok(&stage, AS_SYSTEM, &input, "{}");
	assert_string_equal(row_at(0), "test.input ok user 2 things 7 {'text':'a'}");
	assert_string_equal(row_at(1), "test.name ok user 1 things 7 -");
	assert_string_equal(row_at(2), "test.input ok system - things 7 -");
	assert_int_equal(rows_now(), 3);
}

static void a_failure_leaves_nothing(void **state)
{
	(void)state;
	const char *answer;
	assert_int_equal(stage_call(&stage, AS_ADA, &input, "{'fails':true}", &answer),
			 APP_CONFLICT);
	assert_int_equal(rows_now(), 0);
}

static void a_dry_run_leaves_nothing(void **state)
{
	(void)state;
	struct ctx *c = &stage.scene.c;
	struct buf out;
	buf_init(&out, c->arena);
	c->actor = stage_actors[AS_SYSTEM];
	stage_ok(&stage, op_try(c, &input, "{}", 2, &out));
	assert_int_equal(rows_now(), 0);
}

static void one_within_another_leaves_its_own(void **state)
{
	(void)state;
	stage_call_ok(&stage, AS_ADA, &nesting, "{}");
	assert_string_equal(row_at(0), "test.input ok user 2 things 7 {'text':'inner'}");
	assert_string_equal(row_at(1), "test.nesting ok user 2 outer 1 -");
	assert_int_equal(rows_now(), 2);
}

static void many_rows_leave_one(void **state)
{
	(void)state;
	stage_call_ok(&stage, AS_ADA, &posts_create_batch,
		      "{'items':[{'title':'a'},{'title':'b'},{'title':'c'}]}");
	assert_non_null(strstr(row_at(0), "posts.create_batch ok user 2 posts 1 {'items':[{"));
	assert_int_equal(rows_now(), 1);
}

static void nobody_keeps_one(void **state)
{
	(void)state;
	stage.scene.app.keeps_audit = false;
	stage_call_ok(&stage, AS_ADA, &input, "{}");
	assert_int_equal(rows_now(), 0);
}

static void a_long_change_is_cut(void **state)
{
	(void)state;
	struct ctx *c = &stage.scene.c;
	enum { LONG = 5000 };
	char *text = arena_zero(c->arena, LONG);
	memset(text, 'x', LONG - 1);
	stage_call_ok(&stage, AS_ADA, &input, arena_printf(c->arena, "{'text':'%s'}", text));
	assert_string_equal(row_at(0), "test.input ok user 2 things 7 {'\xE2\x80\xA6':'cut'}");
}

/* The last row of ada's command on such a stage. */
static const char *kept_with(const char *set, const char *json)
{
	stage_close(&stage);
	stage_open_with(&stage, (const char *const[]){ set, NULL });
	stage_exec(&stage, "DELETE FROM audit");
	stage_call_ok(&stage, AS_ADA, &input, json);
	return row_at(0);
}

static void a_setting_says_how_much(void **state)
{
	(void)state;
	static const char json[] = "{'text':'twenty letters or so'}";
	assert_string_equal(kept_with("audit.change_bytes=200", json),
			    "test.input ok user 2 things 7 {'text':'twenty letters or so'}");
	assert_string_equal(kept_with("audit.change_bytes=20", json),
			    "test.input ok user 2 things 7 {'\xE2\x80\xA6':'cut'}");
	assert_string_equal(kept_with("audit.change_bytes=0", json),
			    "test.input ok user 2 things 7 -");
}

/* Whoever leaves less than all has a reason, and stands here. */
static const char *const less[] = {
	/* another service asks it with each of its requests, and it changes nothing */
	"auth.introspect",
};

static bool may_leave_less(const struct operation *op)
{
	for (size_t i = 0; i < COUNT_OF(less); i++)
		if (str_eq(less[i], op->name))
			return true;
	return false;
}

static void who_leaves_less(void **state)
{
	(void)state;
	struct module_operations all = { .modules = app_modules };
	for (const struct operation *op; (op = module_operation_next(&all));)
		if (op->audit != AUDIT_INPUT && !may_leave_less(op))
			fail_msg("%s", op->name);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE_AT("a command leaves a row: who, what, of which row, with what",
			leaves_what_it_says),
		CASE_AT("a setting says how much is kept of what was sent",
			a_setting_says_how_much),
		CASE_AT("one that fails leaves none", a_failure_leaves_nothing),
		CASE_AT("a dry run leaves none", a_dry_run_leaves_nothing),
		CASE_AT("one within another leaves a row of its own",
			one_within_another_leaves_its_own),
		CASE_AT("one that writes many rows leaves one", many_rows_leave_one),
		CASE_AT("where no module keeps an audit there is none", nobody_keeps_one),
		CASE_AT("what was sent is cut where it is long", a_long_change_is_cut),
		CASE_AT("all operations leave what was sent, but for some that are named",
			who_leaves_less),
	};
	return store_run("core/op/audit", rows, COUNT_OF(rows), NULL, NULL);
}
