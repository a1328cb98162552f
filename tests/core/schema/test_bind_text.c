/*
 * Values of path, query, headers and forms: the lax rules, repeated and unknown names, and the
 * order of faults.
 */
#include "core/schema/bind_case.h"

struct query {
	int64_t n;
	double x;
	bool b;
	const char *t;
	struct instant at;
	struct date on;
	struct array ids;
	struct raw_json raw;
};
SCHEMA(query,
	FIELD(struct query, n, .in = IN_QUERY),
	FIELD(struct query, x, .in = IN_QUERY),
	FIELD(struct query, b, .in = IN_QUERY),
	FIELD(struct query, t, .in = IN_QUERY, .max_len = 3),
	FIELD(struct query, at, .in = IN_QUERY),
	FIELD(struct query, on, .in = IN_QUERY),
	FIELD(struct query, ids, .in = IN_QUERY, .item_type = FIELD_INT, .max_len = 3),
	FIELD(struct query, raw, .in = IN_QUERY));

struct every {
	int64_t item_id, page;
	const char *x_token, *q, *title, *user;
};
SCHEMA(every,
	FIELD(struct every, title, .required = true),
	FIELD(struct every, x_token, .in = IN_HEADER, .required = true),
	FIELD(struct every, page, .in = IN_QUERY, .required = true, MIN(1)),
	FIELD(struct every, item_id, .in = IN_PATH, .required = true));

struct login {
	const char *username, *password;
};
SCHEMA(login,
	FIELD(struct login, username, .in = IN_FORM, .required = true),
	FIELD(struct login, password, .in = IN_FORM, .required = true, .secret = true));

struct presets {
	const char *sort;
	int64_t page;
	double rate;
	bool open;
	struct instant since;
	struct array ids;
	struct maybe_int level, none;
};
SCHEMA(presets,
	FIELD(struct presets, sort, .in = IN_QUERY, .preset = "-created_at"),
	FIELD(struct presets, page, .in = IN_QUERY, .preset = "1"),
	FIELD(struct presets, rate, .in = IN_QUERY, .preset = "0.5"),
	FIELD(struct presets, open, .in = IN_QUERY, .preset = "true"),
	FIELD(struct presets, since, .in = IN_QUERY, .preset = "\"1970-01-01T00:00:01Z\""),
	FIELD(struct presets, ids, .in = IN_QUERY, .item_type = FIELD_INT, .preset = "[1,2]"),
	FIELD(struct presets, level, .in = IN_QUERY, .preset = "7"),
	FIELD(struct presets, none, .in = IN_QUERY));

#define QUERY_FAULT(name, type, msg, input) \
	"[{'type':'" type "','loc':['query','" name "'],'msg':'" msg "','input':" input "}]"
#define BAD_INT(input) \
	QUERY_FAULT("n", "int_parsing", \
		    "Input should be a valid integer, unable to parse string as an integer", \
		    input)
#define BIG_INT(input) \
	QUERY_FAULT("n", "int_parsing_size", \
		    "Unable to parse input string as an integer, exceeded maximum size", input)
#define BAD_REAL(input) \
	QUERY_FAULT("x", "float_parsing", \
		    "Input should be a valid number, unable to parse string as a number", input)
#define NOT_FINITE(input) \
	QUERY_FAULT("x", "finite_number", "Input should be a finite number", input)
#define BAD_BOOL(input) \
	QUERY_FAULT("b", "bool_parsing", \
		    "Input should be a valid boolean, unable to interpret input", input)
#define NOT_UNICODE(name, input) \
	QUERY_FAULT( \
		name, "string_unicode", \
		"Input should be a valid string, unable to parse raw data as a unicode string", \
		input)
#define QUERY_ROW(sentence, name, text, detail) \
	PAIRS_ROW(sentence, query_schema, query, PAIRS(PAIR(name, text)), detail)

struct text_case {
	const char *name, *text;
	int64_t n;
	double x;
	bool b;
};

