/*
 * A stage of a module's own: something that is done to requests before their operation, or to
 * their answers, in a place of the way that each request takes (docs/anatomy.md). It looks at the
 * request and sets headers with the functions of core/http.h, refuses with ctx_fail(), and leaves
 * something for the operation with base/left.h. Which stages a route has is worked out at the
 * start.
 */
#ifndef CROFT_CORE_MODULE_STAGE_H
#define CROFT_CORE_MODULE_STAGE_H

#include <stdbool.h>

#include "base/ctx.h"
#include "core/op.h"

struct http_exchange;

/* In the order of the way. */
enum module_place {
	/* Forgetting it is told at the start. */
	NOWHERE = 0,
	/*
	 * The route is known. Nobody has asked who sends the request, and none of its body was
	 * read: who is refused here costs the least.
	 */
	BEFORE_SENDER,
	/*
	 * The body is in, and who sends it is let in: c->actor. The input was not looked at yet.
	 * What the stage finds may have changed when a COMMAND writes. Of a QUERY that is begun
	 * again it is run again, so it has no effect but to refuse, to leave something and to set
	 * headers.
	 */
	BEFORE_OPERATION,
	/* There is an answer, whatever it is; its headers may be set. */
	OVER_ANSWER,
	MODULE_PLACES,
};

enum { MODULE_HEADERS_MAX = 4 };

struct module_header {
	/* "X-Door-Key"; NULL: no more of them. */
	const char *name;
	/* For the document. */
	const char *doc;
	/* For the document, of a request: who does not send it is refused. */
	bool required;
	/* The same, of an answer: where something was done, and no failure has it. */
	bool of_success;
};

/* APP_OK: the request goes on. */
typedef enum app_err module_stage_run(struct ctx *c, struct http_exchange *x);
typedef void module_stage_finish(struct ctx *c, struct http_exchange *x);

struct module_stage {
	/* Of no other stage of any module. */
	const char *name;
	enum module_place place;
	/*
	 * For the routes of all modules, else for those of its own; all of one that is mounted are
	 * those below its mount. One that is not light is not for those of other modules whose
	 * operation is .vital and .light, such as /health/live.
	 */
	bool all_routes;
	/* Of those the routes alone that run one of these: OPERATIONS(); NULL: all of them. */
	const struct operation *const *operations;
	/*
	 * It asks no database and waits for nothing, so it is run where the request is, mostly on
	 * an event loop, where all others wait meanwhile. In other places than BEFORE_OPERATION it
	 * must be.
	 */
	bool light;
	/*
	 * It waits for something else than the database, or takes long: the request goes on in the
	 * pool. One that is neither reads the database: of a QUERY with SQLite on the event loop,
	 * within the budget that the query has there, else in the pool.
	 */
	bool blocks;
	/* Of the places before the operation. */
	module_stage_run *run;
	/* OVER_ANSWER. */
	module_stage_finish *finish;
	/* Of the request, see http_stage_header(); of the answer, see http_stage_set(). */
	struct module_header takes[MODULE_HEADERS_MAX], sets[MODULE_HEADERS_MAX];
	/* For the document, ends with zero. */
	enum app_err fails_with[OP_FAILURES_MAX];
	/*
	 * With APP_UNAUTHENTICATED: WWW-Authenticate, such as "ApiKey" (RFC 9110 §11.6.1), where
	 * an answer has "Bearer" otherwise.
	 */
	const char *challenge;
};

/* A table of them with its end. */
#define STAGES(...) \
	{ \
		__VA_ARGS__, \
		{ \
			0 \
		} \
	}

/* Whether it is the zero row behind the last of a table, or NULL for no table at all. */
static inline bool module_stage_is_end(const struct module_stage *stage)
{
	return !stage || (!stage->name && !stage->place && !stage->run && !stage->finish);
}

#endif
