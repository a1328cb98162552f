/*
 * Many rows into one table with few statements. For `croft seed` and `croft db copy`, inside a
 * write.
 */
#ifndef CROFT_CORE_INSERTER_H
#define CROFT_CORE_INSERTER_H

#include <stddef.h>

#include "base/attr.h"
#include "core/db.h"

struct inserter {
	struct ctx *c;
	const char *head; /* "INSERT INTO posts (title, content) VALUES" */
	size_t columns;
	size_t most; /* rows in one statement */
	size_t rows; /* that wait */
	struct db_value *values;
	const char *sql; /* for `most` rows; made once */
};

/* Everything is in the arena of `c`. `head` must last as long. */
void inserter_init(struct inserter *inserter, struct ctx *c, const char *head, size_t columns);
/*
 * Adds one row of `columns` values, and now and then runs a statement. Texts must last until the
 * flush.
 */
enum app_err inserter_add(struct inserter *inserter, const struct db_value *row) MUST_USE;
enum app_err inserter_flush(struct inserter *inserter) MUST_USE;

#endif
