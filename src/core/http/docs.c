/*
 * The OpenAPI documents and the pages that show them, as a module of the server's own. Off in
 * production unless server.docs says on: then nothing is here.
 */
#include <unistd.h>

#include "core/module.h"
#include "exchange.h"
#include "server.h"

static enum app_err docs_off(struct ctx *c)
{
	return ctx_fail(c, APP_NOT_FOUND, "Not Found");
}

static enum app_err answer_document(struct ctx *c, struct http_exchange *x)
{
	if (!x->server->docs)
		return docs_off(c);
	const struct document *document = documents_of(&x->server->documents, x->entry);
	x->answer.cache_control = "no-cache";
	x->answer.packed = document->is_packed ? &document->packed : NULL;
	return http_answer(x, 200, "application/json", document->text.data, document->text.len);
}

static enum app_err answer_names(struct ctx *c, struct http_exchange *x)
{
	if (!x->server->docs)
		return docs_off(c);
	const struct buf *names = &x->server->documents.names;
	x->answer.cache_control = "no-cache";
	return http_answer(x, 200, "application/json", names->data, names->len);
}

/* The page, or how to get it when the build had no npm to bring its parts. */
static enum app_err answer_page(struct ctx *c, struct http_exchange *x, const char *page,
				const char *part)
{
	if (!x->server->docs)
		return docs_off(c);
	struct static_file file = { .fd = -1 };
	enum app_err err = static_find(c, x->server->statics, part, true, &file);
	if (file.fd >= 0)
		close(file.fd);
	if (err && err != APP_NOT_FOUND)
		return err;
	ctx_recover(c);
	return http_answer_static(x, err ? "docs/missing.html" : page);
}

static enum app_err answer_swagger(struct ctx *c, struct http_exchange *x)
{
	return answer_page(c, x, "docs/swagger.html", "vendor/swagger-ui/swagger-ui-bundle.js");
}

static enum app_err answer_redoc(struct ctx *c, struct http_exchange *x)
{
	return answer_page(c, x, "docs/redoc.html", "vendor/redoc/redoc.standalone.js");
}

/* The page is one for all documents: its parts are where it is. */
static enum app_err redirect_to_page(struct ctx *c, struct http_exchange *x)
{
	if (!x->server->docs)
		return docs_off(c);
	http_add_header(x, "Location",
			arena_printf(&x->arena, "%s%s?of=%s", x->server->options.root_path,
				     x->route->path, x->entry->module->mount));
	return http_answer(x, 307, NULL, NULL, 0);
}

/* Anyone may read them as often as he likes: they are made once, and small in gzip form. */
#define FOR_ALL .access = ACCESS_PUBLIC, .limit = LIMIT_NONE, .hidden = true

static const struct route docs_routes[] = ROUTES(
	{ GET, "/openapi.json", .handle = answer_document, .root = true, FOR_ALL },
	{ GET, "/openapi.json", .handle = answer_document, FOR_ALL },
	{ GET, "/docs/documents.json", .handle = answer_names, .root = true, FOR_ALL },
	{ GET, "/docs", .handle = answer_swagger, .root = true, FOR_ALL },
	{ GET, "/redoc", .handle = answer_redoc, .root = true, FOR_ALL });

const struct module http_docs_module = {
	.name = "docs",
	.doc = "The OpenAPI documents and the pages that show them.",
	.routes = docs_routes,
};

static const struct route mounted_routes[] = ROUTES(
	{ GET, "/openapi.json", .handle = answer_document, FOR_ALL },
	{ GET, "/docs", .handle = redirect_to_page, .status = 307, FOR_ALL },
	{ GET, "/redoc", .handle = redirect_to_page, .status = 307, FOR_ALL });

struct module http_docs_below(const char *mount)
{
	return (struct module){
		.name = "docs",
		.doc = "The OpenAPI document of what is mounted.",
		.mount = mount,
		.routes = mounted_routes,
	};
}
