/*
 * The one runner of operations: prepare in a lane of the pool, a COMMAND on the database's writer,
 * a QUERY where it is. Who calls has bound the input and asked who may.
 */
#include "internal.h"

#include "core/app.h"
#include "core/authenticator.h"
#include "core/idempotency.h"

/* Leaves the inner transaction open: its end is the undoing. */
static enum app_err try_command(struct ctx *c, struct op_call *call)
{
	AUTO(db_tx) tx = { 0 };
	enum app_err err = db_tx_begin(c, &tx);
	return err ? err : op_command(c, call->op, call->in, call->out);
}

static enum app_err write_nested(struct ctx *c, void *arg)
{
	struct op_call *call = arg;
	if (call->tries)
		return try_command(c, call);
	return call->once ? op_once_run(call) : op_command(c, call->op, call->in, call->out);
}

/*
 * Whoever was let in may have lost what let him in while his body came or his password was hashed:
 * nothing is written for him then.
 */
static enum app_err write_run(struct ctx *c, void *arg)
{
	const struct op_call *call = arg;
	enum app_err err = op_admit_again(c, call->op);
	return err ? err : write_nested(c, arg);
}

/* Outside a write, for what has none. */
static enum app_err look_again(const struct op_call *call)
{
	struct ctx *c = call->c;
	bool before = c->reads_primary;
	c->reads_primary = true;
	enum app_err err = op_admit_again(c, call->op);
	c->reads_primary = before;
	return err;
}

static enum app_err prepare_now(struct op_call *call)
{
	call->c->tries = call->tries;
	enum app_err err = op_prepare(call->c, call->op, call->in, call->out);
	call->c->tries = false;
	return err || call->op->kind == COMMAND ? err : look_again(call);
}

/* Whether all is done: the answer is the one of before. */
static bool is_repeated(const struct op_call *call)
{
	return call->once && call->once->is_repeated;
}

/* What was done before is not prepared again. */
static enum app_err prepare(struct op_call *call)
{
	enum app_err err = call->once ? op_once_look(call) : APP_OK;
	if (err)
		return err;
	return is_repeated(call) ? look_again(call) : prepare_now(call);
}

static enum app_err query(struct op_call *call)
{
	return op_query(call->c, call->op, call->in, call->out);
}

/* ---- of an account that is gone when its command has failed ---- */

/* Whether a failure may come of it: a fault of the server does not. */
static bool is_in_doubt(const struct op_call *call, enum app_err err)
{
	const struct ctx *c = call->c;
	return err && err != APP_UNAUTHENTICATED && app_err_status(err) < 500 &&
	       call->op->kind == COMMAND && c->actor.kind == ACTOR_USER && !c->db;
}

/*
 * What is prepared comes before the write that looks at the account, and with PostgreSQL the
 * account may go while a write runs: both stumble then over whatever it left behind.
 */
static enum app_err confirm(struct op_call *call, enum app_err err)
{
	struct ctx *c = call->c;
	if (!is_in_doubt(call, err))
		return err;
	struct failure failure = c->failure;
	ctx_recover(c);
	enum app_err now = look_again(call);
	if (now == APP_UNAUTHENTICATED)
		return now;
	c->failure = failure;
	return err;
}

/* ---- on the calling thread ---- */

static bool may_stay(const struct operation *op)
{
	return op->kind == QUERY && !op->blocks;
}

bool op_stays(const struct operation *op)
{
	return may_stay(op) && !op->prepare;
}

bool op_call_stays(const struct op_call *call)
{
	return may_stay(call->op) && !op_wants_prepare(call->op, call->in);
}

enum app_err op_call_run(struct op_call *call)
{
	enum app_err err = op_wants_prepare(call->op, call->in) ? prepare(call) : APP_OK;
	if (!err)
		err = call->op->kind == COMMAND
			      ? db_write_again(call->c, call->c->db ? write_nested : write_run,
					       call)
			      : query(call);
	return confirm(call, err);
}

/* ---- on other threads ---- */

static struct op_call *call_of(struct pool_job *job)
{
	return (struct op_call *)(void *)((char *)job - offsetof(struct op_call, job));
}

static void confirm_run(struct pool_job *job)
{
	struct op_call *call = call_of(job);
	call->done(call, confirm(call, call->err));
}

/*
 * On the writer's thread, which shall read nothing for one of them. Without room in the pool the
 * failure stays what it is.
 */
static void write_done(struct db_write *write, enum app_err err)
{
	struct op_call *call = write->arg;
	if (is_in_doubt(call, err)) {
		call->err = err;
		call->job = (struct pool_job){ .run = confirm_run, .client = call->client };
		if (!pool_submit(call->c->app->pool, POOL_WORK, &call->job))
			return;
	}
	call->done(call, err);
}

static enum app_err hand_to_writer(struct op_call *call)
{
	call->write = (struct db_write){
		.c = call->c, .run = write_run, .arg = call, .done = write_done, .again = true
	};
	return db_write_submit(call->c->app->db, &call->write);
}

static void job_run(struct pool_job *job)
{
	struct op_call *call = call_of(job);
	enum app_err err = call->prepares ? prepare(call) : APP_OK;
	if (!err && call->op->kind == COMMAND && !is_repeated(call)) {
		err = hand_to_writer(call);
		if (!err)
			return; /* the writer has it now: it is no longer ours */
		call->is_refused = true;
	} else if (!err && call->op->kind == QUERY) {
		err = query(call);
	}
	call->done(call, confirm(call, err));
}

enum app_err op_call_start(struct op_call *call, op_done *done)
{
	call->done = done;
	if (call->once)
		op_once_begin(call);
	call->prepares = op_wants_prepare(call->op, call->in);
	if (!call->prepares && call->op->kind == COMMAND)
		return hand_to_writer(call);
	call->job = (struct pool_job){ .run = job_run, .client = call->client };
	enum pool_lane lane = call->prepares ? call->op->prepare_lane : POOL_WORK;
	return pool_submit(call->c->app->pool, lane, &call->job);
}
