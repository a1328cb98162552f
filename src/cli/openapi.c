/*
 * `croft openapi [VERSION]`: the document that the server answers with, from the modules' tables
 * and the configured name.
 */
#include <stdio.h>

#include "app/modules.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/config.h"
#include "core/http.h"
#include "core/openapi.h"
#include "core/router.h"

/* As in the addresses: "v2". False: there is none of that name, or this is none. */
static bool version_read(const char *name, int last, int *ret)
{
	char known[16];
	for (int version = 1; version <= last; version++) {
		snprintf(known, sizeof(known), "v%d", version);
		if (str_eq(known, name)) {
			*ret = version;
			return true;
		}
	}
	return false;
}

static void document_add(struct boot *boot, const struct router *router, int version,
			 struct buf *out)
{
	const struct config *config = boot_app(boot)->config;
	const struct http_options *http = config_group(config, &http_option_group);
	const struct openapi_source source = { .router = router,
					       .version = version,
					       .answers = http_answers,
					       .root = http->root_path,
					       .words = config_group(config,
								     &openapi_option_group) };
	openapi_document(boot_ctx(boot), &source, out);
	buf_add_char(out, '\n');
}

static int document_print(struct boot *boot, void *arg)
{
	const struct cli *cli = arg;
	const char *name = cli->argc ? cli->argv[0] : NULL;
	AUTO(buf) document = { 0 };
	struct router *router;
	int version = 1;
	enum app_err err = router_new(boot_ctx(boot), app_modules, &router);
	if (err)
		return cli_failure(boot_ctx(boot), err, "the document");
	int last = router_last_version(router);
	bool is_there = !name || version_read(name, last, &version);
	if (is_there)
		document_add(boot, router, version, &document);
	router_drop(router);
	if (!is_there)
		return cli_usage_error(cli, "there is no version '%s'; the last one is v%d", name,
				       last);
	cli_print(&document);
	return CLI_OK;
}

int cli_openapi(struct cli *cli)
{
	int code = cli_take_arguments(cli, 1);
	return code ? code : cli_with_boot(cli, BOOT_CONFIG, document_print, cli);
}
