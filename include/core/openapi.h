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
struct option_group;
struct router;
struct router_entry;
struct router_scope;

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
	/* A dry run, if Prefer asks for one; done once, if a key comes with it. */
	bool tried, keyed;
};

static inline uint64_t answers_bit(enum app_err err)
{
	return UINT64_C(1) << err;
}

/* Adds what it knows of the route. */
typedef void answers_fn(const struct router_entry *entry, struct answers *answers);

/* What the document says of the API as a whole; a text that is empty or NULL is left out. */
struct openapi_words {
	/* "": the name of the application */
	const char *title;
	const char *description;
	const char *contact_name, *contact_url, *contact_email;
	/* its name, and where it is */
	const char *licence, *licence_url;
};
/* The settings of section [document]. */
extern const struct option_group openapi_option_group;

/* What the document is made from. */
struct openapi_source {
	const struct router *router;
	/* Of the router; NULL: its first. */
	const struct router_scope *scope;
	/* Of the server that answers. */
	answers_fn *answers;
	/* The setting server.root_path, "" for none. */
	const char *root;
	/* NULL: none. */
	const struct openapi_words *words;
};

/*
 * Appends the whole document to `out`. The same source gives the same bytes. Where the words have
 * no title it is c->app->options->name ("croft" without options); c->arena holds what is needed on
 * the way.
 */
void openapi_document(struct ctx *c, const struct openapi_source *source, struct buf *out);

#endif
