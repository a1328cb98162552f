/* Structs as JSON: every type, and what is never rendered. */
#include "testing/json.h"
#include "testing/rows.h"
#include "testing/scene.h"

#include <string.h>

#include "base/buf.h"
#include "core/json.h"
#include "core/model.h"
#include "core/schema.h"

struct part {
	int64_t a;
	const char *hidden;
};
SCHEMA(part,
	FIELD(struct part, a),
	FIELD(struct part, hidden, .secret = true));

struct all {
	const char *text;
	int64_t n;
	double x;
	bool b;
	struct instant at;
	struct date on;
	struct maybe_text mt;
	struct maybe_int mi;
	struct maybe_real mx;
	struct maybe_bool mb;
	struct maybe_instant ma;
	struct maybe_date mo;
	struct raw_json raw;
	struct array parts, texts, ints, reals, bools, times, days;
	struct part part;
	const char *password;
};
SCHEMA(all,
	FIELD(struct all, text),
	FIELD(struct all, n),
	FIELD(struct all, x),
	FIELD(struct all, b),
	FIELD(struct all, at),
	FIELD(struct all, on),
	FIELD(struct all, mt),
	FIELD(struct all, mi),
	FIELD(struct all, mx),
	FIELD(struct all, mb),
	FIELD(struct all, ma),
	FIELD(struct all, mo),
	FIELD(struct all, raw),
	FIELD(struct all, parts, .object = &part_schema),
	FIELD(struct all, texts, .item_type = FIELD_TEXT),
	FIELD(struct all, ints, .item_type = FIELD_INT),
	FIELD(struct all, reals, .item_type = FIELD_REAL),
	FIELD(struct all, bools, .item_type = FIELD_BOOL),
	FIELD(struct all, times, .item_type = FIELD_INSTANT),
	FIELD(struct all, days, .item_type = FIELD_DATE),
	FIELD(struct all, part, .object = &part_schema),
	FIELD(struct all, password, .secret = true));

struct bare {
	const char *password;
};
SCHEMA(bare, FIELD(struct bare, password, .secret = true));

struct sparse {
	const char *text;
	struct maybe_int mi;
	struct raw_json raw;
	int64_t n;
	struct array list;
	const struct part *one;
	const char *password;
};
static const struct relation parts_of = { .kind = BELONGS_TO, .key = "part_id" };
SCHEMA_WITH(sparse, (.omit_null = true),
	FIELD(struct sparse, text, .nullable = true),
	FIELD(struct sparse, mi, .nullable = true),
	FIELD(struct sparse, raw, .nullable = true),
	FIELD(struct sparse, n),
	FIELD(struct sparse, list, .item_type = FIELD_INT),
	FIELD(struct sparse, one, .object = &part_schema, .relation = &parts_of),
	FIELD(struct sparse, password, .secret = true));

struct listed {
	struct array items;
};
#define LISTED(name, shape_, ...) \
	SCHEMA_DEFINE(name##_schema, #name, struct listed, (.shape = shape_), \
		      FIELD(struct listed, items, __VA_ARGS__))
LISTED(sparse_array, SHAPE_ARRAY, .object = &sparse_schema);
LISTED(sparse_lines, SHAPE_LINES, .object = &sparse_schema);
LISTED(int_array, SHAPE_ARRAY, .item_type = FIELD_INT);
LISTED(int_lines, SHAPE_LINES, .item_type = FIELD_INT);

static void expect_json(const struct schema *schema, const void *value, const char *want)
{
	AUTO(buf) out = { 0 };
	schema_render(schema, value, &out);
	assert_json_equal(buf_text(&out), want);
	size_t at;
	const char *why;
	assert_true(json_check(out.data, out.len, &at, &why));
}

static void zero_renders_as_zero_and_null(void **state)
{
	(void)state;
	struct all value = { 0 };
	expect_json(&all_schema, &value,
		    "{'text':null,'n':0,'x':0,'b':false,'at':'1970-01-01T00:00:00Z',"
		    "'on':'1970-01-01','mt':null,"
		    "'mi':null,'mx':null,'mb':null,'ma':null,'mo':null,'raw':null,'parts':[],"
		    "'texts':[],"
		    "'ints':[],'reals':[],'bools':[],'times':[],'days':[],'part':{'a':0}}");
}

static void every_type_renders(void **state)
{
	(void)state;
	struct part parts[] = { { 1, "h" }, { -2, "h" } };
	const char *texts[] = { "a", NULL, "c" };
	char raw[] = "{ 'k': [1] }";
	int64_t ints[] = { INT64_MIN, INT64_MAX };
	double reals[] = { 0.1, -2.5 };
	bool bools[] = { true, false };
	struct instant times[] = { { 1 }, { 1000000 } };
	struct date days[] = { { -1 }, { 20512 } };
	struct all value = {
		.text = "é\"",
		.n = 9007199254740993,
		.x = 1.5,
		.b = true,
		.at = { 1500000 },
		.on = { 19782 },
		.mt = { GIVEN, "m" },
		.mi = { GIVEN, 7 },
		.mx = { GIVEN, 0.25 },
		.mb = { GIVEN, true },
		.ma = { GIVEN, { 0 } },
		.mo = { GIVEN, { -719162 } },
		.raw = { json_swap(raw), 12 },
		.parts = { .items = parts, .count = 2 },
		.texts = { .items = texts, .count = 3 },
		.ints = { .items = ints, .count = 2 },
		.reals = { .items = reals, .count = 2 },
		.bools = { .items = bools, .count = 2 },
		.times = { .items = times, .count = 2 },
		.days = { .items = days, .count = 2 },
		.part = { 3, "h" },
		.password = "p",
	};
	expect_json(&all_schema, &value,
		    "{'text':'é\\'','n':9007199254740993,'x':1.5,'b':true,"
		    "'at':'1970-01-01T00:00:01.500000Z','on':'2024-02-29','mt':'m','mi':7,'mx':0."
		    "25,'mb':true,"
		    "'ma':'1970-01-01T00:00:00Z','mo':'0001-01-01',"
		    "'raw':{ 'k': [1] },'parts':[{'a':1},{'a':-2}],'texts':['a',null,'c'],"
		    "'ints':[-9223372036854775808,9223372036854775807],'reals':[0.1,-2.5],"
		    "'bools':[true,"
		    "false],'times':['1970-01-01T00:00:00.000001Z','1970-01-01T00:00:01Z'],"
		    "'days':['1969-12-31','2026-02-28'],'part':{'a':3}}");
}

