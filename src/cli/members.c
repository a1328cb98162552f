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

void cli_add_list(struct buf *json, const char *name, char *const *texts, int count)
{
	buf_printf(json, "%c\"%s\":[", json->len ? ',' : '{', name);
	for (int i = 0; i < count; i++) {
		if (i)
			buf_add_char(json, ',');
		json_add_text(json, texts[i], strlen(texts[i]));
	}
	buf_add_char(json, ']');
}

int cli_check_text(const struct cli *cli, const char *name, const char *value)
{
	return !value || str_is_utf8(value, strlen(value))
		       ? 0
		       : cli_usage_error(cli, "the %s is not text in UTF-8", name);
}

int cli_check_texts(const struct cli *cli, const char *name)
{
	int code = 0;
	for (int i = 0; !code && i < cli->argc; i++)
		code = cli_check_text(cli, name, cli->argv[i]);
	return code;
}
