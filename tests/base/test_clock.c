/*
 * Instants as text and back: calendar edges, RFC 3339's odd forms, and the words of each refusal.
 */
#include "base/clock.h"

#include <string.h>
#include <time.h>

#include "testing/rows.h"

struct text_case {
	int64_t us;
	const char *text;
};

static void instant_is_written(void **state)
{
	const struct text_case *t = *state;
	char text[INSTANT_TEXT_ROOM];
	size_t len = instant_text((struct instant){ t->us }, text);
	assert_string_equal(text, t->text);
	assert_int_equal(len, strlen(t->text));
}

#define TEXT_ROW(instant_us, wanted) \
	ROW_OF("written: " wanted, instant_is_written, (&(struct text_case){ instant_us, wanted }))

struct parse_case {
	const char *text;
	const char *same_as; /* what it is written as; NULL: refused */
	const char *why;
};

static void instant_is_read(void **state)
{
	const struct parse_case *t = *state;
	struct instant at = { 42 };
	const char *why = "untouched";
	bool good = instant_parse(t->text, &at, &why);
	if (!t->same_as) {
		assert_false(good);
		assert_true(at.us == 42);
		assert_string_equal(why, t->why);
		assert_false(instant_parse(t->text, &at, NULL));
		return;
	}
	assert_true(good);
	assert_string_equal(why, "untouched");
	char text[INSTANT_TEXT_ROOM];
	instant_text(at, text);
	assert_string_equal(text, t->same_as);
}

#define READ_ROW(text, same_as) \
	ROW_OF("read: " text, instant_is_read, (&(struct parse_case){ text, same_as, NULL }))
#define REFUSED_ROW(text, why) \
	ROW_OF("refused: '" text "'", instant_is_read, (&(struct parse_case){ text, NULL, why }))

static void date_is_judged(void **state)
{
	const struct parse_case *t = *state;
	const char *why = "untouched";
	struct date date = { 42 };
	char text[DATE_TEXT_ROOM];
	assert_int_equal(date_parse(t->text, &date, &why), t->why == NULL);
	assert_string_equal(why, t->why ? t->why : "untouched");
	if (t->why) {
		assert_int_equal(date.day, 42);
		return;
	}
	assert_int_equal(date_text(date, text), strlen(t->text));
	assert_string_equal(text, t->text);
}

struct day_case {
	int64_t day;
	const char *text;
};

static void date_is_written(void **state)
{
	const struct day_case *t = *state;
	char text[DATE_TEXT_ROOM];
	assert_int_equal(date_text((struct date){ t->day }, text), 10);
	assert_string_equal(text, t->text);
}

