/* The rows of a query, and their columns. */
#ifndef CROFT_SRC_CORE_POSTGRES_ROWS_H
#define CROFT_SRC_CORE_POSTGRES_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "internal.h"

/* What db_rows.statement points to: a result that has been read whole. */
struct postgres_rows {
	PGresult *result;
	/* the current row; -1 before the first */
	int at;
};
enum app_err postgres_query(struct ctx *c, const char *sql, struct db_binds binds,
			    struct db_rows *ret_rows) MUST_USE;
enum app_err postgres_rows_next(struct db_rows *rows, bool *ret_row) MUST_USE;
void postgres_rows_close(struct db_rows *rows);
/* Turns the hexadecimal text of bytea columns into the bytes, once for the whole result. */
void postgres_bytes_decode(PGresult *result);
int postgres_column_count(const struct db_rows *rows);
const char *postgres_column_name(const struct db_rows *rows, int column);
enum db_type postgres_column_type(const struct db_rows *rows, int column);
int64_t postgres_column_int(const struct db_rows *rows, int column);
double postgres_column_real(const struct db_rows *rows, int column);
const char *postgres_column_text(const struct db_rows *rows, int column, size_t *ret_len);

#endif
