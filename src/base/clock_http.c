/* An instant as the headers of HTTP write it. */
#include <stdio.h>
#include <time.h>

#include "base/clock.h"

/* Not strftime(), whose names of days follow the locale. */
void instant_http_text(struct instant at, char out[HTTP_DATE_ROOM])
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t seconds = at.us / SECONDS_US(1);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	snprintf(out, HTTP_DATE_ROOM, "%.3s, %02d %.3s %d %02d:%02d:%02d GMT",
		 days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900,
		 tm.tm_hour, tm.tm_min, tm.tm_sec);
}
