/*
 * Time. An instant is microseconds since 1970-01-01T00:00:00Z, a date days since 1970-01-01;
 * durations and deadlines are microseconds of the monotonic clock. A `struct clock` is swappable,
 * so a test can freeze or move time.
 */
#ifndef CROFT_BASE_CLOCK_H
#define CROFT_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct instant {
	int64_t us;
};

/* A day of the calendar, without a time and a zone: two are as far apart as their days. */
struct date {
	int64_t day;
};

struct clock {
	/* UTC */
	struct instant (*now)(const struct clock *clock);
	int64_t (*monotonic_us)(const struct clock *clock);
	/* CPU time that the calling thread has used; of the clock of a server only. */
	int64_t (*thread_us)(const struct clock *clock);
};

/* The machine's clocks. */
extern const struct clock clock_system;
int64_t clock_monotonic_us(void);

#define SECONDS_US(n) ((int64_t)(n)*1000000)
#define MILLISECONDS_US(n) ((int64_t)(n)*1000)
#define DAY_US SECONDS_US(24 * 60 * 60)

enum { INSTANT_TEXT_ROOM = 28, DATE_TEXT_ROOM = 11, HTTP_DATE_ROOM = 64 };

/*
 * RFC 3339 with Z: "2026-01-02T03:04:05Z", or with six digits of fraction when there is one.
 * Returns the text's length. Years outside 0001–9999 are clamped to that range.
 */
size_t instant_text(struct instant at, char out[INSTANT_TEXT_ROOM]);
/* "2026-01-02", clamped likewise; its length is always the same. */
size_t date_text(struct date date, char out[DATE_TEXT_ROOM]);
/* RFC 9110 §5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT". */
void instant_http_text(struct instant at, char out[HTTP_DATE_ROOM]);

/*
 * Reads a date-time of RFC 3339, or of ISO 8601 in the spellings that FastAPI takes: between date
 * and time stands T, t, a space or an underscore, the seconds may be missing, their fraction
 * follows a point or a comma (past six digits it is cut), and the offset, which is required, is Z,
 * z, +01:00 or +0100. Second 60 is refused, and so is a number of seconds since 1970, which
 * 20240101 would be. On failure *ret_why, if not NULL, says what is wrong in the words of the
 * FastAPI contract ("month value is outside expected range of 1-12", "input is too short", …).
 */
bool instant_parse(const char *text, struct instant *ret, const char **ret_why) MUST_USE;

/* Reads YYYY-MM-DD, a day that the calendar has; *ret_why as above. */
bool date_parse(const char *text, struct date *ret, const char **ret_why) MUST_USE;

#endif
