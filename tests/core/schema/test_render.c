/* Structs as JSON: every type, and what is never rendered. */
#include "support/json.h"
#include "support/rows.h"
#include "support/scene.h"

#include <string.h>

#include "base/buf.h"
#include "core/json.h"
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
	struct maybe_text mt;
	struct maybe_int mi;
	struct maybe_real mx;
	struct maybe_bool mb;
	struct maybe_instant ma;
	struct raw_json raw;
	struct array parts, texts, ints, reals, bools, times;
	struct part part;
	const char *password;
};
SCHEMA(all,
	FIELD(struct all, text),
	FIELD(struct all, n),
	FIELD(struct all, x),
	FIELD(struct all, b),
	FIELD(struct all, at),
	FIELD(struct all, mt),
	FIELD(struct all, mi),
	FIELD(struct all, mx),
	FIELD(struct all, mb),
	FIELD(struct all, ma),
	FIELD(struct all, raw),
	FIELD(struct all, parts, .object = &part_schema),
	FIELD(struct all, texts, .item_type = FIELD_TEXT),
	FIELD(struct all, ints, .item_type = FIELD_INT),
	FIELD(struct all, reals, .item_type = FIELD_REAL),
	FIELD(struct all, bools, .item_type = FIELD_BOOL),
	FIELD(struct all, times, .item_type = FIELD_INSTANT),
	FIELD(struct all, part, .object = &part_schema),
	FIELD(struct all, password, .secret = true));

struct bare {
	const char *password;
};
SCHEMA(bare, FIELD(struct bare, password, .secret = true));

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
		    "'mt':null,"
		    "'mi':null,'mx':null,'mb':null,'ma':null,'raw':null,'parts':[],"
		    "'texts':[],"
		    "'ints':[],'reals':[],'bools':[],'times':[],'part':{'a':0}}");
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
	struct all value = {
		.text = "é\"",
		.n = 9007199254740993,
		.x = 1.5,
		.b = true,
		.at = { 1500000 },
		.mt = { GIVEN, "m" },
		.mi = { GIVEN, 7 },
		.mx = { GIVEN, 0.25 },
		.mb = { GIVEN, true },
		.ma = { GIVEN, { 0 } },
		.raw = { json_swap(raw), 12 },
		.parts = { .items = parts, .count = 2 },
		.texts = { .items = texts, .count = 3 },
		.ints = { .items = ints, .count = 2 },
		.reals = { .items = reals, .count = 2 },
		.bools = { .items = bools, .count = 2 },
		.times = { .items = times, .count = 2 },
		.part = { 3, "h" },
		.password = "p",
	};
	expect_json(&all_schema, &value,
		    "{'text':'é\\'','n':9007199254740993,'x':1.5,'b':true,"
		    "'at':'1970-01-01T00:00:01.500000Z','mt':'m','mi':7,'mx':0.25,'mb':true,"
		    "'ma':'1970-01-01T00:00:00Z',"
		    "'raw':{ 'k': [1] },'parts':[{'a':1},{'a':-2}],'texts':['a',null,'c'],"
		    "'ints':[-9223372036854775808,9223372036854775807],'reals':[0.1,-2.5],"
		    "'bools':[true,"
		    "false],'times':['1970-01-01T00:00:00.000001Z','1970-01-01T00:00:01Z'],"
		    "'part':{'a':3}}");
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

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a zeroed struct", zero_renders_as_zero_and_null),
		ROW("every type, and no secret", every_type_renders),
		ROW("a maybe that is null", null_is_rendered_as_null),
		ROW("a struct of secrets only", only_secrets_render_as_nothing),
	};
	return rows_run("rendering", rows, COUNT_OF(rows));
}
