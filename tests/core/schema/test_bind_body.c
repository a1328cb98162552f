/*
 * JSON bodies as a whole: missing and unknown members, objects, lists, raw JSON, and the bounds of
 * an answer.
 */
#include "core/schema/bind_case.h"

#include <stdio.h>
#include <stdlib.h>

struct text {
	const char *t;
};
SCHEMA_OF(text_schema, "text", struct text, FIELD(struct text, t, .required = true));
SCHEMA_OF(open_schema, "open", struct text, FIELD(struct text, t));

struct real {
	double x;
};
SCHEMA_OF(real_schema, "real", struct real, FIELD(struct real, x));

struct lists {
	struct array ids, tags;
};
SCHEMA_OF(lists_schema, "lists", struct lists,
	FIELD(struct lists, ids, .item_type = FIELD_INT, .min_len = 1, .max_len = 2),
	FIELD(struct lists, tags, .item_type = FIELD_TEXT, .item_max_len = 3));

struct inner {
	int64_t a;
	const char *b;
};
SCHEMA(inner,
	FIELD(struct inner, a, .required = true),
	FIELD(struct inner, b));
struct outer {
	struct inner one;
	struct array many;
	struct raw_json any;
};
SCHEMA(outer,
	FIELD(struct outer, one, .object = &inner_schema),
	FIELD(struct outer, many, .object = &inner_schema),
	FIELD(struct outer, any));

/* As a PATCH has it: the rules of a row, presets and all, with members that may be absent. */
struct change {
	struct maybe_text title, status;
	struct maybe_int rating;
	struct maybe_bool pinned;
};
SCHEMA(change,
	FIELD(struct change, title, .max_len = 9),
	FIELD(struct change, status, .preset = "draft", .nullable = true),
	FIELD(struct change, rating, .preset = "3"),
	FIELD(struct change, pinned, .preset = "true"));

struct three {
	const char *a;
	int64_t b, c;
};
SCHEMA(three,
	FIELD(struct three, a, .required = true),
	FIELD(struct three, b, .required = true),
	FIELD(struct three, c, .in = NOT_INPUT));

#define EXTRA(name, input) \
	FAULT_AT("extra_forbidden", "['body','" name "']", "Extra inputs are not permitted", input)
#define NOT_OBJECT(loc, input) \
	FAULT_AT("model_attributes_type", loc, \
		 "Input should be a valid dictionary or object to extract fields from", input)
#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A500 A50 A50 A50 A50 A50 A50 A50 A50 A50 A50

static void nested_values_arrive(void **state)
{
	(void)state;
	struct scene scene;
	struct outer got;
	const char body[] = "{'any': {'x': [1.50, 9007199254740993]} ,'many':[{'a':1},{'b':'z',"
			    "'a':9223372036854775807}],'one':{'a':-1,'b':'q'}}";
	scene_open(&scene);
	struct input input = body_of(&scene, body);
	assert_int_equal(schema_bind(&scene.c, &outer_schema, &input, &got), APP_OK);
	const struct inner *many = got.many.items;
	assert_int_equal(got.many.count, 2);
	assert_true(many[0].a == 1 && !many[0].b);
	assert_true(many[1].a == INT64_MAX && strcmp(many[1].b, "z") == 0);
	assert_true(got.one.a == -1 && strcmp(got.one.b, "q") == 0);
	assert_json_equal(got.any.text, "{'x': [1.50, 9007199254740993]}");
	assert_int_equal(got.any.len, strlen(got.any.text));
	scene_close(&scene);
}

static void a_long_number_moves_nothing(void **state)
{
	(void)state;
	struct scene scene;
	struct lists got;
	const char body[] = "{'tags':['x','y'],'ids':"
			    "[5."
			    "0000000000000000000000000000000000000000000000000000000000000000000000"
			    "000000000000000000,7]}";
	scene_open(&scene);
	struct input input = body_of(&scene, body);
	assert_int_equal(schema_bind(&scene.c, &lists_schema, &input, &got), APP_OK);
	assert_true(((int64_t *)got.ids.items)[0] == 5 && ((int64_t *)got.ids.items)[1] == 7);
	assert_string_equal(((const char **)got.tags.items)[1], "y");
	scene_close(&scene);
}

static void failure_leaves_zero_and_words(void **state)
{
	(void)state;
	struct scene scene;
	struct three got = { .b = 7 };
	const char body[] = "{'a':'x','b':'5'}";
	scene_open(&scene);
	struct input input = body_of(&scene, body);
	assert_int_equal(schema_bind(&scene.c, &three_schema, &input, &got), APP_INVALID);
	assert_true(!got.a && !got.b);
	assert_string_equal(scene.c.failure.text, "body.b: Input should be a valid integer");
	assert_int_equal(scene.c.failure.err, APP_INVALID);
	scene_close(&scene);
}

/* ---- bounds ---- */

