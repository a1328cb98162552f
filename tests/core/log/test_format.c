/* The forms of a line: whatever a value holds, there is one well-formed line that gives it back. */
#include <cjson/cJSON.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#include "base/str.h"
#include "core/log/internal.h"
#include "testing/json.h"
#include "testing/rows.h"

/* 2026-01-02T03:04:05.678Z */
#define SOME_TIME ((struct instant){ 1767323045678901 })
#define NO_FIELDS (&(struct log_field){ .type = LOG_TYPE_END })

static char text[LOG_LINE_ROOM + 1];

static const char *format(enum log_form form, const struct log_record *record)
{
	memset(text, 'X', sizeof(text));
	size_t len = log_format(form, record, text);
	assert_true(len <= LOG_LINE_ROOM);
	text[len] = '\0';
	assert_int_equal(strlen(text), len);
	return text;
}

/* One line, no byte that a terminal or a reader of lines would act on, well-formed UTF-8. */
static void check_one_line(const char *line)
{
	size_t len = strlen(line);
	assert_true(len > 0 && line[len - 1] == '\n');
	assert_true(str_is_utf8(line, len));
	for (size_t at = 0; at < len - 1;) {
		uint32_t point;
		at += str_utf8_next(line + at, len - at, &point);
		assert_false(str_is_unprintable(point));
	}
}

static cJSON *parse(const char *line)
{
	check_one_line(line);
	cJSON *json = cJSON_Parse(line);
	assert_non_null(json);
	return json;
}

static void check_text(const cJSON *json, const char *key, const char *wanted)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(json, key);
	assert_true(cJSON_IsString(value));
	assert_string_equal(value->valuestring, wanted);
}

static void json_line(void **state)
{
	(void)state;
	const struct log_field fields[] = {
		LOG_TEXT("name", "ann"),  LOG_TEXT("left_out", NULL), LOG_INT("n", -5),
		LOG_REAL("ms", 1.25),     LOG_BOOL("yes", true),      LOG_BOOL("no", false),
		{ .type = LOG_TYPE_END },
	};
	assert_json_equal(format(LOG_FORM_JSON, &(struct log_record){ .at = SOME_TIME,
								      .level = LOG_LEVEL_INFO,
								      .event = "user created",
								      .request_id = "r1",
								      .operation = "users.create",
								      .fields = fields }),
			  "{'time':'2026-01-02T03:04:05.678Z','level':'info',"
			  "'event':'user created','request_id':'r1',"
			  "'operation':'users.create','name':'ann','n':-5,'ms':1.25,"
			  "'yes':true,'no':false}\n");
}

static void plain_line(void **state)
{
	(void)state;
	const struct log_field fields[] = {
		LOG_TEXT("name", "ann"), LOG_TEXT("words", "a b"), LOG_TEXT("empty", ""),
		LOG_TEXT("eq", "a=b"),   LOG_INT("n", 7),          { .type = LOG_TYPE_END },
	};
	struct log_record record = { .at = SOME_TIME,
				     .level = LOG_LEVEL_WARN,
				     .event = "slow",
				     .request_id = "r1",
				     .fields = fields };
	assert_json_equal(format(LOG_FORM_PLAIN, &record),
			  "2026-01-02T03:04:05.678Z WARN  slow request_id=r1 name=ann words='a b' "
			  "empty='' eq='a=b' n=7\n");
}

static void coloured_line(void **state)
{
	(void)state;
	const struct log_field fields[] = { LOG_INT("n", 7), { .type = LOG_TYPE_END } };
	assert_string_equal(
		format(LOG_FORM_COLOUR, &(struct log_record){ .at = SOME_TIME,
							      .level = LOG_LEVEL_ERROR,
							      .event = "gone",
							      .fields = fields }),
		"2026-01-02T03:04:05.678Z \033[1;31mERROR\033[0m gone \033[36mn=\033[0m7\n");
}

struct outside_case {
	const char *in;
	const char *back; /* what a reader of the JSON gets; NULL: the same */
};

/* The text in every place that may hold it. */
static void outside_text_stays_in_its_line(void **state)
{
	const struct outside_case *t = *state;
	const char *back = t->back ? t->back : t->in;
	const struct log_field fields[] = { LOG_TEXT("value", t->in),
					    LOG_TEXT(t->in, "key"),
					    { .type = LOG_TYPE_END } };
	struct log_record record = { .at = SOME_TIME,
				     .level = LOG_LEVEL_INFO,
				     .event = t->in,
				     .request_id = t->in,
				     .operation = t->in,
				     .fields = fields };
	cJSON *json = parse(format(LOG_FORM_JSON, &record));
	assert_int_equal(cJSON_GetArraySize(json), 7);
	check_text(json, "event", back);
	check_text(json, "request_id", back);
	check_text(json, "operation", back);
	check_text(json, "value", back);
	check_text(json, back, "key");
	cJSON_Delete(json);
	check_one_line(format(LOG_FORM_PLAIN, &record));
}