#define DAY_ROW(number, wanted) \
	ROW_OF("day " #number ": " wanted, date_is_written, (&(struct day_case){ number, wanted }))

#define DATE_GOOD(text) \
	ROW_OF("date: " text, date_is_judged, (&(struct parse_case){ text, NULL, NULL }))
#define DATE_BAD(text, why) \
	ROW_OF("date: '" text "' is refused", date_is_judged, \
	       (&(struct parse_case){ text, NULL, why }))

static void every_day_of_the_calendar(void **state)
{
	(void)state;
	/*
	 * Every fifth day from year 1 to year 9999, against libc's own arithmetic, and back again.
	 */
	for (int64_t day = -719162; day <= 2932896; day += 5) {
		struct instant at = { SECONDS_US(day * 86400 + 86399) }, back = { 0 };
		struct date date = { 0 };
		char text[INSTANT_TEXT_ROOM], wanted[64];
		time_t second = (time_t)(day * 86400 + 86399);
		struct tm parts;
		gmtime_r(&second, &parts);
		strftime(wanted, sizeof(wanted), "-%m-%dT23:59:59Z", &parts);
		instant_text(at, text);
		assert_string_equal(text + 4, wanted);
		assert_int_equal((text[0] - '0') * 1000 + (text[1] - '0') * 100 +
					 (text[2] - '0') * 10 + (text[3] - '0'),
				 parts.tm_year + 1900);
		assert_true(instant_parse(text, &back, NULL));
		assert_true(back.us == at.us);
		text[10] = '\0';
		assert_true(date_parse(text, &date, NULL));
		assert_true(date.day == day);
	}
}

static void system_clock_moves_forward(void **state)
{
	(void)state;
	int64_t first = clock_monotonic_us();
	int64_t second = clock_monotonic_us();
	assert_true(second >= first);
	struct timespec before, after;
	clock_gettime(CLOCK_REALTIME, &before);
	int64_t now = clock_system.now(&clock_system).us;
	clock_gettime(CLOCK_REALTIME, &after);
	assert_true(now >= (int64_t)before.tv_sec * 1000000 + before.tv_nsec / 1000);
	assert_true(now <= (int64_t)after.tv_sec * 1000000 + after.tv_nsec / 1000);
}

#define MONTH_WHY "month value is outside expected range of 1-12"
#define DAY_WHY "day value is outside expected range"
#define SHORT_WHY "input is too short"
#define YEAR_WHY "year value is outside expected range of 1-9999"
#define EXTRA_WHY "unexpected extra characters at the end of the input"
#define DATE_SEPARATOR_WHY "invalid date separator, expected `-`"
#define TIME_SEPARATOR_WHY "invalid time separator, expected `:`"

int main(void)
{
	const struct CMUnitTest rows[] = {
		TEXT_ROW(0, "1970-01-01T00:00:00Z"),
		TEXT_ROW(1, "1970-01-01T00:00:00.000001Z"),
		TEXT_ROW(-1, "1969-12-31T23:59:59.999999Z"),
		TEXT_ROW(SECONDS_US(-1), "1969-12-31T23:59:59Z"),
		TEXT_ROW(SECONDS_US(951782400), "2000-02-29T00:00:00Z"),
		TEXT_ROW(SECONDS_US(4107542400), "2100-03-01T00:00:00Z"),
		TEXT_ROW(SECONDS_US(2147483648), "2038-01-19T03:14:08Z"),
		TEXT_ROW(SECONDS_US(-62135596800), "0001-01-01T00:00:00Z"),
		TEXT_ROW(SECONDS_US(-62135596800) - 1, "0001-01-01T00:00:00Z"),
		TEXT_ROW(INT64_MIN, "0001-01-01T00:00:00Z"),
		DAY_ROW(0, "1970-01-01"),
		DAY_ROW(-1, "1969-12-31"),
		DAY_ROW(-719162, "0001-01-01"),
		DAY_ROW(-719163, "0001-01-01"),
		DAY_ROW(2932896, "9999-12-31"),
		DAY_ROW(2932897, "9999-12-31"),
		DAY_ROW(INT64_MAX, "9999-12-31"),
		TEXT_ROW(SECONDS_US(253402300799), "9999-12-31T23:59:59Z"),
		TEXT_ROW(SECONDS_US(253402300800), "9999-12-31T23:59:59.999999Z"),
		TEXT_ROW(INT64_MAX, "9999-12-31T23:59:59.999999Z"),

		READ_ROW("1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520000Z"),
		READ_ROW("1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57Z"),
		READ_ROW("1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.870000Z"),
		READ_ROW("2024-02-29t01:02:03z", "2024-02-29T01:02:03Z"),
		READ_ROW("2024-02-29 01:02:03Z", "2024-02-29T01:02:03Z"),
		READ_ROW("2026-01-02T03:04:05-00:00", "2026-01-02T03:04:05Z"),
		READ_ROW("2026-01-02T03:04:05+23:59", "2026-01-01T03:05:05Z"),
		READ_ROW("2026-01-02T03:04:05.0Z", "2026-01-02T03:04:05Z"),
		READ_ROW("2026-01-02T03:04:05.000001Z", "2026-01-02T03:04:05.000001Z"),
		READ_ROW("2026-01-02T03:04:05.123456999Z", "2026-01-02T03:04:05.123456Z"),
		READ_ROW("2026-01-02T03:04:05.12345678901234567890Z",
			 "2026-01-02T03:04:05.123456Z"),
		READ_ROW("2026-01-02T03:04:05,5Z", "2026-01-02T03:04:05.500000Z"),
		READ_ROW("2026-01-02T10:00Z", "2026-01-02T10:00:00Z"),
		READ_ROW("2026-01-02 10:00z", "2026-01-02T10:00:00Z"),
		READ_ROW("2026-01-02t10:00+0100", "2026-01-02T09:00:00Z"),
		READ_ROW("2026-01-02_10:00-01:00", "2026-01-02T11:00:00Z"),
		READ_ROW("2026-01-02T03:04:05+0100", "2026-01-02T02:04:05Z"),
		READ_ROW("2026-01-02T03:04:05.5-0130", "2026-01-02T04:34:05.500000Z"),
		READ_ROW("2026-01-02T03:04:05\xE2\x88\x92"
			 "01:00",
			 "2026-01-02T04:04:05Z"),
		READ_ROW("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
		READ_ROW("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),

		REFUSED_ROW("", SHORT_WHY),
		REFUSED_ROW("2026-01-02", SHORT_WHY),
		REFUSED_ROW("2026-01-02T", SHORT_WHY),
		REFUSED_ROW("2026-01-02T03", SHORT_WHY),
		REFUSED_ROW("2026-01-02T03Z", TIME_SEPARATOR_WHY),
		REFUSED_ROW("2026-01-02T0304Z", TIME_SEPARATOR_WHY),
		REFUSED_ROW("2026-01-02T03:04", "timezone offset is missing"),
		REFUSED_ROW("2026-01-02T03:04:", SHORT_WHY),
		REFUSED_ROW("2026-01-02T03:04:05", "timezone offset is missing"),
		REFUSED_ROW("2026-01-02T03:04:05.5", "timezone offset is missing"),
		REFUSED_ROW("2026-01-02T03:04:05.Z", "second fraction value is missing"),
		REFUSED_ROW("2026-01-02T03:04.5Z", "invalid timezone sign"),
		REFUSED_ROW("2016-12-31T23:59:60Z",
			    "second value is outside expected range of 0-59"),
		REFUSED_ROW("2026-01-02T24:00:00Z", "hour value is outside expected range of 0-23"),
		REFUSED_ROW("2026-01-02T23:60:00Z",
			    "minute value is outside expected range of 0-59"),
		REFUSED_ROW("2026-01-02T03:04:05+24:00",
			    "timezone offset must be less than 24 hours"),
		REFUSED_ROW("2026-01-02T03:04:05+01:60",
			    "timezone minute value is outside expected range of 0-59"),
		REFUSED_ROW("2026-01-02T03:04:05+01.00", "invalid timezone minute"),
		REFUSED_ROW("2026-01-02T03:04:05+01000", EXTRA_WHY),
		REFUSED_ROW("2026-01-02T03:04:05\xE2\x88\x93"
			    "01:00",
			    "invalid timezone sign"),
		REFUSED_ROW("2026-01-02T03:04:05+01", SHORT_WHY),
		REFUSED_ROW("2026-01-02T03:04:05+xx:00", "invalid timezone hour"),
		REFUSED_ROW("2026-01-02T03:04:05+01:x0", "invalid timezone minute"),
		REFUSED_ROW("2026-01-02T03:04:05Zx", EXTRA_WHY),
		REFUSED_ROW("2026-01-02T03:04:05Z ", EXTRA_WHY),
		REFUSED_ROW("2026-01-02x03:04:05Z",
			    "invalid datetime separator, expected `T`, `t`, `_` or space"),
		REFUSED_ROW("2026-01-02Tx3:04:05Z", "invalid character in hour"),
		REFUSED_ROW("2026-01-02T03:x4:05Z", "invalid character in minute"),
		REFUSED_ROW("2026-01-02T03:04:x5Z", "invalid character in second"),
		REFUSED_ROW("2026-13-02T03:04:05Z", MONTH_WHY),
		REFUSED_ROW(" 2026-01-02T03:04:05Z", "invalid character in year"),
		REFUSED_ROW("+2026-01-02T03:04:05Z", "invalid character in year"),
		REFUSED_ROW("0000-01-01T00:00:00Z", YEAR_WHY),
		REFUSED_ROW("0001-01-01T00:00:00+00:01", YEAR_WHY),
		REFUSED_ROW("9999-12-31T23:59:59-00:01", YEAR_WHY),
		REFUSED_ROW("1700000000", DATE_SEPARATOR_WHY),

		DATE_GOOD("2026-01-31"),
		DATE_GOOD("2024-02-29"),
		DATE_GOOD("2000-02-29"),
		DATE_GOOD("0001-01-01"),
		DATE_GOOD("9999-12-31"),
		DATE_BAD("", SHORT_WHY),
		DATE_BAD("2026-01-3", SHORT_WHY),
		DATE_BAD("2026-02-29", DAY_WHY),
		DATE_BAD("1900-02-29", DAY_WHY),
		DATE_BAD("2100-02-29", DAY_WHY),
		DATE_BAD("2026-04-31", DAY_WHY),
		DATE_BAD("2026-01-32", DAY_WHY),
		DATE_BAD("2026-01-00", DAY_WHY),
		DATE_BAD("2026-00-10", MONTH_WHY),
		DATE_BAD("2026-13-10", MONTH_WHY),
		DATE_BAD("0000-01-01", YEAR_WHY),
		DATE_BAD("20260110", DATE_SEPARATOR_WHY),
		DATE_BAD("2026/01/10", DATE_SEPARATOR_WHY),
		DATE_BAD("2026-1-10", "invalid character in month"),
		DATE_BAD("2026-01-1x", "invalid character in day"),
		DATE_BAD("abcd-01-10", "invalid character in year"),
		DATE_BAD("2026-01-10T00:00:00Z", EXTRA_WHY),

		ROW("ten thousand years of days agree with libc", every_day_of_the_calendar),
		ROW("the machine's clocks are read", system_clock_moves_forward),
	};
	return rows_run("base/clock", rows, COUNT_OF(rows));
}
