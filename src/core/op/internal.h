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

#endif
