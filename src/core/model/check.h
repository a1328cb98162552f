/*
 * What the checks of a model's tables share: the table that is looked at, and what is said of all
 * of them.
 */
#ifndef CROFT_SRC_CORE_MODEL_CHECK_H
#define CROFT_SRC_CORE_MODEL_CHECK_H

#include "internal.h"

/* A table that a model reads or writes. */
struct table_check {
	struct ctx *c;
	const struct model *model;
	const char *table;
	/* Of the table. */
	struct db_columns columns;
	struct buf *faults;
};

/* Adds a sentence about the model, without its full stop. */
void table_say(const struct table_check *t, const char *format, ...) PRINTF_LIKE(2, 3);

/* Each of the model's own table. */

/* Where a CHECK lists the values of a column, they are the choices of its field. */
enum app_err check_choices(const struct table_check *t) MUST_USE;
/*
 * What lists are sorted by is in an index, with the id behind it. Which columns are before it, and
 * whether it leads each list, is not looked at: tests/modules/test_lists.c asks for the plans.
 */
enum app_err check_indexes(const struct table_check *t) MUST_USE;

#endif
