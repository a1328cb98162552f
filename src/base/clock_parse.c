/*
 * Reading dates and date-times in the spellings of RFC 3339 and those of ISO 8601 that FastAPI's
 * validation takes, with the reason of a refusal in its words.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/str.h"
#include "calendar.h"

/* The text not read yet, and the first thing found wrong with it. */
struct reader {
	const char *at;
	/* NULL: all well so far */
	const char *why;
};

/* What a number is called in a refusal, and where it must lie. */
struct part {
	const char *invalid, *out_of_range;
	int digits, min, max;
};

static const struct part year_part = {
	.invalid = "invalid character in year",
	.out_of_range = "year value is outside expected range of 1-9999",
	.digits = 4,
	.min = 1,
	.max = 9999,
};
static const struct part month_part = {
	.invalid = "invalid character in month",
	.out_of_range = "month value is outside expected range of 1-12",
	.digits = 2,
	.min = 1,
	.max = 12,
};
static const struct part day_part = {
	.invalid = "invalid character in day",
	.out_of_range = "day value is outside expected range",
	.digits = 2,
	.min = 1,
	.max = 31,
};
static const struct part hour_part = {
	.invalid = "invalid character in hour",
	.out_of_range = "hour value is outside expected range of 0-23",
	.digits = 2,
	.max = 23,
};
static const struct part minute_part = {
	.invalid = "invalid character in minute",
	.out_of_range = "minute value is outside expected range of 0-59",
	.digits = 2,
	.max = 59,
};
static const struct part second_part = {
	.invalid = "invalid character in second",
	.out_of_range = "second value is outside expected range of 0-59",
	.digits = 2,
	.max = 59,
};
static const struct part zone_hour_part = {
	.invalid = "invalid timezone hour",
	.out_of_range = "timezone offset must be less than 24 hours",
	.digits = 2,
	.max = 23,
};
static const struct part zone_minute_part = {
	.invalid = "invalid timezone minute",
	.out_of_range = "timezone minute value is outside expected range of 0-59",
	.digits = 2,
	.max = 59,
};

/* Keeps the first reason; the reads that follow a refusal do nothing and give 0. */
static int refuse(struct reader *r, const char *why)
{
	if (!r->why)
		r->why = why;
	return 0;
}

static int read_part(struct reader *r, const struct part *part)
{
	int value = 0;
	for (int i = 0; i < part->digits && !r->why; i++, r->at++) {
		if (!*r->at)
			return refuse(r, "input is too short");
		if (!str_is_digit(*r->at))
			return refuse(r, part->invalid);
		value = value * 10 + (*r->at - '0');
	}
	if (r->why)
		return 0;
	return value < part->min || value > part->max ? refuse(r, part->out_of_range) : value;
}

static void read_mark(struct reader *r, char mark, const char *why)
{
	if (r->why)
		return;
	if (*r->at == mark)
		r->at++;
	else
		refuse(r, *r->at ? why : "input is too short");
}

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return days[month - 1] + (month == 2 && leap);
}

static struct calendar_date read_date(struct reader *r)
{
	static const char separator[] = "invalid date separator, expected `-`";
	struct calendar_date date;
	date.year = read_part(r, &year_part);
	read_mark(r, '-', separator);
	date.month = read_part(r, &month_part);
	read_mark(r, '-', separator);
	date.day = read_part(r, &day_part);
	if (!r->why && date.day > days_in_month(date.year, date.month))
		refuse(r, day_part.out_of_range);
	return date;
}

/* Any number of digits, of which six count. */
static int64_t read_fraction_us(struct reader *r)
{
	if (r->why || (*r->at != '.' && *r->at != ','))
		return 0;
	r->at++;
	int64_t us = 0;
	int digits = 0;
	for (; str_is_digit(*r->at); r->at++)
		if (digits < 6) {
			us = us * 10 + (*r->at - '0');
			digits++;
		}
	if (!digits)
		return refuse(r, "second fraction value is missing");
	for (; digits < 6; digits++)
		us *= 10;
	return us;
}

/* The seconds may be missing. */
static int64_t read_time_us(struct reader *r)
{
	int hour = read_part(r, &hour_part), second = 0;
	read_mark(r, ':', "invalid time separator, expected `:`");
	int minute = read_part(r, &minute_part);
	if (r->why || *r->at != ':')
		return SECONDS_US(hour * 3600 + minute * 60);
	r->at++;
	second = read_part(r, &second_part);
	return SECONDS_US(hour * 3600 + minute * 60 + second) + read_fraction_us(r);
}

/* '+', '-' or U+2212, the minus sign; 0 after a refusal. */
static char read_sign(struct reader *r)
{
	static const char minus[] = "\xE2\x88\x92";
	if (str_starts(r->at, minus)) {
		r->at += sizeof(minus) - 1;
		return '-';
	}
	if (*r->at == '+' || *r->at == '-')
		return *r->at++;
	return (char)refuse(r, "invalid timezone sign");
}

/* +HH:MM or +HHMM */
static int64_t read_offset_us(struct reader *r)
{
	if (r->why)
		return 0;
	if (!*r->at)
		return refuse(r, "timezone offset is missing");
	if (str_lower(*r->at) == 'z') {
		r->at++;
		return 0;
	}
	char sign = read_sign(r);
	int hour = read_part(r, &zone_hour_part);
	if (!r->why && *r->at == ':')
		r->at++;
	int minute = read_part(r, &zone_minute_part);
	int64_t offset = SECONDS_US(hour * 3600 + minute * 60);
	return sign == '-' ? -offset : offset;
}

static bool reader_finish(struct reader *r, const char **ret_why)
{
	if (!r->why && *r->at)
		refuse(r, "unexpected extra characters at the end of the input");
	if (r->why && ret_why)
		*ret_why = r->why;
	return !r->why;
}

bool date_parse(const char *text, struct date *ret, const char **ret_why)
{
	struct reader r = { .at = text };
	struct calendar_date date = read_date(&r);
	if (!reader_finish(&r, ret_why))
		return false;
	ret->day = calendar_days(&date);
	return true;
}

bool instant_parse(const char *text, struct instant *ret, const char **ret_why)
{
	struct reader r = { .at = text };
	struct calendar_date date = read_date(&r);
	if (!r.why && str_lower(*r.at) != 't' && *r.at != ' ' && *r.at != '_')
		refuse(&r, *r.at ? "invalid datetime separator, expected `T`, `t`, `_` or space"
				 : "input is too short");
	if (!r.why)
		r.at++;
	int64_t time_us = read_time_us(&r);
	int64_t offset_us = read_offset_us(&r);
	int64_t us = r.why ? 0 : calendar_days(&date) * DAY_US + time_us - offset_us;
	if (us < CALENDAR_FIRST_US || us > CALENDAR_LAST_US)
		refuse(&r, year_part.out_of_range);
	if (!reader_finish(&r, ret_why))
		return false;
	ret->us = us;
	return true;
}
