/*
 * The request scope: the first argument of everything that works for one request, task or command.
 * It carries the arena, the database session, who is acting, the deadline and what went wrong;
 * through `app` come the services. A ctx is used by one thread at a time.
 */
#ifndef CROFT_BASE_CTX_H
#define CROFT_BASE_CTX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/clock.h"
#include "base/err.h"

struct app;
struct budget;
struct db_session;
struct field_fault;
struct left;
struct held;

enum actor_kind {
	ACTOR_ANONYMOUS = 0,
	ACTOR_USER,
	/* The command line and start-up work: may do everything. */
	ACTOR_SYSTEM,
};

/* Of the permissions that modules declare, by their numbers: see core/permission.h. */
struct permission_set {
	uint64_t bits[4];
};

struct actor {
	enum actor_kind kind;
	/* 0 unless ACTOR_USER. */
	int64_t user_id;
	/* The sign-in that his credentials are of. */
	int64_t session_id;
	/* When he last proved there who he is, as by a password; 0: his credentials tell none. */
	int64_t proven_us;
	/* The API key that came in place of a token, and then there is no session; 0: none. */
	int64_t key_id;
	/* What tokens of that sign-in say of the account; see struct user_claim. */
	int64_t token_version;
	/* Has all permissions, whatever `may` says; see actor_may(). */
	bool is_superuser;
	struct permission_set may;
};

/* Whom a request comes from, by what it says and behind the proxies we trust. */
struct client {
	/* "192.0.2.7"; "": it is not known. */
	const char *address;
	/* What bounds count: IPv4 by address, IPv6 by /64; 0: loopback, or unknown. */
	uint64_t network;
	/* What the client calls itself, as it came: any text; NULL: nothing. */
	const char *agent;
};

/* A row that was written: its table, and its id or 0. */
struct touched {
	/* NULL: none was. */
	const char *table;
	int64_t id;
};

/* Doing it again may do it twice. */
enum { RETRY_NEVER = -1 };

/*
 * What went wrong. The first failure wins: later ctx_fail() calls change nothing until
 * ctx_recover().
 */
struct failure {
	/* APP_OK: nothing failed. */
	enum app_err err;
	/* A slug in place of the error's own, or NULL. */
	const char *code;
	/* Public: the client sees it; NULL: the error's default text. */
	const char *text;
	/* For the log only: why, and where ctx_fail() was called. */
	const char *cause;
	const char *file;
	int line;
	/* > 0: sent as Retry-After; RETRY_NEVER: none is, whatever the status. */
	int retry_after_s;
	/*
	 * APP_UNAUTHENTICATED, > 0: whoever asks is known, but shall have proven who he is so many
	 * seconds ago at most.
	 */
	int64_t max_age_s;
	/*
	 * APP_INVALID: a rule of the tables was broken, which the input's schema had let through;
	 * see op_judge().
	 */
	bool is_rule;
	/* The column of that rule; NULL: it names none. */
	const char *column;
	/* The SQL that failed, without what was bound; for the log and for authors. */
	const char *statement;
	/* For the client: what a sign-in goes on with, once there is a code; NULL: none. */
	const char *mfa_token;
	/* APP_INVALID: the faults of the input, see core/schema.h; NULL: none. */
	const struct field_fault *fields;
};

struct ctx {
	struct app *app;
	struct arena *arena;
	/* Set and used by core/db only. */
	struct db_session *db;
	const struct clock *clock;
	struct actor actor;
	/* These two are NULL outside a request. */
	const struct client *client;
	const char *request_id;
	/* Name of the operation under way, or NULL. */
	const char *operation;
	/* When it was asked for, monotonic; 0: by no request. */
	int64_t asked_us;
	/* When the work must have ended, monotonic; 0: never. */
	int64_t deadline_us;
	/* Of work on a thread that others wait for, its CPU time; NULL: no bound. */
	struct budget *budget;
	/* The first row that the command under way wrote: what it is about. */
	struct touched touched;
	/* Inside a write: what waits for its commit, see base/held.h. */
	struct held **held;
	/* A dry run outside of the write that is undone: every other write is refused. */
	bool tries;
	/* No query goes to a replica: for what decides who may do what. */
	bool reads_primary;
	/* What was left for those who come later, see base/left.h; NULL: nothing. */
	struct left *left;
	struct failure failure;
};

/* A context for `app` (which may be NULL in tests of lower layers) that allocates in `arena`. */
void ctx_init(struct ctx *c, struct app *app, struct arena *arena);

/*
 * One with an arena of its own, for what is no part of anybody's request, such as a line in the log
 * from a thread of ours. It is not copied: the context points to the arena beside it.
 * AUTO(ctx_own) own;  ctx_own_init(&own, app);
 */
struct ctx_own {
	struct ctx c;
	struct arena arena;
};
void ctx_own_init(struct ctx_own *own, struct app *app);
void ctx_own_auto(struct ctx_own *own);

/*
 * A row was written; core/model tells of those that it writes, SQL of one's own does so itself. The
 * first of a command counts. `table` is a constant.
 */
void ctx_touch(struct ctx *c, const char *table, int64_t id);

struct instant ctx_now(const struct ctx *c);
/* The same in whole seconds since 1970. */
int64_t ctx_now_s(const struct ctx *c);
/* Whether the deadline has passed. */
bool ctx_is_late(const struct ctx *c);

/*
 * Records a failure and returns its error, so that callers write `return ctx_fail(c, …)`. ctx_fail:
 * the text is public. ctx_fail_cause: the text is for the log; the client sees the default text.
 * ctx_fail_code: public text with its own slug. ctx_fail_rule: a rule of the tables, with the
 * column that it names or NULL. ctx_fail_retry: public text and Retry-After in seconds. `err` is
 * never APP_OK.
 */
#define FAILURE_HERE(...) (&(struct failure){ .file = __FILE__, .line = __LINE__, __VA_ARGS__ })
#define ctx_fail(c, error, ...) ctx_record((c), FAILURE_HERE(.err = (error)), __VA_ARGS__)
#define ctx_fail_code(c, error, slug, ...) \
	ctx_record((c), FAILURE_HERE(.err = (error), .code = (slug)), __VA_ARGS__)
#define ctx_fail_rule(c, at_column, ...) \
	ctx_record((c), FAILURE_HERE(.err = APP_INVALID, .is_rule = true, .column = (at_column)), \
		   __VA_ARGS__)
#define ctx_fail_retry(c, error, seconds, ...) \
	ctx_record((c), FAILURE_HERE(.err = (error), .retry_after_s = (seconds)), __VA_ARGS__)
#define ctx_fail_cause(c, error, ...) \
	ctx_record_cause((c), FAILURE_HERE(.err = (error)), __VA_ARGS__)

enum app_err ctx_record(struct ctx *c, const struct failure *failure, const char *format,
			...) MUST_USE PRINTF_LIKE(3, 4);
enum app_err ctx_record_cause(struct ctx *c, const struct failure *failure, const char *format,
			      ...) MUST_USE PRINTF_LIKE(3, 4);

/* Forgets the recorded failure: the caller has dealt with it. */
void ctx_recover(struct ctx *c);

/* The public text and slug of what went wrong with `err` as returned; never NULL. */
const char *ctx_failure_text(const struct ctx *c, enum app_err err);
const char *ctx_failure_code(const struct ctx *c, enum app_err err);

#endif
