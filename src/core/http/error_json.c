/* Members of JSON errors. */
#include "error_json.h"

#include <string.h>

#include "base/buf.h"
#include "core/json.h"

void error_json_add(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, ",\"%s\":", name);
	json_add_text(out, value, strlen(value));
}

void error_json_add_code(struct buf *out, const char *code, const char *request_id)
{
	error_json_add(out, "code", code);
	error_json_add(out, "request_id", request_id);
}
