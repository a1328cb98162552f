/*
 * The columns of the current row. Call between a db_rows_next() that found a row and the next one.
 */
#include "internal.h"
#include "rows.h"

static sqlite3_stmt *stmt_of(const struct db_rows *rows)
{
	return ((const struct sqlite_statement *)rows->statement)->stmt;
}

int sqlite_column_count(const struct db_rows *rows)
{
	return sqlite3_column_count(stmt_of(rows));
}

const char *sqlite_column_name(const struct db_rows *rows, int column)
{
	return sqlite3_column_name(stmt_of(rows), column);
}

enum db_type sqlite_column_type(const struct db_rows *rows, int column)
{
	switch (sqlite3_column_type(stmt_of(rows), column)) {
	case SQLITE_INTEGER: return DB_INT;
	case SQLITE_FLOAT: return DB_REAL;
	case SQLITE_TEXT: return DB_TEXT;
	case SQLITE_BLOB: return DB_BLOB;
	default: return DB_NULL;
	}
}

int64_t sqlite_column_int(const struct db_rows *rows, int column)
{
	return sqlite3_column_int64(stmt_of(rows), column);
}

double sqlite_column_real(const struct db_rows *rows, int column)
{
	return sqlite3_column_double(stmt_of(rows), column);
}

const char *sqlite_column_text(const struct db_rows *rows, int column, size_t *ret_len)
{
	/* The text first: it may convert the value, and the length is that of the converted one. */
	const char *text = (const char *)sqlite3_column_text(stmt_of(rows), column);
	if (ret_len)
		*ret_len = text ? (size_t)sqlite3_column_bytes(stmt_of(rows), column) : 0;
	return text;
}
