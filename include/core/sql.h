/*
 * SQL under construction and the values that it binds. Identifiers are constants of the program;
 * whatever a client sent is bound. The same shape of query always gives the same text, so that
 * prepared statements are found again.
 */
#ifndef CROFT_CORE_SQL_H
#define CROFT_CORE_SQL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "core/db.h"

/* Lives in the arena of `c`. */
struct sql {
	struct ctx *c;
	struct buf text;
	struct db_value *values;
	size_t count, room;
	/* There is a WHERE: the next condition is joined by AND. */
	bool has_where;
};

/*
 * Starts with values that are bound already: what follows is numbered after them. NULL: with none.
 */
void sql_init(struct sql *sql, struct ctx *c, const struct db_binds *binds);
void sql_add(struct sql *sql, const char *text);
/* Adds the placeholder and binds the value; texts are not copied. */
void sql_bind(struct sql *sql, struct db_value value);
/* Adds " WHERE " or " AND ". */
void sql_and(struct sql *sql);
/*
 * Adds "$4, $5, …)" for `count` values, at least one; the number of placeholders is rounded up,
 * so that there are few texts. SQL_IN_MOST is how many fit into one statement.
 */
enum { SQL_IN_MOST = 512 };
void sql_in(struct sql *sql, const struct db_value *values, size_t count);
/* What has been bound, for the text so far. */
struct db_binds sql_binds(const struct sql *sql);

#endif
