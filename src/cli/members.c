/* The input of an operation, made of what stands on the command line. */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/json.h"

void cli_add_member(struct buf *json, const char *name, const char *value)
{
	if (!value)
		return;
	buf_printf(json, "%c\"%s\":", json->len ? ',' : '{', name);
	json_add_text(json, value, strlen(value));
}

int cli_check_text(const struct cli *cli, const char *name, const char *value)
{
	return !value || str_is_utf8(value, strlen(value))
		       ? 0
		       : cli_usage_error(cli, "the %s is not text in UTF-8", name);
}
