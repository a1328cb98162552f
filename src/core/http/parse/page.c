/*
 * Behind a proxy nobody here knows the scheme, so of an origin the host and the port count;
 * browsers leave the usual port out of both headers.
 */
#include "page.h"

#include <stddef.h>
#include <string.h>

#include "base/str.h"

/* The host and the port of a page's origin; NULL: it has none, such as "null". */
static const char *place_of(const char *origin)
{
	static const char *const schemes[] = { "https://", "http://" };
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (str_starts(origin, schemes[i]))
			return origin + strlen(schemes[i]);
	return NULL;
}

bool page_is_ours(const char *fetch_site, const char *origin, const char *host)
{
	if (fetch_site)
		return str_eq(fetch_site, "same-origin");
	const char *place = origin ? place_of(origin) : NULL;
	return place && *place && host && str_eq_nocase(place, host);
}
