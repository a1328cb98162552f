/* What the files of core/crud share: who may see and change a row. */
#ifndef CROFT_SRC_CORE_CRUD_INTERNAL_H
#define CROFT_SRC_CORE_CRUD_INTERNAL_H

#include "core/crud.h"

/* Which rows are there for the one who acts, in `room`; NULL: all. */
const struct model_where *crud_where(struct ctx *c, const struct crud *crud,
				     struct model_where *room);
/*
 * Whether a change of the table looks at the row before: somebody may not change it, or a hook
 * wants to see it.
 */
bool crud_looks_first(const struct crud *crud);
/* Whether it may change a row that it sees. */
bool crud_may_change(const struct ctx *c, const struct crud *crud, const void *row);

/*
 * Makes of what create takes, `in`, which is a copy, what is to be stored: with its owner, as
 * .before_create has it, and null for what may be null and was left out.
 */
enum app_err crud_complete(struct ctx *c, const struct crud *crud, void *in) MUST_USE;
/* The same as crud_update() and crud_restore(), without the relations of the row. */
enum app_err crud_change(struct ctx *c, const struct crud *crud, const struct crud_target *target,
			 const void *set, void *ret) MUST_USE;
enum app_err crud_bring_back(struct ctx *c, const struct crud *crud, int64_t id,
			     void *ret) MUST_USE;

/*
 * Makes a change that gives every member a client may send of what create takes: those that are
 * absent become null. `set` is zero.
 */
void crud_set_all(const struct crud *crud, const void *row, void *set);
/* Room for a row of the model. */
void *crud_row_new(struct ctx *c, const struct crud *crud);

#endif
