/*
 * Writes as a caller sees them: hand one over, wait for it, nest another inside it. How writes
 * share a commit is the driver's business.
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

#include "base/held.h"
#include "core/app.h"
#include "core/db.h"
#include "core/db_driver.h"

/* A submitter that waits. `write` comes first: done() gets its address. */
struct waiter {
	struct db_write write;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool finished;
	enum app_err err;
};

static enum app_err fail_outside(struct ctx *c, const char *what)
{
	return ctx_fail_cause(c, APP_INTERNAL,
			      "%s was called outside a write: wrap the work in db_write(), or make "
			      "the operation a COMMAND",
			      what);
}

enum app_err db_exec(struct ctx *c, const char *sql, struct db_binds binds, int64_t *ret_changed)
{
	if (!c->db)
		return fail_outside(c, "db_exec");
	return c->app->db->driver->exec(c, sql, binds, ret_changed);
}

enum app_err db_script(struct ctx *c, const char *sql, size_t len, int first_line)
{
	if (!c->db)
		return fail_outside(c, "db_script");
	return c->app->db->driver->script(c, sql, len, first_line);
}

enum app_err db_session_run(struct db_session *session, struct db_write *write)
{
	struct ctx *c = write->c;
	c->db = session;
	c->held = &session->held;
	enum app_err err = write->run(c, write->arg);
	c->db = NULL;
	c->held = NULL;
	assert(!session->depth && "a db_tx was left open");
	write->held = session->held;
	write->signals = err ? 0 : session->signals;
	return err;
}

int64_t db_write_deadline(const struct db_write *write, int64_t write_ms)
{
	const struct ctx *c = write->c;
	int64_t deadline_us = INT64_MAX;
	if (write_ms && !write->slow)
		deadline_us = c->clock->monotonic_us(c->clock) + MILLISECONDS_US(write_ms);
	return c->deadline_us && c->deadline_us < deadline_us ? c->deadline_us : deadline_us;
}

void db_write_done(struct db_write *write)
{
	if (!write->err)
		held_do(write->c, write->held);
	write->done(write, write->err);
}

enum app_err db_write_submit(struct db *db, struct db_write *write)
{
	return db->driver->submit(db, write);
}

static void waiter_done(struct db_write *write, enum app_err err)
{
	struct waiter *waiter = (struct waiter *)write;
	pthread_mutex_lock(&waiter->lock);
	waiter->err = err;
	waiter->finished = true;
	/* Under the lock: the waiter's frame is gone as soon as it can see `finished`. */
	pthread_cond_signal(&waiter->cond);
	pthread_mutex_unlock(&waiter->lock);
}

static void waiter_wait(struct waiter *waiter)
{
	pthread_mutex_lock(&waiter->lock);
	while (!waiter->finished)
		pthread_cond_wait(&waiter->cond, &waiter->lock);
	pthread_mutex_unlock(&waiter->lock);
}

static enum app_err write_and_wait(struct ctx *c, const struct db_write *write)
{
	struct db *db = c->app->db;
	if (c->tries)
		return ctx_fail_code(c, APP_BAD_REQUEST, "dry_run_refused",
				     "This cannot be tried: it is done in several steps");
	if (db->driver->is_writer(db))
		return ctx_fail_cause(
			c, APP_INTERNAL,
			"db_write was called on the writer's own thread with a context that is in "
			"no write: it would wait for itself");
	if (db->driver->reads_renew)
		db->driver->reads_renew(db);
	struct waiter waiter = { .write = *write };
	waiter.write.done = waiter_done;
	pthread_mutex_init(&waiter.lock, NULL);
	pthread_cond_init(&waiter.cond, NULL);
	enum app_err err = db->driver->submit(db, &waiter.write);
	if (!err) {
		waiter_wait(&waiter);
		err = waiter.err;
	}
	pthread_cond_destroy(&waiter.cond);
	pthread_mutex_destroy(&waiter.lock);
	return err;
}

static enum app_err write_nested(struct ctx *c, db_write_fn *run, void *arg)
{
	AUTO(db_tx) tx = { 0 };
	enum app_err err = db_tx_begin(c, &tx);
	if (err)
		return err;
	err = run(c, arg);
	if (err)
		return err;
	return db_tx_commit(&tx);
}

static enum app_err write_as(const struct db_write *write)
{
	if (write->c->db)
		return write_nested(write->c, write->run, write->arg);
	return write_and_wait(write->c, write);
}

enum app_err db_write(struct ctx *c, db_write_fn *run, void *arg)
{
	return write_as(&(struct db_write){ .c = c, .run = run, .arg = arg });
}

enum app_err db_write_again(struct ctx *c, db_write_fn *run, void *arg)
{
	return write_as(&(struct db_write){ .c = c, .run = run, .arg = arg, .again = true });
}

enum app_err db_write_slow(struct ctx *c, db_write_fn *run, void *arg)
{
	return write_as(&(struct db_write){ .c = c, .run = run, .arg = arg, .slow = true });
}

enum app_err db_tx_begin(struct ctx *c, struct db_tx *ret_tx)
{
	if (!c->db)
		return fail_outside(c, "db_tx_begin");
	enum app_err err = c->app->db->driver->savepoint(c, DB_SAVEPOINT);
	if (err)
		return err;
	*ret_tx = (struct db_tx){
		.c = c, .depth = ++c->db->depth, .held = c->db->held, .signals = c->db->signals
	};
	return APP_OK;
}

enum app_err db_tx_commit(struct db_tx *tx)
{
	struct ctx *c = tx->c;
	if (!c->db || tx->depth != c->db->depth)
		return ctx_fail_cause(c, APP_INTERNAL,
				      "db_tx_commit was called on a transaction that is not the "
				      "innermost open one");
	enum app_err err = c->app->db->driver->savepoint(c, DB_RELEASE);
	if (err)
		return err;
	c->db->depth--;
	tx->depth = 0;
	return APP_OK;
}

/* What was opened inside this one and left open goes with it. */
void db_tx_auto(struct db_tx *tx)
{
	struct ctx *c = tx->c;
	if (!tx->depth || !c->db)
		return;
	while (c->db->depth >= tx->depth) {
		/*
		 * Fails only when the whole transaction is gone, and then there is nothing left to
		 * undo.
		 */
		enum app_err err = c->app->db->driver->savepoint(c, DB_ROLLBACK_TO);
		(void)err;
		c->db->depth--;
	}
	c->db->held = tx->held;
	c->db->signals = tx->signals;
	tx->depth = 0;
}