#define OUTSIDE_ROW(sentence, text) \
	ROW_OF("outside text: " sentence, outside_text_stays_in_its_line, \
	       (&(struct outside_case){ text, NULL }))
#define BROKEN_ROW(sentence, text, back) \
	ROW_OF("outside text: " sentence, outside_text_stays_in_its_line, \
	       (&(struct outside_case){ text, back }))

struct real_case {
	double value;
	const char *text;
};

static void real_is_written(void **state)
{
	const struct real_case *t = *state;
	char room[64];
	struct line line = { .data = room, .room = sizeof(room) };
	line_add_real(&line, t->value);
	assert_int_equal(line.len, strlen(t->text));
	assert_memory_equal(room, t->text, line.len);
}

#define REAL_ROW(value, text) \
	ROW_OF("real: " text, real_is_written, (&(struct real_case){ value, text }))

struct int_case {
	int64_t value;
	const char *text;
};

static void int_is_written(void **state)
{
	const struct int_case *t = *state;
	char room[64];
	struct line line = { .data = room, .room = sizeof(room) };
	line_add_int(&line, t->value);
	assert_int_equal(line.len, strlen(t->text));
	assert_memory_equal(room, t->text, line.len);
}

#define INT_ROW(value, text) \
	ROW_OF("integer: " text, int_is_written, (&(struct int_case){ value, text }))

struct time_case {
	int64_t us;
	const char *text;
};

static void time_is_written(void **state)
{
	const struct time_case *t = *state;
	for (int i = 0; i < 2; i++) { /* the second time from the thread's cache */
		char room[64];
		struct line line = { .data = room, .room = sizeof(room) };
		line_add_time(&line, (struct instant){ t->us });
		assert_int_equal(line.len, strlen(t->text));
		assert_memory_equal(room, t->text, line.len);
	}
}

#define TIME_ROW(us, text) ROW_OF("time: " text, time_is_written, (&(struct time_case){ us, text }))

static void long_value_is_cut(void **state)
{
	(void)state;
	/* Two-byte characters at an odd offset, so that the bound falls inside one. */
	char value[10001] = "a";
	for (size_t i = 1; i < 9999; i += 2)
		memcpy(value + i, "\xC3\xBC", 2);
	const struct log_field fields[] = { LOG_TEXT("long", value),
					    LOG_INT("after", 1),
					    { .type = LOG_TYPE_END } };
	cJSON *json = parse(
		format(LOG_FORM_JSON,
		       &(struct log_record){ .at = SOME_TIME, .event = "e", .fields = fields }));
	const char *got = cJSON_GetObjectItemCaseSensitive(json, "long")->valuestring;
	size_t len = strlen(got);
	assert_int_equal(len, LOG_VALUE_MAX - 1 + 3);
	assert_memory_equal(got, value, LOG_VALUE_MAX - 1);
	assert_string_equal(got + len - 3, "\xE2\x80\xA6");
	assert_non_null(cJSON_GetObjectItemCaseSensitive(json, "after"));
	assert_null(cJSON_GetObjectItemCaseSensitive(json, "cut"));
	cJSON_Delete(json);
}

static void value_of_the_longest_length_stays(void **state)
{
	(void)state;
	char value[LOG_VALUE_MAX + 1];
	memset(value, 'v', LOG_VALUE_MAX);
	value[LOG_VALUE_MAX] = '\0';
	cJSON *json = parse(format(
		LOG_FORM_JSON,
		&(struct log_record){ .at = SOME_TIME, .event = value, .fields = NO_FIELDS }));
	check_text(json, "event", value);
	cJSON_Delete(json);
}

