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
	/* Such as "INSERT INTO posts (title, content) VALUES". */
	const char *head;
	size_t columns;
	/* Most rows of one statement. */
	size_t most;
	/* Rows that wait for the next statement. */
	size_t rows;
	struct db_value *values;
	/* The statement for `most` rows, made once. */
	const char *sql;
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
