/*
 * `croft openapi`: the document that the server answers with, from the modules' tables and the
 * configured name.
 */
#include "core/openapi.h"
#include "app/modules.h"
#include "base/buf.h"
#include "cli.h"
#include "core/config.h"
#include "core/http.h"
#include "core/router.h"

static enum app_err document_add(struct boot *boot, struct buf *out)
{
	const struct http_options *http = config_group(boot_app(boot)->config, &http_option_group);
	struct router *router;
	enum app_err err = router_new(boot_ctx(boot), app_modules, &router);
	if (err)
		return err;
	struct openapi_source source = { .router = router,
					 .answers = http_answers,
					 .root = http->root_path,
					 .words = config_group(boot_app(boot)->config,
							       &openapi_option_group) };
	openapi_document(boot_ctx(boot), &source, out);
	router_drop(router);
	return APP_OK;
}

static int document_print(struct boot *boot, void *arg)
{
	(void)arg;
	AUTO(buf) document = { 0 };
	enum app_err err = document_add(boot, &document);
	if (err)
		return cli_failure(boot_ctx(boot), err, "the document");
	buf_add_char(&document, '\n');
	cli_print(&document);
	return CLI_OK;
}

int cli_openapi(struct cli *cli)
{
	int code = cli_take_arguments(cli, 0);
	return code ? code : cli_with_boot(cli, BOOT_CONFIG, document_print, NULL);
}