static void full_line_leaves_fields_out(void **state)
{
	(void)state;
	char worst[5000];
	memset(worst, 1, sizeof(worst) - 1); /* six bytes for each */
	worst[sizeof(worst) - 1] = '\0';
	const struct log_field fields[] = { LOG_TEXT("first", worst),
					    LOG_TEXT("second", worst),
					    LOG_INT("last", 1),
					    { .type = LOG_TYPE_END } };
	struct log_record record = { .at = SOME_TIME, .event = worst, .fields = fields };
	cJSON *json = parse(format(LOG_FORM_JSON, &record));
	assert_non_null(cJSON_GetObjectItemCaseSensitive(json, "event"));
	assert_null(cJSON_GetObjectItemCaseSensitive(json, "first"));
	assert_null(cJSON_GetObjectItemCaseSensitive(json, "second"));
	assert_non_null(cJSON_GetObjectItemCaseSensitive(json, "last"));
	assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "cut")));
	cJSON_Delete(json);
	check_one_line(format(LOG_FORM_PLAIN, &record));
}

static void line_is_filled_to_every_length(void **state)
{
	(void)state;
	/* Fields of growing size meet the end of the line at each of its last bytes. */
	char value[LOG_VALUE_MAX + 1];
	for (size_t len = 1; len <= LOG_VALUE_MAX; len += 13) {
		memset(value, 'v', len);
		value[len] = '\0';
		struct log_field fields[41];
		for (size_t i = 0; i < 40; i++)
			fields[i] = LOG_TEXT("k", value);
		fields[40] = (struct log_field){ .type = LOG_TYPE_END };
		struct log_record record = { .at = SOME_TIME, .event = "e", .fields = fields };
		cJSON_Delete(parse(format(LOG_FORM_JSON, &record)));
		check_one_line(format(LOG_FORM_PLAIN, &record));
		format(LOG_FORM_COLOUR, &record);
	}
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a JSON line", json_line),
		ROW("a console line", plain_line),
		ROW("a coloured line", coloured_line),

		OUTSIDE_ROW("plain", "ann"),
		OUTSIDE_ROW("nothing at all", ""),
		OUTSIDE_ROW("a newline and a forged line", "a\n{\"level\":\"error\"}"),
		OUTSIDE_ROW("CR, LF and tab", "\r\n\t"),
		OUTSIDE_ROW("an escape sequence", "\x1b[2J\x1b[31m"),
		OUTSIDE_ROW("backspace, bell and DEL", "\b\a\x7f"),
		OUTSIDE_ROW("U+2028 and U+2029", "a\xE2\x80\xA8"
						 "b\xE2\x80\xA9"),
		OUTSIDE_ROW("next line U+0085 and C1 controls", "\xC2\x85\xC2\x9B"
								"31m"),
		OUTSIDE_ROW("right-to-left override", "\xE2\x80\xAEgpj.exe"),
		OUTSIDE_ROW("byte order mark", "\xEF\xBB\xBFx"),
		OUTSIDE_ROW("quotes and backslashes", "\"\\\" \\\\ \\n \"}"),
		OUTSIDE_ROW("format directives", "%n%s%x{{7*7}}"),
		OUTSIDE_ROW("words of many scripts",
			    "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x98\x80"),
		BROKEN_ROW("a broken byte",
			   "a\xFF"
			   "b",
			   "a\xEF\xBF\xBD"
			   "b"),
		BROKEN_ROW("a sequence cut short", "a\xE2\x82", "a\xEF\xBF\xBD\xEF\xBF\xBD"),
		BROKEN_ROW("an overlong newline", "\xC0\x8A", "\xEF\xBF\xBD\xEF\xBF\xBD"),
		BROKEN_ROW("a surrogate", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"),

		REAL_ROW(0.0, "0"),
		REAL_ROW(0.1, "0.1"),
		REAL_ROW(-12.5, "-12.5"),
		REAL_ROW(1e21, "1e+21"),
		REAL_ROW((double)NAN, "null"),
		REAL_ROW((double)INFINITY, "null"),
		REAL_ROW(-(double)INFINITY, "null"),
		INT_ROW(0, "0"),
		INT_ROW(INT64_MAX, "9223372036854775807"),
		INT_ROW(INT64_MIN, "-9223372036854775808"),
		TIME_ROW(0, "1970-01-01T00:00:00.000Z"),
		TIME_ROW(999999, "1970-01-01T00:00:00.999Z"),
		TIME_ROW(1000000, "1970-01-01T00:00:01.000Z"),
		TIME_ROW(-1, "1969-12-31T23:59:59.999Z"),
		TIME_ROW(-1000000, "1969-12-31T23:59:59.000Z"),

		ROW("a long value is cut between two characters", long_value_is_cut),
		ROW("a value of the longest length stays whole", value_of_the_longest_length_stays),
		ROW("a full line leaves fields out and says so", full_line_leaves_fields_out),
		ROW("a line filled to every length is well-formed", line_is_filled_to_every_length),
	};
	return rows_run("core/log/format", rows, COUNT_OF(rows));
}
