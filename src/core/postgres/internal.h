/*
 * What the PostgreSQL files share. One struct postgres per open database: pools of connections and
 * threads that run the writes. Times are microseconds of the machine's monotonic clock.
 */
#ifndef CROFT_SRC_CORE_POSTGRES_INTERNAL_H
#define CROFT_SRC_CORE_POSTGRES_INTERNAL_H

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/db_driver.h"
#include "core/db_statements.h"

struct app;
struct postgres_pool;
struct postgres_writer;
struct postgres_listener;

enum {
	/* prepared statements of one connection */
	POSTGRES_STATEMENTS_KEPT = 128,
	/* values of one statement, as on SQLite */
	POSTGRES_BINDS_MAX = 2500,
	POSTGRES_WHY_ROOM = 512,
	POSTGRES_NAME_ROOM = 24,
};

struct postgres {
	struct db *db;
	/* of struct db */
	const struct db_options *options;
	/* for the log */
	struct app *app;
	struct postgres_pool *primary;
	/* NULL: none */
	struct postgres_pool *replica;
	struct postgres_writer *writer;
	struct postgres_listener *listener;
	struct postgres_search *search;
	_Atomic int64_t writes, commits;
};

/*
 * A statement prepared on the server, under a name that is made of the hash: should a session ever
 * be shared behind our back, no name stands for another's SQL. On a session that is known to be
 * shared nothing is prepared.
 */
struct postgres_statement {
	/* first: see statement_of(); its hash is of the SQL and the types */
	struct db_statement entry;
	/* values it takes */
	int params;
	/* of those values */
	Oid *types;
};

struct postgres_conn {
	PGconn *handle;
	struct postgres_pool *pool;
	int64_t opened_us, idle_us;
	/*
	 * A proxy lends the session to others between our transactions (pgbouncer): nothing may be
	 * left in it, and nothing that we set lasts.
	 */
	bool shared;
	/* each write is to say that it waits for the disk: flush.h */
	bool flush_unsaid;
	/* COMMIT was sent, and its answer not read yet */
	bool ending;
	/* the server is gone: what was sent last may or may not have been done */
	bool lost;
	/* works, but is to be closed instead of kept */
	bool stale;
	/* a migration has changed what it prepared: all of its pool are stale */
	bool replanned;
	/* lost because the server did not answer in time */
	bool silent;
	/* the last statement was stopped because it took too long */
	bool late;
	/* the last that failed did so because of another transaction */
	bool collided;
	struct db_statements statements;
	/* idle ones of the pool */
	struct postgres_conn *next;
};

/* ---- url.c ---- */

/* Where a URL leads, without its password: "host:port/name". */
struct postgres_place {
	/* what the URL says, by name: the one copy of the password */
	PQconninfoOption *list;
	/* heap; for logs and errors */
	char *shown;
	/* in the list; NULL: none in the URL */
	const char *password;
};

/* Fails with APP_INVALID, never showing the URL. `option` is its name, such as "database.url". */
enum app_err postgres_place_read(struct ctx *c, const char *option, const char *url,
				 struct postgres_place *ret_place) MUST_USE;
/*
 * Values that libpq would refuse each time it connects; APP_INVALID names the parameter. Called by
 * postgres_place_read().
 */
enum app_err postgres_parameters_check(struct ctx *c, const char *option,
				       const PQconninfoOption *list) MUST_USE;
/* Whether a URL that could be read leads to servers that only read, where writes are to go. */
enum app_err postgres_writes_check(struct ctx *c, const char *option, const char *url) MUST_USE;
void postgres_place_done(struct postgres_place *place);
/*
 * libpq's own reading: what stands before the first '@' that no '/' precedes is USER:PASSWORD,
 * whatever signs are in it. Returns that '@', or where the host begins when there is none.
 */
const char *postgres_url_user_end(const char *url, const char **ret_user);
/*
 * PQconninfoParse() and PQconninfoFree() without a copy of the password left behind; NULL: libpq
 * cannot read it.
 */
