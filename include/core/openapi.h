/*
 * The OpenAPI 3.1 document, made from the modules' route tables alone, in FastAPI's conventions.
 * The server prints it once at start, `croft openapi` on the command line. Serves nothing itself.
 */
#ifndef CROFT_CORE_OPENAPI_H
#define CROFT_CORE_OPENAPI_H

#include "base/ctx.h"

struct buf;
struct module;

/*
 * Appends the whole document for the modules (NULL-terminated) to `out`. The same tables give the
 * same bytes. The title is c->app->options->name ("croft" without options); c->arena holds what is
 * needed on the way. `root` is the setting server.root_path, "" for none.
 */
void openapi_document(struct ctx *c, const struct module *const *modules, const char *root,
		      struct buf *out);

#endif
