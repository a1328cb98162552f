/*
 * What the files of the OpenAPI document share, each of which prints with those below it:
 * document.c the whole, info.c what is said of it, operation.c one operation, parameters.c what it
 * is asked with, body.c what it is sent, responses.c what it answers, failures.c how a failure is
 * answered, components.c the named schemas, parts.c the pieces of JSON.
 */
#ifndef CROFT_SRC_CORE_OPENAPI_INTERNAL_H
#define CROFT_SRC_CORE_OPENAPI_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ctx.h"
#include "core/module.h"
#include "core/op.h"
#include "core/openapi.h"
#include "core/route.h"
#include "core/router.h"
#include "core/schema.h"

/* ---- operation.c ---- */

/* One row of the document: a route that is not hidden. */
struct document_row {
	const struct router_entry *entry;
	/* operationId, unique */
	const char *id;
};

struct components;

/* Appends the Operation Object and takes in the components it refers to. */
void openapi_operation(const struct document_row *row, const struct answers *answers,
		       struct components *all, struct buf *out);

/* The Security Requirement Objects of what is not public. */
#define OPENAPI_SIGNED_IN "[{\"OAuth2PasswordBearer\":[]},{\"ApiKey\":[]}]"
/* The same where no API key will do. */
#define OPENAPI_PERSON "[{\"OAuth2PasswordBearer\":[]}]"

/* ---- info.c ---- */

/* Appends the member. `given` may be NULL. */
void openapi_info(const struct ctx *c, const struct openapi_words *given, struct buf *out);

/* ---- parameters.c ---- */

/* Appends the member with all Parameter Objects, if there are any. */
void openapi_parameters(const struct document_row *row, const struct answers *answers,
			struct arena *arena, struct buf *out);

/* ---- body.c ---- */

/* Appends the Request Body Object, if the operation takes a body. */
void openapi_body(const struct document_row *row, struct components *all, struct buf *out);

/* ---- responses.c ---- */

/* Appends the Responses Object. */
void openapi_responses(const struct router_entry *entry, const struct answers *answers,
		       struct components *all, struct buf *out);

/* ---- failures.c ---- */

/* The errors that are answered, in the order of their statuses. */
#define ERROR_FIRST APP_BAD_REQUEST
#define ERROR_LAST APP_IDS_EXHAUSTED

/* Appends the member of the Responses Object for one failure of the route. */
void openapi_failure(const struct router_entry *entry, enum app_err err,
		     const struct answers *answers, struct components *all, struct buf *out);
/* Appends the one for all that nobody told of. */
void openapi_other_failures(const struct router_entry *entry, struct buf *out);
/* Appends what the Responses Objects refer to: components/responses and components/headers. */
void openapi_shared_responses(const struct components *all, struct buf *out);

/* ---- components.c ---- */

/* A named schema of the section components, with its text. */
struct component {
	const char *name;
	const char *text;
	/* NULL: the text was written by hand */
	const struct schema *schema;
	enum schema_form form;
};

/* All of them, sorted by name when they are printed. */
struct components {
	struct arena *arena;
	struct component *list;
	size_t count, room;
	/* that operations share; see answers_bit() */
	uint64_t failures;
};

void components_init(struct components *all, struct arena *arena);
/*
 * Takes in a component whose JSON text lives as long as the arena. A second one of the same name is
 * ignored.
 */
void components_add_text(struct components *all, const char *name, const char *text);
/*
 * Takes in the schema and all it refers to, once each, and returns its name in the document. Names
 * must be unique. A schema used both ways is documented as input, the stricter of the two.
 */
const char *components_use(struct components *all, const struct schema *schema,
			   enum schema_form form);
/* The same of what a success of the route has as its body; NULL: it has none. */
const char *components_use_result(struct components *all, const struct route *route);
/* The error shapes that croft answers with. */
void components_add_errors(struct components *all);
void components_print(struct components *all, struct buf *out);

/* ---- parts.c ---- */

/* Starts a member of an object: a comma unless it is the first, then "name": */
void openapi_key(struct buf *out, const char *name);
/* The same with a text value. */
void openapi_text(struct buf *out, const char *name, const char *value);
/* A comma before every item of an array but the first. */
void openapi_item(struct buf *out);
/* A header of a response, by its name in components/headers. */
void openapi_header(struct buf *out, const char *name);
/*
 * The headers of a response; between the two are those that others have not. `entry`: its route, or
 * NULL.
 */
void openapi_headers_open(struct buf *out);
void openapi_headers_close(const struct router_entry *entry, bool failed, struct buf *out);
/* A schema, by its name in components/schemas. */
void openapi_ref(struct buf *out, const char *component);
/* Starts a Media Type Object, up to its schema. */
void openapi_media_open(struct buf *out, const char *type);

#endif
