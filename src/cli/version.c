/* `croft version` and `croft --version`: one line. */
#include "base/app_name.h"
#include "base/buf.h"
#include "cli.h"
#include "core/app.h"

int cli_version(struct cli *cli)
{
	int code = cli_take_arguments(cli, 0);
	if (code)
		return code;
	AUTO(buf) text = { 0 };
	buf_printf(&text, APP_NAME " %s\n", app_version);
	cli_print(&text);
	return CLI_OK;
}
