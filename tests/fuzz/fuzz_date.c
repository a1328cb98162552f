/*
 * Fuzz target of dates and date-times. A regular expression says what the forms are and the C
 * library's calendar which of them are real; and what is read, printed and read again is the same
 * moment.
 */
#include "fuzz/target.h"

#include <regex.h>
#include <time.h>

#include "base/clock.h"

#define DATE "([0-9]{4})-([0-9]{2})-([0-9]{2})"
#define TIME "([0-9]{2}):([0-9]{2})(:([0-9]{2})([.,]([0-9]+))?)?"
#define ZONE "([Zz]|([+-]|\xE2\x88\x92)([0-9]{2}):?([0-9]{2}))"

enum { PARTS = 15 };

static bool matches(const char *pattern, const char *text, regmatch_t part[PARTS])
{
	static regex_t made[2];
	static const char *patterns[2];
	size_t i = patterns[0] && patterns[0] != pattern;
	if (!patterns[i])
		assert(!regcomp(&made[i], pattern, REG_EXTENDED));
	patterns[i] = pattern;
	return !regexec(&made[i], text, PARTS, part, 0);
}

static int number_at(const char *text, regmatch_t at)
{
	int number = 0;
	for (regoff_t i = at.rm_so; i < at.rm_eo; i++)
		number = number * 10 + (text[i] - '0');
	return number;
}

static bool date_of(const char *text, const regmatch_t *part, struct tm *ret)
{
	struct tm date = { .tm_year = number_at(text, part[1]) - 1900,
			   .tm_mon = number_at(text, part[2]) - 1,
			   .tm_mday = number_at(text, part[3]) };
	*ret = date;
	(void)timegm(&date);
	return ret->tm_year > -1900 && date.tm_mday == ret->tm_mday && date.tm_mon == ret->tm_mon;
}

static int64_t fraction_us(const char *text, regmatch_t at)
{
	int64_t us = 0;
	for (int i = 0; i < 6; i++)
		us = us * 10 + (at.rm_so + i < at.rm_eo ? text[at.rm_so + i] - '0' : 0);
	return us;
}

/* The moment as the C library has it; false: the text says none. */
static bool instant_again(const char *text, struct instant *ret)
{
	static const char pattern[] = "^" DATE "[Tt _]" TIME ZONE "$";
	regmatch_t part[PARTS];
	struct tm tm;
	if (!matches(pattern, text, part) || !date_of(text, part, &tm))
		return false;
	tm.tm_hour = number_at(text, part[4]);
	tm.tm_min = number_at(text, part[5]);
	tm.tm_sec = number_at(text, part[7]);
	int hours = number_at(text, part[12]), minutes = number_at(text, part[13]);
	bool is_west = part[11].rm_so >= 0 && text[part[11].rm_so] != '+';
	bool fits = tm.tm_hour < 24 && tm.tm_min < 60 && tm.tm_sec < 60 && hours < 24 &&
		    minutes < 60;
	int64_t offset = (hours * 60 + minutes) * 60;
	int64_t seconds = timegm(&tm) + (is_west ? offset : -offset);
	/* the first second of year 1 and the last of year 9999 */
	if (!fits || seconds < -62135596800 || seconds > 253402300799)
		return false;
	ret->us = seconds * 1000000 + fraction_us(text, part[9]);
	return true;
}

static void check_instant(const char *text)
{
	struct instant at = { 7 }, again = { 7 };
	const char *why = NULL;
	char shown[INSTANT_TEXT_ROOM];
	bool is = instant_parse(text, &at, &why);
	assert(is == instant_again(text, &again) && at.us == again.us && is == !why);
	if (!is)
		return;
	assert(instant_text(at, shown) == strlen(shown));
	assert(instant_parse(shown, &again, NULL) && again.us == at.us);
}

static void check_date(const char *text)
{
	static const char pattern[] = "^" DATE "$";
	regmatch_t part[PARTS];
	struct tm tm;
	const char *why = NULL;
	struct date date = { 7 };
	char shown[DATE_TEXT_ROOM];
	bool is = date_parse(text, &date, &why);
	assert(is == (matches(pattern, text, part) && date_of(text, part, &tm)) && is == !why);
	if (!is)
		return;
	assert(date.day == timegm(&tm) / 86400 && date_text(date, shown) == strlen(text));
	assert(!strcmp(shown, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	check_instant(text);
	check_date(text);
	free(text);
	return 0;
}
