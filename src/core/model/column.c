/*
 * Fields as columns: which ones are, and a member's value as the database takes it. Builds no SQL.
 */
#include "internal.h"

static struct db_value raw_value(const struct raw_json *raw)
{
	if (!raw->len)
		return DB_NONE;
	return (struct db_value){ .type = DB_JSON, .bytes = raw->text, .len = raw->len };
}

struct db_value field_value(const struct field *field, const void *base)
{
	const void *at = field_content(field, base);
	if (!at)
		return DB_NONE;
	switch (field->type) {
	case FIELD_TEXT: return db_bind_text(*(const char *const *)at);
	case FIELD_INT: return db_bind_int(*(const int64_t *)at);
	case FIELD_REAL: return db_bind_real(*(const double *)at);
	case FIELD_BOOL: return db_bind_bool(*(const bool *)at);
	case FIELD_INSTANT: return db_bind_instant(*(const struct instant *)at);
	case FIELD_DATE: return db_bind_date(*(const struct date *)at);
	case FIELD_RAW_JSON: return raw_value(at);
	default: return DB_NONE;
	}
}

bool field_is_written(const struct field *field)
{
	return field_is_column(field) &&
	       (field->in == IN_BODY || field->in == IN_FORM || field->in == NOT_INPUT);
}

bool write_has(const struct field *field, const void *in)
{
	return field_is_written(field) && field_presence(field, in) != ABSENT;
}
