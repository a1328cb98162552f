/* URLs with the schemes http and https (RFC 3986), as pydantic reads them. */
#ifndef CROFT_SRC_CORE_SCHEMA_FORMAT_URL_H
#define CROFT_SRC_CORE_SCHEMA_FORMAT_URL_H

#include <stdbool.h>

/* Bytes, which the document says, too: pydantic's. */
enum { URL_MAX = 2083 };

/* Whether it begins with a scheme that is neither: "ftp:". */
bool url_has_other_scheme(const char *text);
/* NULL when well-formed, else what is wrong, as a part of a sentence. */
const char *url_fault(const char *text);

#endif
