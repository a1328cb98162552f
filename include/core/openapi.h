/*
 * The OpenAPI 3.1 document, made from the modules' route tables and from what the server may answer
 * on each route, in FastAPI's conventions. Serves nothing itself.
 */
#ifndef CROFT_CORE_OPENAPI_H
#define CROFT_CORE_OPENAPI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

struct buf;
struct module;
struct route;

/* What the requests of one route may be answered with. */
struct answers {
	uint64_t fails;       /* a bit for each enum app_err */
	uint64_t fails_early; /* the same, of those that may come before the route is known */
	bool etag, unchanged, location; /* of a success: ETag, 304 to If-None-Match, Location */
	bool part;                      /* 206 and 416 to Range */
};

static inline uint64_t answers_bit(enum app_err err)
{
	return UINT64_C(1) << err;
}

/* Adds what it knows of the route. */
typedef void answers_fn(const struct route *route, struct answers *answers);

/* What the document is made from. */
struct openapi_source {
	const struct module *const *modules; /* NULL-terminated */
	answers_fn *answers;                 /* of the server that answers */
	const char *root;                    /* the setting server.root_path, "" for none */
};

/*
 * Appends the whole document to `out`. The same source gives the same bytes. The title is
 * c->app->options->name ("croft" without options); c->arena holds what is needed on the way.
 */
void openapi_document(struct ctx *c, const struct openapi_source *source, struct buf *out);

#endif
