/* Turning requests away when there is no room for them. Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_LOAD_H
#define CROFT_SRC_CORE_HTTP_LOAD_H

#include "base/attr.h"
#include "base/err.h"

struct http_exchange;

/*
 * Whoever turns a request away because there is no room says so: it is counted, and told with
 * others.
 */
void load_turned_away(struct http_exchange *x);
/*
 * APP_UNAVAILABLE with that public text: the client may ask again in a moment, and until then its
 * answer may be held back.
 */
enum app_err load_refuse(struct http_exchange *x, const char *why) MUST_USE;
/* The same, because all of the server is busy. */
enum app_err load_refuse_busy(struct http_exchange *x) MUST_USE;

#endif
