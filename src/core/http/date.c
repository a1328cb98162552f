/* Dates of HTTP. */
#include "date.h"

#include <stdio.h>

/* Not strftime(), whose names of days follow the locale. */
void http_date_text(char ret[DATE_ROOM], time_t at)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm;
	gmtime_r(&at, &tm);
	snprintf(ret, DATE_ROOM, "%.3s, %02d %.3s %d %02d:%02d:%02d GMT", days + 3 * tm.tm_wday,
		 tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
		 tm.tm_sec);
}
