/*
 * Rows of the database as structs: the columns of a result set are matched by name to the fields of a schema.
 */
#ifndef CROFT_CORE_MODEL_H
#define CROFT_CORE_MODEL_H

#include "base/attr.h"
#include "base/ctx.h"
#include "core/db.h"
#include "core/schema.h"

/*
 * Fills `ret` (schema->size bytes, zeroed first) from the current row. Texts are copied into the arena. A column
 * no field is named after, or a null in a field that cannot be null, is a programming error (APP_INTERNAL with
 * the cause for the log). Fields without a column stay zero.
 */
enum app_err model_row(struct db_rows *rows, const struct schema *schema, void *ret) MUST_USE;

/*
 * Runs the query and reads its first row; APP_NOT_FOUND when there is none. That is not recorded as a failure, so
 * the caller may go on, or say it better: `if (err == APP_NOT_FOUND) return app_fail(c, err, "no such post");`
 */
enum app_err model_one(struct ctx *c, const char *sql, struct db_binds binds,
		       const struct schema *schema, void *ret) MUST_USE;
/* Runs the query and reads all rows, at most `most` (more is APP_INTERNAL); ret->items is in the arena. */
enum app_err model_all(struct ctx *c, const char *sql, struct db_binds binds,
		       const struct schema *schema, size_t most, struct list *ret) MUST_USE;
/* The first column of the first row as an integer (null: 0); APP_NOT_FOUND, as above, when there is no row. */
enum app_err model_int(struct ctx *c, const char *sql, struct db_binds binds,
		       int64_t *ret) MUST_USE;

#endif
