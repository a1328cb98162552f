/*
 * The machine's clocks, and instants and dates as RFC 3339 text. Calendar arithmetic is done here,
 * because libc's depends on the time zone and the locale. Reading text is clock_parse.c's.
 */
#include "base/clock.h"

#include <time.h>

#include "calendar.h"

static int64_t read_us(clockid_t id)
{
	struct timespec now;
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static struct instant system_now(const struct clock *clock)
{
	(void)clock;
	return (struct instant){ read_us(CLOCK_REALTIME) };
}

int64_t clock_monotonic_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

static int64_t system_monotonic_us(const struct clock *clock)
{
	(void)clock;
	return clock_monotonic_us();
}

static int64_t system_thread_us(const struct clock *clock)
{
	(void)clock;
	return read_us(CLOCK_THREAD_CPUTIME_ID);
}

const struct clock clock_system = {
	.now = system_now,
	.monotonic_us = system_monotonic_us,
	.thread_us = system_thread_us,
};

/*
 * Days since 1970-01-01 to a date of the proleptic Gregorian calendar, and back. Years are counted
 * from March, so that the leap day comes last (Howard Hinnant, "chrono-compatible low-level date
 * algorithms").
 */
int64_t calendar_days(const struct calendar_date *date)
{
	int64_t year = date->month > 2 ? date->year : date->year - 1;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t month = date->month > 2 ? date->month - 3 : date->month + 9;
	int64_t day_of_year = (153 * month + 2) / 5 + date->day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

static struct calendar_date calendar_of(int64_t days)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t day_of_era = days - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			       day_of_era / 146096) /
			      365;
	int64_t day_of_year = day_of_era -
			      (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153;
	struct calendar_date date = {
		.year = (int)(year_of_era + era * 400 + (month >= 10)),
		.month = (int)(month < 10 ? month + 3 : month - 9),
		.day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
	};
	return date;
}

static char *put_digits(char *out, int count, int64_t value)
{
	for (int i = count - 1; i >= 0; i--, value /= 10)
		out[i] = (char)('0' + value % 10);
	return out + count;
}

static int64_t clamp(int64_t us)
{
	if (us < CALENDAR_FIRST_US)
		return CALENDAR_FIRST_US;
	return us > CALENDAR_LAST_US ? CALENDAR_LAST_US : us;
}

static char *put_date(char *to, int64_t day)
{
	struct calendar_date date = calendar_of(day);
	to = put_digits(to, 4, date.year);
	*to++ = '-';
	to = put_digits(to, 2, date.month);
	*to++ = '-';
	return put_digits(to, 2, date.day);
}

size_t date_text(struct date date, char out[DATE_TEXT_ROOM])
{
	static const int64_t first = CALENDAR_FIRST_US / DAY_US, last = CALENDAR_LAST_US / DAY_US;
	int64_t day = date.day < first ? first : date.day > last ? last : date.day;
	char *end = put_date(out, day);
	*end = '\0';
	return (size_t)(end - out);
}

size_t instant_text(struct instant at, char out[INSTANT_TEXT_ROOM])
{
	/* Counted from year 1, so that nothing below is negative. */
	int64_t us = clamp(at.us) - CALENDAR_FIRST_US;
	int64_t second = us / 1000000, fraction = us % 1000000;
	char *to = put_date(out, us / DAY_US + CALENDAR_FIRST_US / DAY_US);
	*to++ = 'T';
	to = put_digits(to, 2, second / 3600 % 24);
	*to++ = ':';
	to = put_digits(to, 2, second / 60 % 60);
	*to++ = ':';
	to = put_digits(to, 2, second % 60);
	if (fraction) {
		*to++ = '.';
		to = put_digits(to, 6, fraction);
	}
	*to++ = 'Z';
	*to = '\0';
	return (size_t)(to - out);
}
