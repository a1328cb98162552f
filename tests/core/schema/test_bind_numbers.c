/* JSON numbers and booleans: strict types, exact integers, ranges. */
#include "core/schema/bind_case.h"

struct integer {
	int64_t n;
};
SCHEMA_OF(int_schema, "int", struct integer, FIELD(struct integer, n, .required = true));
SCHEMA_OF(ge_le_schema, "ge_le", struct integer, FIELD(struct integer, n, MIN(0), MAX(150)));
SCHEMA_OF(gt_lt_schema, "gt_lt", struct integer,
	FIELD(struct integer, n, MIN(0), MAX(10), .exclusive_min = true, .exclusive_max = true));

struct real {
	double x;
};
SCHEMA_OF(real_schema, "real", struct real, FIELD(struct real, x, MIN(0.5), MAX(1e20)));

struct flag {
	bool b;
};
SCHEMA_OF(flag_schema, "flag", struct flag, FIELD(struct flag, b));

#define NOT_INT(input) \
	FAULT_AT("int_type", "['body','n']", "Input should be a valid integer", input)
#define INT_SIZE(input) \
	FAULT_AT("int_parsing_size", "['body','n']", \
		 "Unable to parse input string as an integer, exceeded maximum size", input)

struct int_case {
	const char *body;
	int64_t want;
};

static void int_row(void **state)
{
	const struct int_case *row = *state;
	struct scene scene;
	struct integer got = { 0 };
	scene_open(&scene);
	struct input input = body_of(&scene, row->body);
	assert_int_equal(schema_bind(&scene.c, &int_schema, &input, &got), APP_OK);
	assert_true(got.n == row->want);
	scene_close(&scene);
}

#define INT_ROW(sentence, body, want) ROW_OF(sentence, int_row, (&(struct int_case){ body, want }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		/* integers */
		BODY_ROW("'5' is no integer", int_schema, "{'n':'5'}", NOT_INT("'5'")),
		BODY_ROW("true is no integer", int_schema, "{'n':true}", NOT_INT("true")),
		BODY_ROW("null is no integer", int_schema, "{'n':null}", NOT_INT("null")),
		BODY_ROW("an array is no integer", int_schema, "{'n':[1]}", NOT_INT("[1]")),
		BODY_ROW("5.5 has a fraction", int_schema, "{'n':5.5}",
			 FAULT_AT("int_from_float", "['body','n']",
				  "Input should be a valid integer, got a number with a fractional "
				  "part",
				  "5.5")),
		BODY_ROW("int64 max + 1 is too big", int_schema, "{'n':9223372036854775808}",
			 INT_SIZE("9223372036854775808")),
		BODY_ROW("int64 min - 1 is too big", int_schema, "{'n':-9223372036854775809}",
			 INT_SIZE("-9223372036854775809")),
		BODY_ROW("1e300 is too big", int_schema, "{'n':1e300}", INT_SIZE("1e300")),
		BODY_ROW("a real beyond 2^53 is not rounded", int_schema,
			 "{'n':9007199254740994.0}", INT_SIZE("9007199254740994.0")),
		INT_ROW("int64 max arrives exact", "{'n':9223372036854775807}", INT64_MAX),
		INT_ROW("int64 min arrives exact", "{'n':-9223372036854775808}", INT64_MIN),
		INT_ROW("2^53+1 arrives exact", "{'n':9007199254740993}", 9007199254740993),
		INT_ROW("-(2^53+1) arrives exact", "{ 'n' : -9007199254740993 }",
			-9007199254740993),
		INT_ROW("5.0 is 5", "{'n':5.0}", 5),
		INT_ROW("1e3 is 1000", "{'n':1e3}", 1000),
		INT_ROW("-0 is 0", "{'n':-0}", 0),
		INT_ROW("2^53 as a real is exact", "{'n':9007199254740992.0}", 9007199254740992),
		BODY_ROW("ge", ge_le_schema, "{'n':-1}",
			 FAULT_CTX("greater_than_equal", "['body','n']",
				   "Input should be greater than or equal to 0", "-1", "{'ge':0}")),
		BODY_ROW("le", ge_le_schema, "{'n':151}",
			 FAULT_CTX("less_than_equal", "['body','n']",
				   "Input should be less than or equal to 150", "151",
				   "{'le':150}")),
		BODY_ROW("ge and le include their bounds (0)", ge_le_schema, "{'n':0}", NULL),
		BODY_ROW("ge and le include their bounds (150)", ge_le_schema, "{'n':150}", NULL),
		BODY_ROW("gt", gt_lt_schema, "{'n':0}",
			 FAULT_CTX("greater_than", "['body','n']", "Input should be greater than 0",
				   "0", "{'gt':0}")),
		BODY_ROW("lt", gt_lt_schema, "{'n':10}",
			 FAULT_CTX("less_than", "['body','n']", "Input should be less than 10",
				   "10", "{'lt':10}")),

		/* reals and booleans */
		BODY_ROW("'1' is no number", real_schema, "{'x':'1'}",
			 FAULT_AT("float_type", "['body','x']", "Input should be a valid number",
				  "'1'")),
		BODY_ROW("an integer is a number", real_schema, "{'x':1}", NULL),
		BODY_ROW("a real below its bound", real_schema, "{'x':0.25}",
			 FAULT_CTX("greater_than_equal", "['body','x']",
				   "Input should be greater than or equal to 0.5", "0.25",
				   "{'ge':0.5}")),
		BODY_ROW("a large bound in full", real_schema, "{'x':1e21}",
			 FAULT_CTX("less_than_equal", "['body','x']",
				   "Input should be less than or equal to 100000000000000000000",
				   "1e21", "{'le':100000000000000000000}")),
		BODY_ROW("1 is no boolean", flag_schema, "{'b':1}",
			 FAULT_AT("bool_type", "['body','b']", "Input should be a valid boolean",
				  "1")),
		BODY_ROW("'true' is no boolean", flag_schema, "{'b':'true'}",
			 FAULT_AT("bool_type", "['body','b']", "Input should be a valid boolean",
				  "'true'")),
		BODY_ROW("false is a boolean", flag_schema, "{'b':false}", NULL),
	};
	return rows_run("binding numbers", rows, COUNT_OF(rows));
}
