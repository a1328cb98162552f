/*
 * `croft openapi`: the document that the server answers with, from the modules' tables and the
 * configured name.
 */
#include "core/openapi.h"
#include "app/modules.h"
#include "base/buf.h"
#include "cli.h"
#include "core/app.h"
#include "core/config.h"
#include "core/http.h"

int cli_openapi(struct cli *cli)
{
	struct boot *boot = NULL;
	int code = cli_take_arguments(cli, 0);
	if (!code)
		code = cli_boot_up(cli, BOOT_CONFIG, &boot);
	if (code)
		return code;
	AUTO(buf) document = { 0 };
	const struct http_options *http = config_group(boot_app(boot)->config, &http_option_group);
	struct openapi_source source = { .modules = app_modules,
					 .answers = http_answers,
					 .root = http->root_path };
	openapi_document(boot_ctx(boot), &source, &document);
	buf_add_char(&document, '\n');
	cli_print(&document);
	boot_down(boot);
	return CLI_OK;
}
