/*
 * The OpenAPI documents that a server answers with: one for each version of the API, and for each
 * path below which modules are mounted.
 */
#ifndef CROFT_SRC_CORE_HTTP_DOCUMENTS_H
#define CROFT_SRC_CORE_HTTP_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/ctx.h"

struct openapi_source;
struct router_entry;
struct router_scope;

struct document {
	struct buf text;
	/* The same in gzip form. */
	struct buf packed;
	bool is_packed;
};

struct documents {
	struct document *list;
	/* Of each; the router's. */
	const struct router_scope *scopes;
	size_t count;
	/* Their names and addresses as JSON, for the pages that show them. */
	struct buf names;
};

/* Makes one for each scope that the router of the source has. */
void documents_make(struct ctx *c, struct documents *all, const struct openapi_source *source);
/* Zero is one without any. */
void documents_done(struct documents *all);
/* That which the route is in; of a whole path, the first. */
const struct document *documents_of(const struct documents *all, const struct router_entry *entry);

#endif