static void value_row(void **state)
{
	const struct text_case *row = *state;
	struct query got;
	struct scene scene;
	scene_open(&scene);
	/* Not NUL-terminated: only the length counts. */
	char *text = arena_printf(&scene.arena, "%s7", row->text);
	struct input_pair pairs[] = { { row->name, text, strlen(row->text) }, { 0 } };
	struct input input = { .query = pairs };
	assert_int_equal(schema_bind(&scene.c, &query_schema, &input, &got), APP_OK);
	assert_true(got.n == row->n && got.x == row->x && got.b == row->b);
	scene_close(&scene);
}

#define INT_OK(text, want) \
	ROW_OF("integer " #text, value_row, (&(struct text_case){ "n", text, .n = want }))
#define REAL_OK(text, want) \
	ROW_OF("number " #text, value_row, (&(struct text_case){ "x", text, .x = want }))
#define BOOL_OK(text, want) \
	ROW_OF("boolean " #text, value_row, (&(struct text_case){ "b", text, .b = want }))

static void presets_fill_in(void **state)
{
	(void)state;
	struct presets got;
	struct scene scene;
	scene_open(&scene);
	struct input input = { 0 };
	assert_int_equal(schema_bind(&scene.c, &presets_schema, &input, &got), APP_OK);
	assert_string_equal(got.sort, "-created_at");
	assert_true(got.page == 1 && got.rate == 0.5 && got.open && got.since.us == 1000000);
	assert_int_equal(got.ids.count, 2);
	assert_true(((int64_t *)got.ids.items)[1] == 2);
	assert_true(got.level.is == ABSENT && got.none.is == ABSENT);
	struct input given = { .query = PAIRS(PAIR("page", "9"), PAIR("level", "3"),
					      PAIR("none", "4")) };
	assert_int_equal(schema_bind(&scene.c, &presets_schema, &given, &got), APP_OK);
	assert_true(got.page == 9 && got.level.value == 3);
	assert_true(got.none.is == GIVEN && got.none.value == 4);
	scene_close(&scene);
}

static void every_source_arrives(void **state)
{
	(void)state;
	struct every got;
	struct scene scene;
	scene_open(&scene);
	struct input input = {
		.path = PAIRS(PAIR("item_id", "9223372036854775807")),
		.query = PAIRS(PAIR("page", " 2 ")),
		.headers = PAIRS(PAIR("Host", "x"), PAIR("X-Token", "s")),
		.body = json_swapped(&scene.arena, "{'title':'T'}"),
		.body_len = 13,
	};
	assert_int_equal(schema_bind(&scene.c, &every_schema, &input, &got), APP_OK);
	assert_true(got.item_id == INT64_MAX && got.page == 2);
	assert_string_equal(got.x_token, "s");
	assert_string_equal(got.title, "T");
	scene_close(&scene);
}

static void flat_takes_every_source(void **state)
{
	(void)state;
	struct every got;
	struct scene scene;
	scene_open(&scene);
	const char *json = json_swapped(&scene.arena,
					"{'item_id':3,'page':1,'x_token':'t','title':'T'}");
	assert_int_equal(schema_bind_flat(&scene.c, &every_schema, json, strlen(json), &got),
			 APP_OK);
	assert_true(got.item_id == 3 && got.page == 1);
	const char *bad = json_swapped(&scene.arena, "{'item_id':'3','page':0,'title':'T'}");
	assert_int_equal(schema_bind_flat(&scene.c, &every_schema, bad, strlen(bad), &got),
			 APP_INVALID);
	assert_string_equal(
		faults_text(&scene),
		"[{'type':'missing','loc':['body','x_token'],'msg':'Field required',"
		"'input':{'item_id':'3','page':0,'title':'T'}},"
		"{'type':'greater_than_equal','loc':['body','page'],"
		"'msg':'Input should be greater than or equal to 1','input':0,'ctx':{'ge':1}},"
		"{'type':'int_type','loc':['body','item_id'],"
		"'msg':'Input should be a valid integer','input':'3'}]");
	scene_next(&scene);
	assert_int_equal(schema_bind_flat(&scene.c, &every_schema, NULL, 0, &got), APP_INVALID);
	assert_string_equal(
		faults_text(&scene),
		"[{'type':'missing','loc':['body'],'msg':'Field required','input':null}]");
	scene_next(&scene);
	struct presets defaults;
	assert_int_equal(schema_bind_flat(&scene.c, &presets_schema, NULL, 0, &defaults), APP_OK);
	assert_true(defaults.page == 1);
	scene_close(&scene);
}

static void own_faults_are_added(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	assert_int_equal(schema_fault(&scene.c, "body", "name", "%s", "unlucky"), APP_INVALID);
	assert_int_equal(schema_fault(&scene.c, "query", NULL, "%d is too much", 2), APP_INVALID);
	assert_string_equal(
		faults_text(&scene),
		"[{'type':'value_error','loc':['body','name'],'msg':'Value error, unlucky',"
		"'ctx':{'error':{}}},"
		"{'type':'value_error','loc':['query'],'msg':'Value error, 2 is too much',"
		"'ctx':{'error':{}}}]");
	assert_string_equal(scene.c.failure.text, "body.name: Value error, unlucky");
	scene_close(&scene);
}

static void an_earlier_failure_wins(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	assert_int_equal(ctx_fail(&scene.c, APP_CONFLICT, "first"), APP_CONFLICT);
	assert_int_equal(schema_fault(&scene.c, "body", "name", "second"), APP_INVALID);
	assert_int_equal(scene.c.failure.err, APP_CONFLICT);
	assert_null(scene.c.failure.fields);
	scene_close(&scene);
}

static void list_of_names_arrives(void **state)
{
	(void)state;
	struct query got;
	struct scene scene;
	scene_open(&scene);
	struct input input = { .query = PAIRS(PAIR("ids", "3"), PAIR("n", "1"),
					      PAIR("ids", " 4")) };
	assert_int_equal(schema_bind(&scene.c, &query_schema, &input, &got), APP_OK);
	assert_int_equal(got.ids.count, 2);
	assert_true(((int64_t *)got.ids.items)[0] == 3 && ((int64_t *)got.ids.items)[1] == 4);
	scene_close(&scene);
}

static void sources_are_known(void **state)
{
	(void)state;
	assert_true(schema_uses(&every_schema, IN_PATH) && schema_uses(&every_schema, IN_BODY));
	assert_false(schema_uses(&every_schema, IN_FORM));
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		INT_OK("5", 5),
		INT_OK(" 5 ", 5),
		INT_OK("\t5\n", 5),
		INT_OK("5.0", 5),
		INT_OK("5.00", 5),
		INT_OK("1_000", 1000),
		INT_OK("5_0.0", 50),
		INT_OK("+5", 5),
		INT_OK("-5", -5),
		INT_OK("-0", 0),
		INT_OK("005", 5),
		INT_OK("100", 100),
		INT_OK("9223372036854775807", INT64_MAX),
		INT_OK("-9223372036854775808", INT64_MIN),
		QUERY_ROW("x is no integer", "n", "x", BAD_INT("'x'")),
		QUERY_ROW("nothing is no integer", "n", "", BAD_INT("''")),
		QUERY_ROW("a space is no integer", "n", " ", BAD_INT("' '")),
		QUERY_ROW("5. is no integer", "n", "5.", BAD_INT("'5.'")),
		QUERY_ROW(".0 is no integer", "n", ".0", BAD_INT("'.0'")),
		QUERY_ROW("1.5 is no integer", "n", "1.5", BAD_INT("'1.5'")),
		QUERY_ROW("1e3 is no integer", "n", "1e3", BAD_INT("'1e3'")),
		QUERY_ROW("- 5 is no integer", "n", "- 5", BAD_INT("'- 5'")),
		QUERY_ROW("+-5 is no integer", "n", "+-5", BAD_INT("'+-5'")),
		QUERY_ROW("1__0 is no integer", "n", "1__0", BAD_INT("'1__0'")),
		QUERY_ROW("_1 is no integer", "n", "_1", BAD_INT("'_1'")),
		QUERY_ROW("1_ is no integer", "n", "1_", BAD_INT("'1_'")),
		QUERY_ROW("5.0_0 is no integer", "n", "5.0_0", BAD_INT("'5.0_0'")),
		QUERY_ROW("0x10 is no integer", "n", "0x10", BAD_INT("'0x10'")),
		QUERY_ROW("a NUL is no integer", "n", "5\0", BAD_INT("'5\\u0000'")),
		QUERY_ROW("2^63 is too big", "n", "9223372036854775808",
			  BIG_INT("'9223372036854775808'")),
		QUERY_ROW("2^64 is too big", "n", "18446744073709551616",
			  BIG_INT("'18446744073709551616'")),
		REAL_OK("5", 5),
		REAL_OK("5.", 5),
		REAL_OK(".5", 0.5),
		REAL_OK("  1_000.5 ", 1000.5),
		REAL_OK("1e3", 1000),
		REAL_OK("1_0e1_0", 1e11),
		REAL_OK("-2.5E-1", -0.25),
		QUERY_ROW("nothing is no number", "x", "", BAD_REAL("''")),
		QUERY_ROW("1e is no number", "x", "1e", BAD_REAL("'1e'")),
		QUERY_ROW("1.2.3 is no number", "x", "1.2.3", BAD_REAL("'1.2.3'")),
		QUERY_ROW("0x1p3 is no number", "x", "0x1p3", BAD_REAL("'0x1p3'")),
		QUERY_ROW("inf is not finite", "x", "inf", NOT_FINITE("'inf'")),
		QUERY_ROW("-Infinity is not finite", "x", "-Infinity", NOT_FINITE("'-Infinity'")),
		QUERY_ROW("nan is not finite", "x", "NaN", NOT_FINITE("'NaN'")),
		QUERY_ROW("1e400 is not finite", "x", "1e400", NOT_FINITE("'1e400'")),
		BOOL_OK("1", true),
		BOOL_OK("true", true),
		BOOL_OK("TRUE", true),
		BOOL_OK("On", true),
		BOOL_OK("yes", true),
		BOOL_OK("y", true),
		BOOL_OK("T", true),
		BOOL_OK("0", false),
		BOOL_OK("False", false),
		BOOL_OK("off", false),
		BOOL_OK("NO", false),
		BOOL_OK("n", false),
		BOOL_OK("f", false),
		QUERY_ROW("nothing is no boolean", "b", "", BAD_BOOL("''")),
		QUERY_ROW("2 is no boolean", "b", "2", BAD_BOOL("'2'")),
		QUERY_ROW("a boolean with a space is none", "b", " yes", BAD_BOOL("' yes'")),
		QUERY_ROW("a text", "t", "a b", NULL),
		QUERY_ROW("an empty text", "t", "", NULL),
		QUERY_ROW("a text of four code points", "t", "éééé",
			  "[{'type':'string_too_long','loc':['query','t'],"
			  "'msg':'String should have at most 3 characters','input':'éééé',"
			  "'ctx':{'max_length':3}}]"),
		QUERY_ROW("a NUL in a text", "t", "a\0b", NOT_UNICODE("t", "'a\\u0000b'")),
		QUERY_ROW("broken UTF-8 in a text", "t", "a\xFF",
			  NOT_UNICODE("t", "'a\xEF\xBF\xBD'")),
		QUERY_ROW("a NUL in a time", "at", "2026-01-02T03:04:05Z\0",
			  NOT_UNICODE("at", "'2026-01-02T03:04:05Z\\u0000'")),
		QUERY_ROW("a time", "at", "2026-01-02T03:04:05Z", NULL),
		QUERY_ROW("raw JSON", "raw", "{\"a\":[1]}", NULL),
		QUERY_ROW(
			"raw JSON that is none", "raw", "{a}",
			"[{'type':'json_invalid','loc':['query','raw'],"
			"'msg':'Invalid JSON: Expecting property name enclosed in double quotes',"
			"'input':'{a}','ctx':{'error':'Expecting property name enclosed in double "
			"quotes'}}]"),

		QUERY_ROW("raw JSON that is null", "raw", " null",
			  "[{'type':'value_error','loc':['query','raw'],'msg':'Value error, must "
			  "not be null','input':' null','ctx':{'error':{}}}]"),

		ROW("a name given twice fills a list", list_of_names_arrives),
		PAIRS_ROW("a scalar given twice", query_schema, query,
			  PAIRS(PAIR("n", "1"), PAIR("b", "1"), PAIR("n", "2")),
			  "[{'type':'value_error','loc':['query','n'],"
			  "'msg':'Value error, given more than once','input':['1','2'],"
			  "'ctx':{'error':{}}}]"),
		PAIRS_ROW("an item of a list that is no integer", query_schema, query,
			  PAIRS(PAIR("ids", "1"), PAIR("ids", "x")),
			  "[{'type':'int_parsing','loc':['query','ids',1],"
			  "'msg':'Input should be a valid integer, unable to parse string as an "
			  "integer','input':'x'}]"),
		PAIRS_ROW("a list given too often", query_schema, query,
			  PAIRS(PAIR("ids", "1"), PAIR("ids", "2"), PAIR("ids", "3"),
				PAIR("ids", "4")),
			  "[{'type':'too_long','loc':['query','ids'],"
			  "'msg':'List should have at most 3 items after validation, not 4',"
			  "'input':['1','2','3','4'],'ctx':{'field_type':'List','max_length':3,"
			  "'actual_length':4}}]"),
		PAIRS_ROW("an unknown name, told once", query_schema, query,
			  PAIRS(PAIR("zz", "1"), PAIR("zz", "2"), PAIR("N", "3")),
			  "[{'type':'extra_forbidden','loc':['query','zz'],"
			  "'msg':'Extra inputs are not permitted','input':'1'},"
			  "{'type':'extra_forbidden','loc':['query','N'],"
			  "'msg':'Extra inputs are not permitted','input':'3'}]"),

		ROW_OF("faults of all sources at once, in order: path, query, header, body",
		       bind_row,
		       (&(struct bind_case){
			       .schema = &every_schema,
			       .input = { .path = PAIRS(PAIR("item_id", "x")),
					  .query = PAIRS(PAIR("zz", "1")),
					  .headers = PAIRS(PAIR("Accept", "*/*")),
					  .body = "{'title':1}" },
			       .detail = "[{'type':'int_parsing','loc':['path','item_id'],"
					 "'msg':'Input should be a valid integer, unable to parse "
					 "string as an integer','input':'x'},"
					 "{'type':'missing','loc':['query','page'],"
					 "'msg':'Field required','input':null},"
					 "{'type':'extra_forbidden','loc':['query','zz'],"
					 "'msg':'Extra inputs are not permitted','input':'1'},"
					 "{'type':'missing','loc':['header','x-token'],"
					 "'msg':'Field required','input':null},"
					 "{'type':'string_type','loc':['body','title'],"
					 "'msg':'Input should be a valid string','input':1}]" })),
		PAIRS_ROW("a form's locations begin with body", login_schema, form,
			  PAIRS(PAIR("username", "u"), PAIR("scope", "x")),
			  "[{'type':'missing','loc':['body','password'],'msg':'Field required',"
			  "'input':null},{'type':'extra_forbidden','loc':['body',"
			  "'scope'],'msg':'Extra inputs are not permitted','input':'x'}]"),
		PAIRS_ROW("no form at all", login_schema, form, NULL,
			  "[{'type':'missing','loc':['body','username'],'msg':'Field required',"
			  "'input':null},{'type':'missing','loc':['body','password'],"
			  "'msg':'Field required','input':null}]"),
		PAIRS_ROW("a form", login_schema, form,
			  PAIRS(PAIR("username", "u"), PAIR("password", "p")), NULL),
		ROW("values of every source arrive", every_source_arrives),
		ROW("one flat object holds every source", flat_takes_every_source),
		ROW("presets stand in for what is absent, but where absence can be told",
		    presets_fill_in),
		ROW("a module adds faults of its own", own_faults_are_added),
		ROW("an earlier failure is not replaced", an_earlier_failure_wins),
		ROW("a schema knows its sources", sources_are_known),
	};
	return rows_run("binding pairs", rows, COUNT_OF(rows));
}
