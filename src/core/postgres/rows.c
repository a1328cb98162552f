/*
 * Queries and their rows. A result is read whole, so rows that stay open hold no connection, and a
 * query inside the loop of another needs no second one.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "internal.h"
#include "rows.h"

static struct db_rows rows_of(struct ctx *c, PGresult *result)
{
	struct postgres_rows *read = mem_new(1, sizeof(*read));
	postgres_bytes_decode(result);
	read->result = result;
	read->at = -1;
	return (struct db_rows){ .c = c, .statement = read };
}

enum app_err postgres_query(struct ctx *c, const char *sql, struct db_binds binds,
			    struct db_rows *ret_rows)
{
	PGresult *result;
	const struct postgres_around nothing = { 0 };
	enum app_err err = c->db ? postgres_run(c, c->db->connection, sql, binds, nothing, &result)
				 : postgres_read(c, sql, binds, &result);
	if (err)
		return err;
	*ret_rows = rows_of(c, result);
	return APP_OK;
}

enum app_err postgres_rows_next(struct db_rows *rows, bool *ret_row)
{
	struct postgres_rows *read = rows->statement;
	*ret_row = !rows->done && ++read->at < PQntuples(read->result);
	rows->done = !*ret_row;
	return APP_OK;
}

void postgres_rows_close(struct db_rows *rows)
{
	struct postgres_rows *read = rows->statement;
	PQclear(read->result);
	free(read);
	rows->statement = NULL;
}
