/* What the files of src/core/op share: the functions of an operation, one step each. */
#ifndef CROFT_SRC_CORE_OP_INTERNAL_H
#define CROFT_SRC_CORE_OP_INTERNAL_H

#include "core/op.h"

/*
 * Each on the calling thread. `in` is bound and whoever acts may call it; `out` is that of
 * op_out_new(). Nothing else calls what a struct operation points to.
 */

/* Whether this input has something to prepare. */
bool op_wants_prepare(const struct operation *op, const void *in);
/* What it reads comes from the primary, as what the command itself reads does. */
enum app_err op_prepare(struct ctx *c, const struct operation *op, void *in, void *out) MUST_USE;
/* What a QUERY reads is of one state of the database; inside a write it is that of the write. */
enum app_err op_query(struct ctx *c, const struct operation *op, void *in, void *out) MUST_USE;
/*
 * The one way to a COMMAND, inside its write: what belongs to every change is done here. Perhaps
 * not for the first time, see db_write_again(): `out` begins anew.
 */
enum app_err op_command(struct ctx *c, const struct operation *op, void *in, void *out) MUST_USE;

/* ---- idempotency.c: of a call with a key ---- */

/* Before it is prepared, which may change its input. */
void op_once_begin(struct op_call *call);
/*
 * Outside of a write: whether it was done before, so that nothing need be prepared. See
 * op_once_run(); a key that is new leaves once->is_repeated false.
 */
enum app_err op_once_look(struct op_call *call) MUST_USE;
/*
 * Inside the write: op_command(), or the answer that the same call had before. APP_INVALID: the key
 * came with another one; APP_CONFLICT: the answer was not kept.
 */
enum app_err op_once_run(struct op_call *call) MUST_USE;

/* ---- idempotency_room.c: how long, and how much is kept for one account ---- */

/* How long an answer is kept. */
int64_t op_once_kept_us(const struct ctx *c);
/* APP_TOO_MANY, with Retry-After: the one who acts may have no more kept for now. */
enum app_err op_once_room(struct ctx *c) MUST_USE;
/* What is kept of the call takes its room, once, though the write should be run again. */
void op_once_take(struct op_call *call);

/* ---- authorize.c ---- */

/* All that an operation asks of the one who calls it. */
enum app_err op_admit(struct ctx *c, const struct operation *op) MUST_USE;
/*
 * The same of a user by his account as it is now. Each COMMAND asks so first thing inside its
 * write, and a QUERY once it is prepared.
 */
enum app_err op_admit_again(struct ctx *c, const struct operation *op) MUST_USE;

#endif
