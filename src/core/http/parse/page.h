/* Which page a browser sent a request for: one of ours, or another's. Pure. */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_PAGE_H
#define CROFT_SRC_CORE_HTTP_PARSE_PAGE_H

#include <stdbool.h>

/*
 * Whether that page is ours, by Sec-Fetch-Site (W3C Fetch Metadata), which no page can set; or
 * where an old browser sends none by Origin, which must name the host that was asked. NULL: it was
 * not sent; without both nobody knows, and the page is not ours.
 */
bool page_is_ours(const char *fetch_site, const char *origin, const char *host);

#endif
