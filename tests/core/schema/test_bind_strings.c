/* JSON texts: lengths, patterns, choices, dates and times. */
#include "core/schema/bind_case.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const colours[] = { "red", "blue", NULL };
static const char *const letters[] = { "a", "b", "it's", NULL };
static const char *const only[] = { "yes", NULL };

struct text {
	const char *t;
};
SCHEMA_OF(text_schema, "text", struct text, FIELD(struct text, t, .required = true));
SCHEMA_OF(short_schema, "short", struct text,
	FIELD(struct text, t, .required = true, .min_len = 3, .max_len = 5));
SCHEMA_OF(one_schema, "one", struct text, FIELD(struct text, t, .min_len = 1, .max_len = 1));
SCHEMA_OF(pattern_schema, "pattern", struct text, FIELD(struct text, t, .pattern = "^[a-z]+$"));
SCHEMA_OF(search_schema, "search", struct text, FIELD(struct text, t, .pattern = "b\"?c"));
SCHEMA_OF(greedy_schema, "greedy", struct text, FIELD(struct text, t, .pattern = "(a+)+$"));
SCHEMA_OF(colour_schema, "colour", struct text, FIELD(struct text, t, .choices = colours));
SCHEMA_OF(letter_schema, "letter", struct text, FIELD(struct text, t, .choices = letters));
SCHEMA_OF(only_schema, "only", struct text, FIELD(struct text, t, .choices = only));
SCHEMA_OF(nullable_schema, "nullable", struct text, FIELD(struct text, t, .nullable = true));
SCHEMA_OF(date_schema, "date", struct text, FIELD(struct text, t, .format = FORMAT_DATE));
SCHEMA_OF(date_time_schema, "date_time", struct text,
	FIELD(struct text, t, .format = FORMAT_DATE_TIME));

struct moment {
	struct instant at;
};
SCHEMA_OF(moment_schema, "moment", struct moment, FIELD(struct moment, at));

struct day {
	struct date on;
};
SCHEMA_OF(day_schema, "day", struct day, FIELD(struct day, on));

#define NOT_TEXT(input) \
	FAULT_AT("string_type", "['body','t']", "Input should be a valid string", input)

static void texts_are_copied_and_unescaped(void **state)
{
	(void)state;
	struct scene scene;
	struct text got;
	char body[] = "{'t':'a\\u00e9\\ud834\\udd1e\\n'}";
	scene_open(&scene);
	struct input input = { .body = json_swap(body), .body_len = strlen(body) };
	assert_int_equal(schema_bind(&scene.c, &text_schema, &input, &got), APP_OK);
	memset(body, 'x', sizeof(body));
	assert_string_equal(got.t, "a\xC3\xA9\xF0\x9D\x84\x9E\n");
	scene_close(&scene);
}

struct spelling {
	const struct schema *schema;
	const char *sent, *stored;
};

static void spelling_is_stored(void **state)
{
	const struct spelling *row = *state;
	struct scene scene;
	struct text got;
	scene_open(&scene);
	struct buf body;
	buf_init(&body, &scene.arena);
	buf_printf(&body, "{'t':'%s'}", row->sent);
	struct input input = body_of(&scene, buf_text(&body));
	assert_int_equal(schema_bind(&scene.c, row->schema, &input, &got), APP_OK);
	assert_string_equal(got.t, row->stored);
	scene_close(&scene);
}

#define STORED(schema_, sent_, stored_) \
	ROW_OF("'" sent_ "' is stored as " stored_, spelling_is_stored, \
	       (&(struct spelling){ &(schema_), sent_, stored_ }))

static void greedy_pattern_is_cut_short(size_t len)
{
	struct scene scene;
	struct text got;
	char *body = malloc(len + 32);
	scene_open(&scene);
	int start = sprintf(body, "{'t':'");
	memset(body + start, 'a', len);
	strcpy(body + (size_t)start + len, "b'}");
	struct input input = { .body = json_swap(body), .body_len = strlen(body) };
	int64_t before = scene.c.clock->monotonic_us(scene.c.clock);
	assert_int_equal(schema_bind(&scene.c, &greedy_schema, &input, &got), APP_INVALID);
	/* Without a limit it would be 2^len steps: no machine is that fast, and none this slow. */
	assert_true(scene.c.clock->monotonic_us(scene.c.clock) - before < SECONDS_US(5));
	assert_string_equal(scene.c.failure.fields->type, "string_pattern_mismatch");
	free(body);
	scene_close(&scene);
}

static void greedy_pattern_on_50_kb(void **state)
{
	(void)state;
	greedy_pattern_is_cut_short(50000);
}

