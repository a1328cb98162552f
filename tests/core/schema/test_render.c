/* Structs as JSON: every type, escaping, numbers that read back the same, and what is never rendered. */
#include "support/json.h"
#include "support/rows.h"
#include "support/scene.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/json.h"
#include "core/schema.h"

struct part {
	int64_t a;
	const char *hidden;
};
SCHEMA(part, FIELD(struct part, a), FIELD(struct part, hidden, .secret = true));

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
	struct list parts, texts, ints, reals, bools, times;
	struct part part;
	const char *password;
};
SCHEMA(all, FIELD(struct all, text), FIELD(struct all, n), FIELD(struct all, x),
       FIELD(struct all, b), FIELD(struct all, at), FIELD(struct all, mt), FIELD(struct all, mi),
       FIELD(struct all, mx), FIELD(struct all, mb), FIELD(struct all, ma), FIELD(struct all, raw),
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
		.raw = { "{ \"k\": [1] }", 12 },
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

/* ---- texts ---- */

struct text_case {
	const char *text;
	size_t len;
	const char *want;
};

static void text_row(void **state)
{
	const struct text_case *row = *state;
	char *text = malloc(row->len + 1);
	AUTO(buf) out = { 0 };
	memcpy(text, row->text, row->len);
	json_add_text(&out, text, row->len);
	free(text);
	assert_json_equal(buf_text(&out), row->want);
}

#define TEXT(sentence, text, want) \
	ROW_OF(sentence, text_row, (&(struct text_case){ text, sizeof(text) - 1, want }))

/* ---- numbers ---- */

struct real_case {
	double value;
	const char *want;
};

static void real_row(void **state)
{
	const struct real_case *row = *state;
	AUTO(buf) out = { 0 };
	json_add_real(&out, row->value);
	assert_json_equal(buf_text(&out), row->want);
}

#define REAL(value, want) \
	ROW_OF("the number " #value, real_row, (&(struct real_case){ value, want }))

static void reals_read_back_the_same(void **state)
{
	(void)state;
	uint64_t bits = 88172645463325252u;
	for (int i = 0; i < 20000; i++) {
		double value, back;
		bits ^= bits << 13;
		bits ^= bits >> 7;
		bits ^= bits << 17;
		memcpy(&value, &bits, sizeof(value));
		if (!isfinite(value))
			continue;
		AUTO(buf) out = { 0 };
		json_add_real(&out, value);
		back = strtod(buf_text(&out), NULL);
		assert_memory_equal(&back, &value, sizeof(value));
	}
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a zeroed struct", zero_renders_as_zero_and_null),
		ROW("every type, and no secret", every_type_renders),
		ROW("a maybe that is null", null_is_rendered_as_null),
		ROW("a struct of secrets only", only_secrets_render_as_nothing),
		TEXT("an empty text", "", "''"),
		TEXT("a plain text", "abc", "'abc'"),
		TEXT("a text of more than eight bytes", "0123456789abcdefghij",
		     "'0123456789abcdefghij'"),
		TEXT("quotes and backslashes", "a\"b\\c/", "'a\\'b\\\\c/'"),
		TEXT("a quote after sixteen bytes", "0123456789abcdef\"x",
		     "'0123456789abcdef\\'x'"),
		TEXT("control characters with a letter", "\b\f\n\r\t", "'\\b\\f\\n\\r\\t'"),
		TEXT("other control characters", "\x01\x1f\x7f", "'\\u0001\\u001f\x7f'"),
		TEXT("a NUL", "a\0b", "'a\\u0000b'"),
		TEXT("two, three and four bytes of UTF-8", "é€𝄞", "'é€𝄞'"),
		TEXT("a line separator", "a\xE2\x80\xA8\xE2\x80\xA9z", "'a\\u2028\\u2029z'"),
		TEXT("a broken byte",
		     "a\xFF"
		     "b",
		     "'a\xEF\xBF\xBD"
		     "b'"),
		TEXT("a cut sequence at the end", "a\xE2\x82", "'a\xEF\xBF\xBD\xEF\xBF\xBD'"),
		TEXT("an overlong slash", "\xC0\xAF", "'\xEF\xBF\xBD\xEF\xBF\xBD'"),
		TEXT("a surrogate as bytes", "\xED\xA0\x80",
		     "'\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD'"),
		REAL(0.0, "0"),
		REAL(-0.0, "-0"),
		REAL(1.0, "1"),
		REAL(-17.0, "-17"),
		REAL(0.1, "0.1"),
		REAL(0.1 + 0.2, "0.30000000000000004"),
		REAL(1.0 / 3.0, "0.3333333333333333"),
		REAL(123456789.125, "123456789.125"),
		REAL(999999999999999.0, "999999999999999"),
		REAL(1e15, "1e+15"),
		REAL(9007199254740992.0, "9007199254740992"),
		REAL(1e22, "1e+22"),
		REAL(1e-7, "1e-07"),
		REAL(DBL_MAX, "1.7976931348623157e+308"),
		REAL(DBL_TRUE_MIN, "4.94065645841247e-324"),
		REAL(HUGE_VAL, "null"),
		REAL(-HUGE_VAL, "null"),
		ROW_OF("not a number", real_row, (&(struct real_case){ (double)NAN, "null" })),
		ROW("20,000 random doubles read back the same", reals_read_back_the_same),
	};
	return rows_run("rendering", rows, COUNT_OF(rows));
}