static void faults_stop_at_the_limit(void **state)
{
	(void)state;
	struct scene scene;
	struct text got;
	char *body = malloc(600000), *at = body;
	at += sprintf(at, "{'t':1");
	for (int i = 0; i < 20000; i++)
		at += sprintf(at, ",'x%d':[%d]", i, i);
	sprintf(at, "}");
	scene_open(&scene);
	struct input input = body_of(&scene, body);
	assert_int_equal(schema_bind(&scene.c, &text_schema, &input, &got), APP_INVALID);
	size_t count = 0;
	for (const struct field_fault *f = scene.c.failure.fields; f; f = f->next)
		count++;
	assert_int_equal(count, FIELD_FAULTS_MAX);
	assert_string_equal(scene.c.failure.fields->input, "1");
	free(body);
	scene_close(&scene);
}

static void echo_is_bounded(void **state)
{
	(void)state;
	struct scene scene;
	struct three got;
	char body[8192];
	scene_open(&scene);
	snprintf(body, sizeof(body), "{'a':'%s%s','c':'%s\xC3\xA9\xC3\xA9%s'}", A500, A500,
		 A500 "aaaaaaaa", A50);
	struct input input = body_of(&scene, body);
	assert_int_equal(schema_bind(&scene.c, &three_schema, &input, &got), APP_INVALID);
	const struct field_fault *missing = scene.c.failure.fields, *extra = missing->next;
	assert_string_equal(missing->type, "missing");
	assert_string_equal(missing->input, "null");
	assert_string_equal(extra->type, "extra_forbidden");
	assert_json_equal(extra->input, "'" A500 "aaaaaaaa…'");
	scene_close(&scene);
}

static void long_names_are_cut(void **state)
{
	(void)state;
	struct scene scene;
	struct text got;
	scene_open(&scene);
	const char body[] = "{'t':'','" A500 "':1}";
	struct input input = body_of(&scene, body);
	assert_int_equal(schema_bind(&scene.c, &text_schema, &input, &got), APP_INVALID);
	assert_json_equal(scene.c.failure.fields->loc, "['body','" A50 A50 A50 A50 "']");
	scene_close(&scene);
}

static void a_change_leaves_the_rest_alone(void **state)
{
	struct change got;
	struct scene scene;
	scene_open(&scene);
	struct input input = body_of(&scene, *state);
	assert_int_equal(schema_bind(&scene.c, &change_schema, &input, &got), APP_OK);
	assert_true(got.title.is == GIVEN && got.status.is == ABSENT);
	assert_true(got.rating.is == ABSENT && got.pinned.is == ABSENT);
	assert_int_equal(
		schema_bind_flat(&scene.c, &change_schema, input.body, input.body_len, &got),
		APP_OK);
	assert_true(got.title.is == GIVEN && got.status.is == ABSENT);
	assert_true(got.rating.is == ABSENT && got.pinned.is == ABSENT);
	scene_close(&scene);
}