static void null_is_rendered_as_null(void **state)
{
	(void)state;
	struct all value = { .mt = { IS_NULL, NULL }, .mi = { IS_NULL, 5 } };
	AUTO(buf) out = { 0 };
	schema_render(&all_schema, &value, &out);
	assert_json_has(buf_text(&out), "'mt':null,'mi':null");
}

static void only_secrets_render_as_nothing(void **state)
{
	(void)state;
	expect_json(&bare_schema, &(struct bare){ "p" }, "{}");
}

struct counted {
	int64_t n, bits;
};
SCHEMA(counted,
	FIELD(struct counted, n, .sort = true),
	FIELD(struct counted, bits, .unshown = true, .sort = true, .filter = FILTER_EQ));

/* Nor may anybody find it out by asking. */
static void an_unshown_column_is_kept_back(void **state)
{
	(void)state;
	const struct field *bits = &counted_schema.fields[1];
	expect_json(&counted_schema, &(struct counted){ 1, 5 }, "{'n':1}");
	assert_true(field_may_sort(&counted_schema.fields[0]));
	assert_false(field_may_sort(bits));
	assert_false(field_may_show(bits));
	assert_int_equal(field_may_filter(bits), 0);
	assert_true(schema_form_has(&counted_schema.fields[0], FORM_ANSWER));
	assert_false(schema_form_has(bits, FORM_ANSWER));
}

static void nulls_are_left_out(void **state)
{
	(void)state;
	struct part part = { 4, "h" };
	expect_json(&sparse_schema, &(struct sparse){ .password = "p" }, "{'n':0,'list':[]}");
	expect_json(&sparse_schema, &(struct sparse){ .mi = { IS_NULL, 5 }, .raw = { "null", 4 } },
		    "{'n':0,'list':[]}");
	expect_json(&sparse_schema,
		    &(struct sparse){ "", { GIVEN, 0 }, { "[]", 2 }, 1, { 0 }, &part, NULL },
		    "{'text':'','mi':0,'raw':[],'n':1,'list':[],'one':{'a':4}}");
}

/* Whatever fields= and include= name, as in any list. */
static void arrays_are_answers(void **state)
{
	(void)state;
	int64_t ints[] = { 1, -2 };
	struct sparse rows[] = { { .text = "a", .n = 1 }, { .n = 2 } };
	struct listed listed = { { ints, 2, 0 } };
	expect_json(&int_array_schema, &listed, "[1,-2]");
	listed.items = (struct array){ rows, 2, 0 };
	expect_json(&sparse_array_schema, &listed,
		    "[{'text':'a','n':1,'list':[]},{'n':2,'list':[]}]");
	listed.items.hidden = HIDDEN_MASK | 1 << 4;
	expect_json(&sparse_array_schema, &listed, "[{'text':'a','n':1},{'n':2}]");
	expect_json(&sparse_array_schema, &(struct listed){ 0 }, "[]");
}

static void expect_lines(const struct schema *schema, struct array items, const char *want)
{
	AUTO(buf) out = { 0 };
	schema_render(schema, &(struct listed){ items }, &out);
	assert_json_equal(buf_text(&out), want);
}

static void items_are_lines(void **state)
{
	(void)state;
	int64_t ints[] = { 1, -2 };
	struct sparse rows[] = { { .text = "a\nb" }, { .n = 2 } };
	expect_lines(&int_lines_schema, (struct array){ ints, 2, 0 }, "1\n-2\n");
	expect_lines(&sparse_lines_schema, (struct array){ rows, 2, 0 },
		     "{'text':'a\\nb','n':0,'list':[]}\n{'n':2,'list':[]}\n");
	expect_lines(&int_lines_schema, (struct array){ 0 }, "");
	assert_string_equal(schema_media_type(&int_lines_schema), "application/x-ndjson");
	assert_string_equal(schema_media_type(&int_array_schema), "application/json");
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a zeroed struct", zero_renders_as_zero_and_null),
		ROW("every type, and no secret", every_type_renders),
		ROW("a maybe that is null", null_is_rendered_as_null),
		ROW("a struct of secrets only", only_secrets_render_as_nothing),
		ROW("a column that is not shown", an_unshown_column_is_kept_back),
		ROW("members that are null are left out where the schema says so",
		    nulls_are_left_out),
		ROW("an array may be the whole answer", arrays_are_answers),
		ROW("its items may stand on lines of their own", items_are_lines),
	};
	return rows_run("rendering", rows, COUNT_OF(rows));
}
