/*
 * Between include.c, which hands the rows out, and include_sql.c, which says where they come from.
 */
#ifndef CROFT_SRC_CORE_MODEL_INCLUDE_H
#define CROFT_SRC_CORE_MODEL_INCLUDE_H

#include "internal.h"

/*
 * Adds the query for what belongs to these keys: a first column with the key, then the columns of
 * field->object, ordered by the key. Returns how many rows it can have.
 */
size_t include_sql(struct sql *sql, const struct field *field, struct db_binds keys);

/* The owner's field that the relation starts from, or NULL. */
const struct field *relation_key(const struct schema *row, const struct field *field);
/* What is wrong with the relation of that field, as a sentence in the arena; NULL: nothing. */
const char *relation_fault(struct ctx *c, const struct schema *row, const struct field *field);

#endif
