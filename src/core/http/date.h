/* The Date of an answer that goes past libmicrohttpd (RFC 9110 §5.6.7). Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_DATE_H
#define CROFT_SRC_CORE_HTTP_DATE_H

#include <time.h>

enum { DATE_ROOM = 64 };

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
void http_date_text(char ret[DATE_ROOM], time_t at);

#endif
