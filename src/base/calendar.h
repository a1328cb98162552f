/* What writing (clock.c) and reading (clock_parse.c) share: the parts of a date, and its number. */
#ifndef CROFT_SRC_BASE_CALENDAR_H
#define CROFT_SRC_BASE_CALENDAR_H

#include <stdint.h>

#include "base/clock.h"

struct calendar_date {
	/* month and day count from 1 */
	int year, month, day;
};

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z */
#define CALENDAR_FIRST_US SECONDS_US(-62135596800)
#define CALENDAR_LAST_US (SECONDS_US(253402300800) - 1)

/* Days since 1970-01-01 of a date that exists. */
int64_t calendar_days(const struct calendar_date *date);

#endif