static void greedy_pattern_on_8_kb(void **state)
{
	(void)state;
	greedy_pattern_is_cut_short(8000);
}

#define NO_MATCH(pattern, input) \
	FAULT_CTX("string_pattern_mismatch", "['body','t']", \
		  "String should match pattern \"" pattern "\"", input, \
		  "{'pattern':'" pattern "'}")
#define NO_CHOICE(choices, input) \
	FAULT_CTX("literal_error", "['body','t']", "Input should be " choices, input, \
		  "{'expected':'" choices "'}")
#define RED_OR_BLUE "\"red\" or \"blue\""

int main(void)
{
	const struct CMUnitTest rows[] = {
		/* text */
		BODY_ROW("5 is no text", text_schema, "{'t':5}", NOT_TEXT("5")),
		BODY_ROW("true is no text", text_schema, "{'t':true}", NOT_TEXT("true")),
		BODY_ROW("null is no text", text_schema, "{'t':null}", NOT_TEXT("null")),
		BODY_ROW("an object is no text", text_schema, "{'t':{'a':1}}", NOT_TEXT("{'a':1}")),
		BODY_ROW("null is fine where the field is nullable", nullable_schema, "{'t':null}",
			 NULL),
		BODY_ROW("empty text is fine for a required field", text_schema, "{'t':''}", NULL),
		BODY_ROW("too short", short_schema, "{'t':'ab'}",
			 FAULT_CTX("string_too_short", "['body','t']",
				   "String should have at least 3 characters", "'ab'",
				   "{'min_length':3}")),
		BODY_ROW("too long", short_schema, "{'t':'abcdef'}",
			 FAULT_CTX("string_too_long", "['body','t']",
				   "String should have at most 5 characters", "'abcdef'",
				   "{'max_length':5}")),
		BODY_ROW("one character is singular (at least)", one_schema, "{'t':''}",
			 FAULT_CTX("string_too_short", "['body','t']",
				   "String should have at least 1 character", "''",
				   "{'min_length':1}")),
		BODY_ROW("one character is singular (at most)", one_schema, "{'t':'\\u00e9e'}",
			 FAULT_CTX("string_too_long", "['body','t']",
				   "String should have at most 1 character", "'ée'",
				   "{'max_length':1}")),
		BODY_ROW("lengths are code points", short_schema, "{'t':'ééééé'}", NULL),
		BODY_ROW("two code points of eight bytes are too short", short_schema, "{'t':'𝄞𝄞'}",
			 FAULT_CTX("string_too_short", "['body','t']",
				   "String should have at least 3 characters", "'𝄞𝄞'",
				   "{'min_length':3}")),
		BODY_ROW("pattern", pattern_schema, "{'t':'A'}", NO_MATCH("^[a-z]+$", "'A'")),
		BODY_ROW("$ is the end, not before a last line feed", pattern_schema,
			 "{'t':'a\\n'}", NO_MATCH("^[a-z]+$", "'a\\n'")),
		BODY_ROW("a pattern is searched for", search_schema, "{'t':'aabcc'}", NULL),
		BODY_ROW("a pattern is escaped in msg and ctx", search_schema, "{'t':''}",
			 NO_MATCH("b\\'?c", "''")),
		ROW("the pattern (a+)+$ on 50 KB is refused at once", greedy_pattern_on_50_kb),
		ROW("the pattern (a+)+$ on 8 KB runs into its limit", greedy_pattern_on_8_kb),
		BODY_ROW("two choices", colour_schema, "{'t':'green'}",
			 NO_CHOICE(RED_OR_BLUE, "'green'")),
		BODY_ROW("three choices", letter_schema, "{'t':''}",
			 NO_CHOICE("\"a\", \"b\" or \\'it\"s\\'", "''")),
		BODY_ROW("one choice", only_schema, "{'t':'no'}", NO_CHOICE("\"yes\"", "'no'")),
		BODY_ROW("a number where there are choices", colour_schema, "{'t':5}",
			 NO_CHOICE(RED_OR_BLUE, "5")),
		BODY_ROW("a choice", colour_schema, "{'t':'blue'}", NULL),

		ROW("texts are copied and unescaped", texts_are_copied_and_unescaped),

		/* dates and times */
		BODY_ROW("a number is no time", moment_schema, "{'at':0}",
			 FAULT_AT("datetime_type", "['body','at']",
				  "Input should be a valid datetime", "0")),
		BODY_ROW("a date is too short for a time", moment_schema, "{'at':'2026-01-02'}",
			 FAULT_CTX("datetime_from_date_parsing", "['body','at']",
				   "Input should be a valid datetime or date, input is too short",
				   "'2026-01-02'", "{'error':'input is too short'}")),
		BODY_ROW("month 13", moment_schema, "{'at':'2026-13-02T00:00:00Z'}",
			 FAULT_CTX("datetime_from_date_parsing", "['body','at']",
				   "Input should be a valid datetime or date, month value is "
				   "outside expected range of 1-12",
				   "'2026-13-02T00:00:00Z'",
				   "{'error':'month value is outside expected range of 1-12'}")),
		BODY_ROW("a time without a zone", moment_schema, "{'at':'2026-01-02T03:04:05'}",
			 FAULT_AT("timezone_aware", "['body','at']",
				  "Input should have timezone info", "'2026-01-02T03:04:05'")),
		BODY_ROW("a time", moment_schema, "{'at':'2026-01-02T03:04:05.5+01:00'}", NULL),
		BODY_ROW("a date that is none", date_schema, "{'t':'2026-02-30'}",
			 FAULT_CTX("date_from_datetime_parsing", "['body','t']",
				   "Input should be a valid date or datetime, day value is outside "
				   "expected range",
				   "'2026-02-30'",
				   "{'error':'day value is outside expected range'}")),
		BODY_ROW(
			"a number is no date", date_schema, "{'t':1}",
			FAULT_AT("date_type", "['body','t']", "Input should be a valid date", "1")),
		BODY_ROW("a date", date_schema, "{'t':'2024-02-29'}", NULL),
		BODY_ROW("a date that is an hour of it", date_schema,
			 "{'t':'2024-02-29T10:00:00Z'}",
			 FAULT_AT("date_from_datetime_inexact", "['body','t']",
				  "Datetimes provided to dates should have zero time - e.g. be "
				  "exact dates",
				  "'2024-02-29T10:00:00Z'")),
		BODY_ROW("a day that is none", day_schema, "{'on':'2025-02-29'}",
			 FAULT_CTX("date_from_datetime_parsing", "['body','on']",
				   "Input should be a valid date or datetime, day value is outside "
				   "expected range",
				   "'2025-02-29'",
				   "{'error':'day value is outside expected range'}")),
		BODY_ROW("a number is no day", day_schema, "{'on':20512}",
			 FAULT_AT("date_type", "['body','on']", "Input should be a valid date",
				  "20512")),
		BODY_ROW("null is no day", day_schema, "{'on':null}",
			 FAULT_AT("date_type", "['body','on']", "Input should be a valid date",
				  "null")),
		BODY_ROW("an hour of a day", day_schema, "{'on':'2024-02-29T10:00:00Z'}",
			 FAULT_AT("date_from_datetime_inexact", "['body','on']",
				  "Datetimes provided to dates should have zero time - e.g. be "
				  "exact dates",
				  "'2024-02-29T10:00:00Z'")),
		BODY_ROW("a day", day_schema, "{'on':'2024-02-29'}", NULL),
		STORED(date_schema, "2024-02-29", "2024-02-29"),
		STORED(date_schema, "2024-02-29T00:00:00Z", "2024-02-29"),
		STORED(date_schema, "2024-02-29 00:00", "2024-02-29"),
		STORED(date_schema, "2024-02-29T00:00:00.000+01:00", "2024-02-29"),
		STORED(date_time_schema, "2024-02-29T10:00:00+01:00", "2024-02-29T10:00:00+01:00"),
		STORED(date_time_schema, "2024-02-29T10:00:00.5Z", "2024-02-29T10:00:00.5Z"),
		STORED(date_time_schema, "2024-02-29T10:00Z", "2024-02-29T10:00:00Z"),
		STORED(date_time_schema, "2024-02-29 10:00:00+0100", "2024-02-29T09:00:00Z"),
		STORED(date_time_schema, "2024-02-29t10:00:00z", "2024-02-29T10:00:00Z"),
		STORED(date_time_schema, "2024-02-29T10:00:00,25Z", "2024-02-29T10:00:00.250000Z"),
		BODY_ROW("a text that must be a time", date_time_schema, "{'t':'2026'}",
			 FAULT_CTX("datetime_from_date_parsing", "['body','t']",
				   "Input should be a valid datetime or date, input is too short",
				   "'2026'", "{'error':'input is too short'}")),
		BODY_ROW("a text that is a time", date_time_schema, "{'t':'2026-01-02T03:04:05Z'}",
			 NULL),
		BODY_ROW("a number is no time in a text", date_time_schema, "{'t':1}",
			 FAULT_AT("datetime_type", "['body','t']",
				  "Input should be a valid datetime", "1")),
	};
	return rows_run("binding strings", rows, COUNT_OF(rows));
}
