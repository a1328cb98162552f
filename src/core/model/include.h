/* Between include.c, which hands the rows out, and include_sql.c, which says where they come from. */
#ifndef CROFT_CORE_MODEL_INCLUDE_H
#define CROFT_CORE_MODEL_INCLUDE_H

#include "internal.h"

/*
 * Adds the query for what belongs to these keys: a first column with the key, then the columns of field->object,
 * ordered by the key. Returns how many rows it can have.
 */
size_t include_sql(struct sql *sql, const struct field *field, struct db_binds keys);

#endif
