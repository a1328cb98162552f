/*
 * The columns of the current row. Results come as text: exact for integers, shortest exact for real
 * numbers.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "internal.h"
#include "oid.h"
#include "rows.h"

static const struct postgres_rows *read_of(const struct db_rows *rows)
{
	return rows->statement;
}

static const char *value_of(const struct db_rows *rows, int column)
{
	return PQgetvalue(read_of(rows)->result, read_of(rows)->at, column);
}

static Oid oid_of(const struct db_rows *rows, int column)
{
	return PQftype(read_of(rows)->result, column);
}

static void column_decode(PGresult *result, int column)
{
	for (int row = 0; row < PQntuples(result); row++) {
		if (PQgetisnull(result, row, column))
			continue;
		size_t len = 0;
		const unsigned char *text = (const unsigned char *)PQgetvalue(result, row, column);
		unsigned char *bytes = PQunescapeBytea(text, &len);
		if (bytes)
			PQsetvalue(result, row, column, (char *)bytes, (int)len);
		PQfreemem(bytes);
	}
}

void postgres_bytes_decode(PGresult *result)
{
	for (int column = 0; column < PQnfields(result); column++) {
		if (PQftype(result, column) == OID_BYTEA)
			column_decode(result, column);
	}
}

int postgres_column_count(const struct db_rows *rows)
{
	return PQnfields(read_of(rows)->result);
}

const char *postgres_column_name(const struct db_rows *rows, int column)
{
	return PQfname(read_of(rows)->result, column);
}

/* sum() of integers is numeric: an integer all the same when it has no fraction and fits. */
static enum db_type numeric_type(const char *text)
{
	int64_t integer;
	return str_to_int64(text, &integer) ? DB_INT : DB_REAL;
}

enum db_type postgres_column_type(const struct db_rows *rows, int column)
{
	if (PQgetisnull(read_of(rows)->result, read_of(rows)->at, column))
		return DB_NULL;
	switch (oid_of(rows, column)) {
	case OID_BOOL:
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
	case OID_OID: return DB_INT;
	case OID_FLOAT4:
	case OID_FLOAT8: return DB_REAL;
	case OID_NUMERIC: return numeric_type(value_of(rows, column));
	case OID_BYTEA: return DB_BLOB;
	default: return DB_TEXT;
	}
}

static int64_t int_of_real(double real)
{
	if (real >= 9223372036854775807.0)
		return INT64_MAX;
	if (real <= -9223372036854775808.0)
		return INT64_MIN;
	return real == real ? (int64_t)real : 0;
}

int64_t postgres_column_int(const struct db_rows *rows, int column)
{
	const char *text = value_of(rows, column);
	switch (postgres_column_type(rows, column)) {
	case DB_REAL: return int_of_real(strtod(text, NULL));
	case DB_NULL: return 0;
	default: return text[0] == 't' ? 1 : strtoll(text, NULL, 10);
	}
}

double postgres_column_real(const struct db_rows *rows, int column)
{
	const char *text = value_of(rows, column);
	return oid_of(rows, column) == OID_BOOL ? text[0] == 't' : strtod(text, NULL);
}

const char *postgres_column_text(const struct db_rows *rows, int column, size_t *ret_len)
{
	const struct postgres_rows *read = read_of(rows);
	bool null = PQgetisnull(read->result, read->at, column);
	const char *text = null ? NULL : value_of(rows, column);
	size_t len = null ? 0 : (size_t)PQgetlength(read->result, read->at, column);
	if (text && oid_of(rows, column) == OID_BOOL)
		text = *text == 't' ? "1" : "0";
	if (ret_len)
		*ret_len = len;
	return text;
}
