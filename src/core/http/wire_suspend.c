/*
 * Letting go of an exchange and getting it back: while another thread has it, or its answer waits,
 * its connection is suspended.
 *
 * Who owns an exchange. One thread at a time may touch it; the turn of a thread ends when it gives
 * the exchange away, and from then on it may touch the server alone. While a connection is
 * suspended the library calls nothing for it, so nobody is interrupted by wire_on_completed().
 * server->active counts an exchange all the time; what else counts it stands after the name of the
 * turn.
 *
 *   on the loop
 *     owner      the event loop
 *     ends       run_stages() in wire.c: wire_send(), or wire_suspend() for
 *                PIPELINE_SUSPEND
 *   handed over: waiting, suspended
 *     owner      from the call of x->hand_over on that function
 *     ends       hand_over(): APP_OK, another has it now, and may be done with it already;
 *                an error, it is ours still, and we resume it
 *   on a worker: waiting, suspended
 *     owner      that of x->job (place IN_POOL, IN_LANE)
 *     ends       run_on_worker() in place.c: wire_resume() at PIPELINE_DONE; otherwise
 *                wire_hand_over() without suspending again
 *   prepared, or queried: waiting, suspended
 *     owner      a worker, by call.job
 *     ends       job_run() in op/call.c: to the writer, or call_done() in stage_run.c
 *   written: waiting, suspended
 *     owner      the database's writer, by call.write
 *     ends       write_done() in op/call.c: call_done(), and that in wire_resume(); or, when a
 *                command of a user failed, to a worker by call.job
 *   asked whether its account is still there: waiting, suspended
 *     owner      a worker, by call.job
 *     ends       confirm_run() in op/call.c: call_done()
 *   resumed: suspended, until wire_resume() ends
 *     owner      the event loop
 *     ends       wire_on_request() goes on from x->stage, or with x->err
 *   held back: held
 *     owner      the thread of hold.c
 *     ends       wire_resume_held(): wire_on_request() sends the answer
 *
 * wire_resume() may be called once for each wire_suspend(), by the owner and as the last thing it
 * does. x->err is what it was called with: the work that is left is done only when that is APP_OK.
 */
#include "exchange.h"
#include "hold.h"
#include "load.h"
#include "peer.h"
#include "server.h"
#include "wire.h"
#include "wire_library.h"

/*
 * Counts one more, unless the event loops are about to end. Here and in http_server_stop() each
 * tells the other first and looks second, in the one order that all threads see (the default of
 * atomics): so one of the two has seen the other.
 */
static bool may_suspend(struct http_server *server)
{
	atomic_fetch_add(&server->suspended, 1);
	if (!atomic_load(&server->ending))
		return true;
	atomic_fetch_sub(&server->suspended, 1);
	return false;
}

/* Nobody has time for it; what was committed or answered is told nevertheless. */
static void resume_unserved(struct http_exchange *x)
{
	bool is_told = x->state == EXCHANGE_COMMITTED || x->state == EXCHANGE_ANSWERED;
	wire_resume(x, is_told ? APP_OK : load_refuse_busy(x));
}

void wire_hand_over(struct http_exchange *x)
{
	if (x->hand_over(x))
		resume_unserved(x);
}

/* Suspends first, hands over second, because the work may be done before that returns. */
bool wire_suspend(struct http_exchange *x)
{
	struct http_server *server = x->server;
	if (!may_suspend(server))
		return false;
	long waiting = atomic_fetch_add_explicit(&server->waiting, 1, memory_order_relaxed);
	MHD_suspend_connection(x->connection);
	if (waiting < server->options.max_waiting || (x->op && x->op->vital))
		wire_hand_over(x);
	else
		resume_unserved(x);
	return true;
}

void wire_resume(struct http_exchange *x, enum app_err err)
{
	struct MHD_Connection *connection = x->connection;
	struct http_server *server = x->server;
	x->err = err;
	/* First: whoever has an answer finds the room that its request took. */
	atomic_fetch_sub_explicit(&server->waiting, 1, memory_order_release);
	MHD_resume_connection(connection);
	/* Last: a stopping server waits for this before it ends the event loops. */
	atomic_fetch_sub_explicit(&server->suspended, 1, memory_order_release);
}

void wire_resume_held(struct http_exchange *x)
{
	struct http_server *server = x->server;
	MHD_resume_connection(x->connection);
	atomic_fetch_sub_explicit(&server->held, 1, memory_order_release);
}

bool wire_hold_back(struct http_exchange *x)
{
	if (!x->may_be_held || x->close)
		return false;
	exchange_enter(x, EXCHANGE_HELD);
	peer_enter(x->peer, PEER_WORK, 0);
	atomic_fetch_add_explicit(&x->server->held, 1, memory_order_relaxed);
	MHD_suspend_connection(x->connection);
	if (!holds_add(x->server->holds, x))
		wire_resume_held(x);
	return true;
}
