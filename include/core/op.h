/*
 * The operation: a typed function with the schemas of what goes in and what comes out. HTTP, the
 * command line and the documents are views of it.
 */
#ifndef CROFT_CORE_OP_H
#define CROFT_CORE_OP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/db.h"
#include "core/permission.h"
#include "core/pool.h"
#include "core/schema.h"

struct buf;
struct crud;
struct idempotency_once;

/*
 * A QUERY only reads, has no other effect and so may be begun again. A COMMAND writes, inside a
 * transaction, on the writer; when the database undid that for another's sake, its run() is called
 * again, so it has no effect but what it writes and its result, which is zero when it begins.
 */
enum op_kind { QUERY = 0, COMMAND };

enum op_access {
	/* Forgetting it fails closed. */
	ACCESS_DENY = 0,
	ACCESS_PUBLIC,
	ACCESS_USER,
	ACCESS_SUPERUSER,
};

/* What a COMMAND that is done leaves in the audit (core/audit.h). */
enum op_audit {
	/* A row with its input, but for secrets. */
	AUDIT_INPUT = 0,
	/* A row without. */
	AUDIT_NAME,
	/* Nothing: it tells nobody anything, and comes all the time. */
	AUDIT_NONE,
};

enum { OP_FAILURES_MAX = 4 };

/* For .proven_s: long enough for somebody who does several such things in a row. */
enum { PROVEN_LATELY_S = 15 * 60 };

typedef enum app_err op_fn(struct ctx *c, void *in, void *ret);

/* What a function takes and gives, "struct post". */
struct op_types {
	const char *in, *out;
};

struct operation {
	/* Tag, dot, verb: "posts.create". */
	const char *name;
	/* A few words, imperative. */
	const char *summary;
	/* More, in Markdown, or NULL. */
	const char *doc;
	enum op_kind kind;
	enum op_access access;
	/* With ACCESS_USER: he needs this, too, see core/permission.h; NULL: none. */
	const struct permission *permission;
	/*
	 * No API key may call it, whatever its permissions: it decides who the account is, or makes
	 * credentials that would outlive the key.
	 */
	bool people_only;
	/*
	 * He has proven who he is so many seconds ago at most, see op_check_proof(); 0: whenever
	 * he did. For what whoever has somebody's token, and no more, shall not do.
	 */
	int64_t proven_s;
	/* NULL: it takes nothing. */
	const struct schema *in;
	/* NULL: it gives nothing. */
	const struct schema *out;
	/*
	 * For the document: what clients are told to expect besides what follows from access and
	 * input, so mostly APP_CONFLICT. The 404 of an id in the path follows, unless it is a list
	 * that is asked for.
	 */
	enum app_err fails_with[OP_FAILURES_MAX];
	/*
	 * Work to do before the transaction, in a lane of the worker pool, because it blocks or
	 * burns CPU: it leaves its results in `in`. Mostly it only reads the database; what it
	 * writes, in writes of its own, stays whatever run() says. NULL: none.
	 */
	op_fn *prepare;
	/* Whether an input needs prepare(); NULL: each does. */
	bool (*wants_prepare)(const void *in);
	enum pool_lane prepare_lane;
	/*
	 * COMMAND: its answer holds what is shown once and kept nowhere, such as a token. So it is
	 * neither tried nor repeated.
	 */
	bool gives_secret;
	/*
	 * COMMAND: nobody may try it over HTTP, because more than its write comes of it, or because
	 * it compares a secret, and a guess that leaves no trace is one that nobody counts. What is
	 * public is never tried.
	 */
	bool no_dry_run;
	/* QUERY: may wait for something else than the database, so it runs in the pool. */
	bool blocks;
	/*
	 * QUERY: over HTTP it has threads of its own, waits behind nothing and ends within a
	 * second; so it takes no body and no parameters of lists, and does all in run(). When it is
	 * .light, too, it stays on the event loop but where a stage of its own module is not light,
	 * and stages of all routes that are not light are not for it.
	 */
	bool vital;
	/*
	 * QUERY: touches no database, so it runs on the event loop whatever the database, unless
	 * that is asked who sends it.
	 */
	bool light;
	enum op_audit audit;
	op_fn *run;
	/* Of these two; NULL: they are not known. */
	const struct op_types *run_types, *prepare_types;
	/* What core/crud.h made it of, so that the start looks at that, too; NULL: by hand. */
	const struct crud *crud;
	/* Of that: it brings rows back, so the model must delete softly. */
	bool crud_restores;
};

/*
 * OPERATION_FN(create_post, struct post_create, struct post): the same function untyped, and its
 * types. An operation runs it with RUN(create_post), and the start compares these with the structs
 * of .in and .out.
 */
#define OPERATION_FN(fn, in_type, out_type) OPERATION_THUNK(fn, const in_type, in_type, out_type)
/*
 * The same for a prepare function, which may change the input: PREPARE_FN(hash_it, struct x, struct
 * y) and PREPARE(hash_it).
 */
#define PREPARE_FN(fn, in_type, out_type) OPERATION_THUNK(fn, in_type, in_type, out_type)
#define OPERATION_THUNK(fn, in_arg, in_type, out_type) \
	static enum app_err fn##_run(struct ctx *c, void *in, void *ret) \
	{ \
		enum app_err (*typed)(struct ctx *, in_arg *, out_type *) = fn; \
		return typed(c, in, ret); \
	} \
	static const struct op_types fn##_types = OP_TYPES(in_type, out_type);
