/*
 * The OpenAPI 3.1 document, made from the routes and from what the server may answer on each of
 * them, in FastAPI's conventions. Serves nothing itself.
 */
#ifndef CROFT_CORE_OPENAPI_H
#define CROFT_CORE_OPENAPI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

struct buf;
struct route;
struct router;

/* What the requests of one route may be answered with. */
struct answers {
	/* A bit for each enum app_err. */
	uint64_t fails;
	/* The same, of those that may come before the route is known. */
	uint64_t fails_early;
	/* A success may have an ETag; be a 304 to If-None-Match; have a Location, if a 201. */
	bool etag, unchanged, location;
	/* A 412 to If-Match, which is no input of the operation. */
	bool matched;
	/* 206 and 416 to Range. */
	bool part;
};

static inline uint64_t answers_bit(enum app_err err)
{
	return UINT64_C(1) << err;
}

/* Adds what it knows of the route. */
typedef void answers_fn(const struct route *route, struct answers *answers);

/* What the document is made from. */
struct openapi_source {
	const struct router *router;
	/* Of the server that answers. */
	answers_fn *answers;
	/* The setting server.root_path, "" for none. */
	const char *root;
};

/*
 * Appends the whole document to `out`. The same source gives the same bytes. The title is
 * c->app->options->name ("croft" without options); c->arena holds what is needed on the way.
 */
void openapi_document(struct ctx *c, const struct openapi_source *source, struct buf *out);

#endif