PQconninfoOption *postgres_url_parse(const char *url) MUST_USE;
/* NULL is fine */
void postgres_url_drop(PQconninfoOption *list);
/* NULL: the URL does not say, or it is empty. */
const char *postgres_url_value(const PQconninfoOption *list, const char *keyword);
/* Copies the first line of a message of libpq to `why`, the password blotted out. */
void postgres_place_say(const struct postgres_place *place, const char *message,
			char why[POSTGRES_WHY_ROOM]);

/* ---- files.c ---- */

void postgres_files(struct ctx *c, const struct db_options *options, const char *place,
		    db_file_fn *tell, void *arg);

/* ---- conn.c ---- */

/* Opens a connection and sets the session up; NULL with the reason in `why`. */
struct postgres_conn *postgres_conn_open(const struct postgres_place *place,
					 const struct db_options *options,
					 char why[POSTGRES_WHY_ROOM]) MUST_USE;
/* NULL is fine */
void postgres_conn_close(struct postgres_conn *conn);

/* ---- wait.c ---- */

/* Whether the socket is ready for any of poll()'s `events` before the time is up. */
bool postgres_socket_wait(PGconn *handle, short events, int64_t until_us);
/*
 * Waits for what was sent; the first result that failed, else the last; never NULL. Past until_us
 * it is cancelled. `sent` is what the function that sent it returned.
 */
PGresult *postgres_conn_wait(struct postgres_conn *conn, int sent, int64_t until_us) MUST_USE;
/* Runs SQL of our own; the same. */
PGresult *postgres_conn_simple(struct postgres_conn *conn, const char *sql,
			       int64_t until_us) MUST_USE;
/* The same, telling only whether it worked. */
bool postgres_conn_do(struct postgres_conn *conn, const char *sql, int64_t until_us);
/*
 * Waits for a pipeline that ends in a sync; the first result that failed, else that of the
 * statement number `which`, from 0. `sent` as above.
 */
PGresult *postgres_conn_wait_pipeline(struct postgres_conn *conn, int sent, int which,
				      int64_t until_us) MUST_USE;
/* Whether it answers until then; nothing is cancelled, and one that does not is lost. */
bool postgres_conn_answers(struct postgres_conn *conn, const char *sql, int64_t until_us);
/*
 * Ends a transaction that changed nothing. Does not wait for the answer: who takes the connection
 * next does.
 */
void postgres_conn_end(struct postgres_conn *conn);
/* Reads that answer, if one is still to come. False: the connection is of no use. */
bool postgres_conn_settle(struct postgres_conn *conn, int64_t until_us);
bool postgres_result_ok(const PGresult *result);

/* ---- pool.c ---- */

/* every connection is back; NULL is fine */
void postgres_pool_drop(struct postgres_pool *pool);
/* A connection that has just shown to be alive; NULL when none was to be had until `until_us`. */
struct postgres_conn *postgres_pool_take(struct postgres_pool *pool, int64_t until_us) MUST_USE;
/* When it is replanned, all that were opened before are closed before they are lent again. */
void postgres_pool_give(struct postgres_conn *conn);
/* Whether the last attempt to reach the server failed and no connection is open. */
bool postgres_pool_is_down(struct postgres_pool *pool);
/* No connection was to be had from the pool: says why. */
enum app_err postgres_fail_none(struct ctx *c, struct postgres_pool *pool);
int64_t postgres_pool_replaced(struct postgres_pool *pool);

/* ---- text.c ---- */

/* Past white space, comments and semicolons; `end` when nothing is left. */
const char *postgres_text_start(const char *at, const char *end);
/* The end of the statement that begins at `at`: past its semicolon, or `end`. */
const char *postgres_text_end(const char *at, const char *end);
/* The highest N of the parameters $N; 0: there are none. */
size_t postgres_text_params(const char *at, const char *end);
/* Whether the statement begins or ends transactions, which is not for SQL of modules. */
bool postgres_text_is_control(const char *at, const char *end);

/* ---- statement.c ---- */

