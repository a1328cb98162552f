/* Collects rows and inserts them many at a time; see inserter.h. */
#include "core/inserter.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

enum {
	ROWS_MOST = 100,
	VALUES_MOST = 900, /* SQLite is held to 1,000 in a statement */
};

void inserter_init(struct inserter *inserter, struct ctx *c, const char *head, size_t columns)
{
	size_t most = VALUES_MOST / columns;
	if (!most)
		most = 1;
	*inserter = (struct inserter){ .c = c, .head = head, .columns = columns };
	inserter->most = most < ROWS_MOST ? most : ROWS_MOST;
	inserter->values = arena_zero(c->arena, inserter->most * columns * sizeof(struct db_value));
}

static const char *sql_for(const struct inserter *inserter, size_t rows)
{
	AUTO(buf) sql = { 0 };
	size_t number = 1;
	buf_add_text(&sql, inserter->head);
	for (size_t row = 0; row < rows; row++) {
		buf_add_text(&sql, row ? ", (" : " (");
		for (size_t column = 0; column < inserter->columns; column++)
			buf_printf(&sql, "%s$%zu", column ? ", " : "", number++);
		buf_add_char(&sql, ')');
	}
	return arena_strdup(inserter->c->arena, buf_text(&sql));
}

enum app_err inserter_flush(struct inserter *inserter)
{
	const char *sql = inserter->sql;
	size_t rows = inserter->rows;
	if (!rows)
		return APP_OK;
	if (rows < inserter->most)
		sql = sql_for(inserter, rows);
	else if (!sql)
		sql = inserter->sql = sql_for(inserter, rows);
	inserter->rows = 0;
	struct db_binds binds = { .values = inserter->values, .count = rows * inserter->columns };
	return db_exec(inserter->c, sql, binds, NULL);
}

enum app_err inserter_add(struct inserter *inserter, const struct db_value *row)
{
	memcpy(inserter->values + inserter->rows * inserter->columns, row,
	       inserter->columns * sizeof(*row));
	if (++inserter->rows < inserter->most)
		return APP_OK;
	return inserter_flush(inserter);
}
