/* The constructors of bound values, which BIND() picks by type. */
#include <string.h>

#include "core/db.h"

struct db_value db_bind_int(int64_t value)
{
	return (struct db_value){ .type = DB_INT, .integer = value };
}

struct db_value db_bind_bool(bool value)
{
	return (struct db_value){ .type = DB_BOOL, .integer = value };
}

struct db_value db_bind_real(double value)
{
	return (struct db_value){ .type = DB_REAL, .real = value };
}

struct db_value db_bind_text(const char *value)
{
	if (!value)
		return DB_NONE;
	return (struct db_value){ .type = DB_TEXT, .bytes = value, .len = strlen(value) };
}

bool db_value_has_bytes(const struct db_value *value)
{
	return value->type == DB_TEXT || value->type == DB_BLOB || value->type == DB_JSON;
}

struct db_value db_bind_bytes(const void *bytes, size_t len)
{
	if (!bytes)
		return DB_NONE;
	return (struct db_value){ .type = DB_BLOB, .bytes = bytes, .len = len };
}

struct db_value db_bind_instant(struct instant value)
{
	return db_bind_int(value.us);
}

struct db_value db_bind_date(struct date value)
{
	return (struct db_value){ .type = DB_DATE, .integer = value.day };
}

struct db_value db_bind_same(struct db_value value)
{
	return value;
}