static void a_change_to_null_is_null(void **state)
{
	struct change got;
	struct scene scene;
	scene_open(&scene);
	struct input input = body_of(&scene, *state);
	assert_int_equal(schema_bind(&scene.c, &change_schema, &input, &got), APP_OK);
	assert_true(got.title.is == ABSENT && got.status.is == IS_NULL);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		/* the body as a whole */
		BODY_ROW("no body is missing", text_schema, NULL,
			 FAULT_AT("missing", "['body']", "Field required", "null")),
		BODY_ROW("an empty body is missing", text_schema, "",
			 FAULT_AT("missing", "['body']", "Field required", "null")),
		BODY_ROW("a null body is missing", text_schema, "null",
			 FAULT_AT("missing", "['body']", "Field required", "null")),
		BODY_ROW("no body is missing when nothing is required, too", open_schema, NULL,
			 FAULT_AT("missing", "['body']", "Field required", "null")),
		BODY_ROW("and so is an empty one", open_schema, "",
			 FAULT_AT("missing", "['body']", "Field required", "null")),
		BODY_ROW("and null", open_schema, "null",
			 FAULT_AT("missing", "['body']", "Field required", "null")),
		BODY_ROW("an empty object is fine when nothing is required", open_schema, "{}",
			 NULL),
		BODY_ROW(
			"a broken body is json_invalid with the offset", text_schema, "{'t':1,}",
			FAULT_CTX("json_invalid", "['body',7]", "JSON decode error", "{}",
				  "{'error':'Expecting property name enclosed in double quotes'}")),
		BODY_ROW("a bad escape is quoted in ctx", text_schema, "{'t':'\\x'}",
			 FAULT_CTX("json_invalid", "['body',6]", "JSON decode error", "{}",
				   "{'error':'Invalid \\\\escape'}")),
		BODY_ROW("a duplicate key is json_invalid", text_schema, "{'t':'a','t':'b'}",
			 FAULT_CTX("json_invalid", "['body',9]", "JSON decode error", "{}",
				   "{'error':'Duplicate key'}")),
		BODY_ROW("1e400 is json_invalid", real_schema, "{'x':1e400}",
			 FAULT_CTX("json_invalid", "['body',5]", "JSON decode error", "{}",
				   "{'error':'Number out of range'}")),
		BODY_ROW("an array is no object", text_schema, "[1, 'a', {'b' : null}]",
			 NOT_OBJECT("['body']", "[1,'a',{'b':null}]")),
		BODY_ROW("a string is no object", text_schema, "'x'",
			 NOT_OBJECT("['body']", "'x'")),
		BODY_ROW("false is no object", text_schema, "false",
			 NOT_OBJECT("['body']", "false")),

		/* missing and extra */
		BODY_ROW("missing shows the enclosing object", text_schema, "{ }",
			 FAULT_AT("missing", "['body','t']", "Field required", "{}")),
		BODY_ROW("faults come in the fields' order, unknown members last", three_schema,
			 "{'zz' : [1, 2.50], 'b' : true}",
			 "[{'type':'missing','loc':['body','a'],'msg':'Field required',"
			 "'input':{'zz':[1,2.50],'b':true}},"
			 "{'type':'int_type','loc':['body','b'],"
			 "'msg':'Input should be a valid integer','input':true},"
			 "{'type':'extra_forbidden','loc':['body','zz'],"
			 "'msg':'Extra inputs are not permitted','input':[1,2.50]}]"),
		BODY_ROW("a field that is no input is extra", three_schema, "{'a':'','b':1,'c':2}",
			 EXTRA("c", "2")),
		BODY_ROW("names differ in case", text_schema, "{'t':'','T':''}", EXTRA("T", "''")),
		BODY_ROW("odd names are escaped in loc", text_schema, "{'t':'','a\\'\\n':0}",
			 EXTRA("a\\'\\n", "0")),

		/* members that may be absent */
		ROW_OF("a change of one member fills in no preset of another",
		       a_change_leaves_the_rest_alone, "{'title':'T'}"),
		ROW_OF("a change to null is no preset either", a_change_to_null_is_null,
		       "{'status':null}"),

		/* lists, objects, raw JSON */
		BODY_ROW("a text is no list", lists_schema, "{'ids':'1'}",
			 FAULT_AT("list_type", "['body','ids']", "Input should be a valid list",
				  "'1'")),
		BODY_ROW("a list too short", lists_schema, "{'ids':[]}",
			 FAULT_CTX("too_short", "['body','ids']",
				   "List should have at least 1 item after validation, not 0", "[]",
				   "{'field_type':'List','min_length':1,'actual_length':0}")),
		BODY_ROW("a list too long", lists_schema, "{'ids':[1,2,'x']}",
			 FAULT_CTX("too_long", "['body','ids']",
				   "List should have at most 2 items after validation, not 3",
				   "[1,2,'x']",
				   "{'field_type':'List','max_length':2,'actual_length':3}")),
		BODY_ROW("an item of the wrong type", lists_schema, "{'ids':[1,'2']}",
			 FAULT_AT("int_type", "['body','ids',1]", "Input should be a valid integer",
				  "'2'")),
		BODY_ROW("an item too long", lists_schema, "{'tags':['abc','abcd']}",
			 FAULT_CTX("string_too_long", "['body','tags',1]",
				   "String should have at most 3 characters", "'abcd'",
				   "{'max_length':3}")),
		BODY_ROW("null is no item", lists_schema, "{'tags':[null]}",
			 FAULT_AT("string_type", "['body','tags',0]",
				  "Input should be a valid string", "null")),
		BODY_ROW("an object inside that is none", outer_schema, "{'one':5}",
			 NOT_OBJECT("['body','one']", "5")),
		BODY_ROW("an item that is no object", outer_schema, "{'many':[{'a':1},[]]}",
			 NOT_OBJECT("['body','many',1]", "[]")),
		BODY_ROW("faults inside carry the whole way", outer_schema,
			 "{'one':{'a':1,'z':0},'many':[{'b':'x'}]}",
			 "[{'type':'extra_forbidden','loc':['body','one','z'],"
			 "'msg':'Extra inputs are not permitted','input':0},"
			 "{'type':'missing','loc':['body','many',0,'a'],'msg':'Field required',"
			 "'input':{'b':'x'}}]"),
		BODY_ROW("null is no raw JSON unless nullable", outer_schema, "{'any':null}",
			 FAULT_CTX("value_error", "['body','any']", "Value error, must not be null",
				   "null", "{'error':{}}")),
		ROW("values of objects, lists and raw JSON arrive", nested_values_arrive),
		ROW("a number longer than cJSON reads moves nothing after it",
		    a_long_number_moves_nothing),

		/* bounds */
		ROW("at most 100 faults are told", faults_stop_at_the_limit),
		ROW("what is shown back is bounded", echo_is_bounded),
		ROW("names of 500 bytes are cut in a location", long_names_are_cut),
		ROW("a failed bind leaves zeros and a sentence", failure_leaves_zero_and_words),
	};
	return rows_run("binding bodies", rows, COUNT_OF(rows));
}