/* The server's statement for the SQL and the types of the values, prepared when it is not yet. */
enum app_err postgres_statement_take(struct ctx *c, struct postgres_conn *conn, const char *sql,
				     struct db_binds binds, int64_t until_us,
				     const struct postgres_statement **ret_statement) MUST_USE;
void postgres_statement_name(const struct postgres_statement *statement,
			     char name[POSTGRES_NAME_ROOM]);
void postgres_statements_drop(struct postgres_conn *conn);

/* ---- exec.c ---- */

/* When the statement that starts now must be given up; and whether it may start. */
int64_t postgres_statement_until(const struct ctx *c);
enum app_err postgres_session_check(struct ctx *c, const struct postgres_conn *conn) MUST_USE;
/* When what starts now must be given up, by the bound of its kind and the context's deadline. */
int64_t postgres_until(const struct ctx *c, int64_t bound_ms);
/* What goes to the server together with a statement, in one round trip. */
struct postgres_around {
	/* before it: a transaction for reads, which sees one state of the database */
	bool begin;
	/* after it: the end of that transaction */
	bool end;
};
/* Prepares, binds and runs; the caller clears the result, which is a good one. */
enum app_err postgres_run(struct ctx *c, struct postgres_conn *conn, const char *sql,
			  struct db_binds binds, struct postgres_around around,
			  PGresult **ret_result) MUST_USE;
enum app_err postgres_exec(struct ctx *c, const char *sql, struct db_binds binds,
			   int64_t *ret_changed) MUST_USE;
enum app_err postgres_savepoint(struct ctx *c, enum db_savepoint what) MUST_USE;
enum app_err postgres_migrate_lock(struct ctx *c) MUST_USE;
enum app_err postgres_lock(struct ctx *c, const char *name) MUST_USE;

/* ---- script.c ---- */

enum app_err postgres_script(struct ctx *c, const char *sql, size_t len, int first_line) MUST_USE;

/* ---- reads.c ---- */

/*
 * What the calling thread reads between the two is of one state, on one connection that it holds
 * meanwhile.
 */
void postgres_reads_begin(struct db *db);
void postgres_reads_end(struct db *db);
void postgres_reads_renew(struct db *db);
/* Runs a query outside a write; the caller clears the result. */
enum app_err postgres_read(struct ctx *c, const char *sql, struct db_binds binds,
			   PGresult **ret_result) MUST_USE;

/* ---- writer.c, commit.c ---- */

enum app_err postgres_writer_start(struct ctx *c, struct postgres *p) MUST_USE;
/* Runs all that is queued first. NULL is fine. */
void postgres_writer_stop(struct postgres *p);
enum app_err postgres_submit(struct db *db, struct db_write *write) MUST_USE;
bool postgres_is_writer(const struct db *db);
int64_t postgres_waiting(struct postgres *p);
/* Runs one write in a transaction of its own and sets write->err. */
void postgres_commit(struct postgres *p, struct db_write *write);

/* ---- error.c, constraint.c ---- */

/* The failure of a result, with the SQL (NULL: none) in its cause; clears the result. */
enum app_err postgres_fail(struct ctx *c, struct postgres_conn *conn, PGresult *result,
			   const char *sql);
enum app_err postgres_fail_lost(struct ctx *c);
/* The server is there, but has stopped answering. */
enum app_err postgres_fail_silent(struct ctx *c);
enum app_err postgres_fail_unknown(struct ctx *c);
/* For SQLSTATE 23xxx. */
enum app_err postgres_constraint_fail(struct ctx *c, const PGresult *result, const char *state);

/* ---- dialect.c ---- */

extern const struct db_dialect postgres_dialect;

/* ---- search.c ---- */

/* What is known of the database's full-text indexes: nothing, at first. */
void postgres_search_open(struct postgres *p);
void postgres_search_close(struct postgres *p);
enum app_err postgres_search_look(struct ctx *c, bool anew, bool *ret_due);
enum app_err postgres_search_step(struct ctx *c, int64_t *ret_rows);
enum app_err postgres_search_renew(struct ctx *c);

#endif