#define OP_TYPES(in_type, out_type) \
	{ \
		.in = #in_type, .out = #out_type \
	}
#define RUN(fn) .run = fn##_run, .run_types = &fn##_types
#define PREPARE(fn) .prepare = fn##_run, .prepare_types = &fn##_types

/* A list of them with its end, for .operations of a module: OPERATIONS(&books_import). */
#define OPERATIONS(...) \
	{ \
		__VA_ARGS__, NULL \
	}

/*
 * Whether it can be run by its name; one that documents a raw handler need not have a function, and
 * those of modules that do not start may lack anything. `op` may be NULL.
 */
bool op_is_runnable(const struct operation *op);

/* What an operation without input or output takes in its place. */
struct nothing {
	char unused;
};

/*
 * Whether the one who acts may call what has this access and asks for this permission (NULL: none):
 * APP_UNAUTHENTICATED, APP_FORBIDDEN.
 */
enum app_err op_authorize(struct ctx *c, enum op_access access,
			  const struct permission *permission) MUST_USE;
/* APP_FORBIDDEN where the one who acts is an API key: what .people_only asks for. */
enum app_err op_check_person(struct ctx *c) MUST_USE;
/*
 * op_authorize() of a user by his account as it is now: he may have been let in long ago. A
 * prepare() that writes asks so, inside the first of its writes.
 */
enum app_err op_authorize_again(struct ctx *c, enum op_access access,
				const struct permission *permission) MUST_USE;
/*
 * Whether a user who acts has proven who he is within so many seconds (0: whenever he did), as by
 * his password: at the sign-in, or since then. Else APP_UNAUTHENTICATED with what he is to do about
 * it (RFC 9470). An API key has nothing to prove it by: see .people_only. For what only some inputs
 * of an operation take: others say .proven_s.
 */
enum app_err op_check_proof(struct ctx *c, int64_t within_s) MUST_USE;

/*
 * The schema of its input; of an operation without one that of struct nothing, which refuses
 * whatever is sent.
 */
const struct schema *op_in(const struct operation *op);

/*
 * What a failed operation failed with, as it is answered: a rule of the tables that the input's
 * schema let through is a fault of the program (APP_INTERNAL) unless a member of the body is named
 * by it, and every APP_INVALID gets the list of faults that a 422 has. `op` may be NULL.
 */
enum app_err op_judge(struct ctx *c, const struct operation *op, enum app_err err) MUST_USE;

/* Zeroed storage in the arena for the output (at least one byte, never NULL). */
void *op_out_new(struct ctx *c, const struct operation *op) MUST_USE;

/* Whether a client may have it tried: see struct op_call. */
bool op_may_be_tried(const struct operation *op);

struct op_call;
/* How a call that was started ends; on the thread that ended it. */
typedef void op_done(struct op_call *call, enum app_err err);

/*
 * One run of an operation, from bound input to output. In the caller's storage until it has ended.
 */
struct op_call {
	struct ctx *c;
	const struct operation *op;
	void *in;
	/* See op_out_new(). */
	void *out;
	/* Whose turn it takes in the pool; see struct pool_job. */
	uint64_t client;
	/*
	 * COMMAND: a dry run, with its answer or failure, of which nothing stays. Its prepare step
	 * comes before the write, as ever; where it wants to write, that is APP_BAD_REQUEST.
	 */
	bool tries;
	/* COMMAND of a user: it has a key, see core/idempotency.h; NULL: it has none. */
	struct idempotency_once *once;
	/* For done(): APP_UNAVAILABLE because there was no room after it was prepared. */
	bool is_refused;
	/* The runner's: */
	op_done *done;
	bool prepares;
	/* Of the command that failed, while its account is looked at again. */
	enum app_err err;
	struct pool_job job;
	struct db_write write;
};

/*
 * Whether the call needs no other thread: a QUERY that neither waits for anything nor is to be
 * prepared.
 */
bool op_call_stays(const struct op_call *call);
/* The same of every call, whatever its input. */
bool op_stays(const struct operation *op);
/* Whether every call begins in the prepare_lane. */
bool op_always_prepares(const struct operation *op);
/*
 * Runs it on the calling thread; a COMMAND waits for its commit there. Not for event loops, unless
 * the call stays.
 */
enum app_err op_call_run(struct op_call *call) MUST_USE;
/*
 * Runs it on the threads that suit each step and calls done(), which may be before this returns.
 * APP_UNAVAILABLE, and done() is not called, when they have too much to do.
 */
enum app_err op_call_start(struct op_call *call, op_done *done) MUST_USE;

/*
 * The whole of it on the calling thread: bind the flat JSON, authorize, prepare, run (a COMMAND in
 * a write), render into `out`. Never on an event loop.
 */
enum app_err op_run(struct ctx *c, const struct operation *op, const char *json, size_t len,
		    struct buf *out) MUST_USE;
/*
 * A dry run: as op_run(), with the answer or the failure that it has, but all of a COMMAND, its
 * prepare step too, is done inside one write and undone with it. An id that the answer shows may
 * become another row's. Not for a server: until all of it is done other writes wait, with
 * PostgreSQL those that want the same rows, without the bound of write_ms.
 */
enum app_err op_try(struct ctx *c, const struct operation *op, const char *json, size_t len,
		    struct buf *out) MUST_USE;

#endif
