/*
 * What PostgreSQL's SQLSTATEs mean to the rest of croft: the only place that turns one into an enum
 * app_err. Causes hold the SQLSTATE, the message and the SQL; never DETAIL, CONTEXT or anything in
 * quotes that may be a value.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "internal.h"

enum app_err postgres_fail_silent(struct ctx *c)
{
	return ctx_fail_retry(c, APP_UNAVAILABLE, DB_RETRY_S,
			      "the database does not answer; nothing was changed; try again in a "
			      "moment");
}

enum app_err postgres_fail_lost(struct ctx *c)
{
	return ctx_fail_retry(c, APP_UNAVAILABLE, DB_RETRY_S,
			      "the connection to the database was lost; nothing was changed; try "
			      "again in a moment");
}

/* No Retry-After: trying again by itself is just what nobody should do. */
enum app_err postgres_fail_unknown(struct ctx *c)
{
	return ctx_record(c,
			  FAILURE_HERE(.err = APP_UNAVAILABLE, .code = DB_OUTCOME_UNKNOWN,
				       .retry_after_s = RETRY_NEVER),
			  "the connection to the database was lost while the change was being "
			  "saved: the outcome is unknown; look whether it was made before you try "
			  "again");
}

/* After a change of roles: the connection leads to a server that has become a standby. */
static enum app_err fail_read_only(struct ctx *c)
{
	return ctx_fail_retry(c, APP_UNAVAILABLE, DB_RETRY_S,
			      "the database only takes reads at the moment; nothing was changed; "
			      "try again in a moment");
}

/* Messages about data quote it: 'invalid input syntax for type bigint: "…"'. */
static int safe_length(const char *state, const char *message)
{
	return (int)(str_starts(state, "22") ? strcspn(message, "\":") : strcspn(message, "\n"));
}

static enum app_err fail_unexpected(struct ctx *c, const PGresult *result, const char *state,
				    const char *sql)
{
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	if (!message)
		message = "no message";
	return ctx_fail_cause(c, APP_INTERNAL, "PostgreSQL: %.*s (SQLSTATE %s)%s%.200s",
			      safe_length(state, message), message, state, sql ? ", in: " : "",
			      sql ? sql : "");
}

static bool is_one_of(const char *state, const char *const *states)
{
	while (*states && strcmp(*states, state) != 0)
		states++;
	return *states != NULL;
}

/*
 * The server is going down, coming up, full of connections, or has ended ours for standing still.
 */
static const char *const away[] = { "57P01", "57P02", "57P03", "57P05", "53300", "25P03", NULL };
/* Someone else's work was in the way, or the server is short of memory. */
static const char *const busy[] = { "40001", "40P01", "55P03", "55006",
				    "53000", "53200", "53400", NULL };
/*
 * Of those: transactions got into each other's way, and this one was undone for the other's sake.
 */
static const char *const collided[] = { "40001", "40P01", NULL };
/* Prepared statements that another program, or a proxy, has made useless. */
static const char *const outdated[] = { "26000", "42P05", NULL };

/*
 * "cached plan must not change result type": a migration has changed a column. Messages are
 * translated, this is not.
 */
static bool is_changed_plan(const PGresult *result, const char *state)
{
	const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
	return !strcmp(state, "0A000") && function && !strcmp(function, "RevalidateCachedQuery");
}

/* BEGIN READ WRITE on a standby is a feature that is not supported. */
static bool is_read_only(const struct ctx *c, const char *state, const char *sql)
{
	return c->db ? !strcmp(state, "25006")
		     : !strcmp(state, "0A000") && sql && str_starts(sql, "BEGIN");
}

static enum app_err fail_state(struct ctx *c, const PGresult *result, const char *state,
			       const char *sql)
{
	if (str_starts(state, "23") || !strcmp(state, "P0001"))
		return postgres_constraint_fail(c, result, state);
	if (is_one_of(state, busy))
		return db_fail_busy(c);
	if (!strcmp(state, "57014"))
		return db_fail_late(c);
	if (!strcmp(state, "53100"))
		return ctx_fail(c, APP_STORAGE_FULL, "the storage is full; nothing was changed");
	if (!strcmp(state, "2200H"))
		return ctx_fail_cause(
			c, APP_IDS_EXHAUSTED,
			"PostgreSQL: the sequence of ids has reached its end: nothing can be "
			"inserted any more (SQLSTATE 2200H), in: %.200s",
			sql ? sql : "");
	if (!strcmp(state, "54000"))
		return ctx_fail(c, APP_TOO_LARGE, "a value is too large to be stored");
	if (!strcmp(state, "22021"))
		return ctx_fail(c, APP_INVALID, "a text holds a character that cannot be stored");
	if (!strcmp(state, "25006"))
		return ctx_fail_cause(c, APP_INTERNAL,
				      "a change was tried outside db_write(), in: %.200s",
				      sql ? sql : "");
	return fail_unexpected(c, result, state, sql);
}

enum app_err postgres_fail(struct ctx *c, struct postgres_conn *conn, PGresult *result,
			   const char *sql)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	enum app_err err;
	bool is_first = !c->failure.err;
	conn->late = conn->late || (state && !strcmp(state, "57014"));
	conn->collided = state && is_one_of(state, collided);
	if (!state || is_one_of(state, away) || str_starts(state, "08")) {
		conn->lost = true;
		err = conn->silent ? postgres_fail_silent(c) : postgres_fail_lost(c);
	} else if (is_changed_plan(result, state)) {
		conn->stale = conn->replanned = true;
		err = db_fail_busy(c);
	} else if (is_one_of(state, outdated)) {
		conn->stale = true;
		err = db_fail_busy(c);
	} else if (is_read_only(c, state, sql)) {
		conn->stale = true;
		err = fail_read_only(c);
	} else {
		err = fail_state(c, result, state, sql);
	}
	if (is_first && sql)
		c->failure.statement = arena_strdup(c->arena, sql);
	PQclear(result);
	return err;
}
