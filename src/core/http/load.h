/* Turning requests away when there is no room for them. Private to core/http. */
#ifndef CROFT_CORE_HTTP_LOAD_H
#define CROFT_CORE_HTTP_LOAD_H

#include "base/attr.h"
#include "base/err.h"

struct http_exchange;

/*
 * Whoever turns a request away because there is no room says so: it is counted, and told with
 * others.
 */
void load_turned_away(struct http_exchange *x);
/* APP_UNAVAILABLE: the one way to turn a request away because there is no room. */
enum app_err load_refuse(struct http_exchange *x) MUST_USE;

#endif
