/*
 * `croft openapi [NAME]`: the document that the server answers with, from the modules' tables
 * and the configured name.
 */
#include "core/openapi.h"
#include "app/modules.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/config.h"
#include "core/http.h"
#include "core/router.h"

/* "v2" or "/shop"; no name is that of the first. NULL: there is none of that name. */
static const struct router_scope *scope_find(const struct router *router, const char *name)
{
	size_t count;
	const struct router_scope *scopes = router_scopes(router, &count);
	for (size_t i = 0; i < count; i++)
		if (!name || str_eq(scopes[i].name, name))
			return &scopes[i];
	return NULL;
}

static int refuse_name(const struct cli *cli, const struct router *router, const char *name)
{
	AUTO(buf) names = { 0 };
	size_t count;
	const struct router_scope *scopes = router_scopes(router, &count);
	for (size_t i = 0; i < count; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", scopes[i].name);
	return cli_usage_error(cli, "there is no document of '%s', only of %s", name,
			       buf_text(&names));
}

static void document_add(struct boot *boot, const struct router *router,
			 const struct router_scope *scope, struct buf *out)
{
	const struct config *config = boot_app(boot)->config;
	const struct http_options *http = config_group(config, &http_option_group);
	const struct openapi_source source = { .router = router,
					       .scope = scope,
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
	enum app_err err = router_new(boot_ctx(boot), app_modules, &router);
	if (err)
		return cli_failure(boot_ctx(boot), err, "the document");
	const struct router_scope *scope = scope_find(router, name);
	int code = scope ? CLI_OK : refuse_name(cli, router, name);
	if (scope)
		document_add(boot, router, scope, &document);
	router_drop(router);
	if (scope)
		cli_print(&document);
	return code;
}

int cli_openapi(struct cli *cli)
{
	int code = cli_take_arguments(cli, 1);
	return code ? code : cli_with_boot(cli, BOOT_CONFIG, document_print, cli);
}
