/* Statements as the driver runs them: their rows, the columns of these, and what they change. */
#ifndef CROFT_SRC_CORE_SQLITE_ROWS_H
#define CROFT_SRC_CORE_SQLITE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "internal.h"

enum app_err sqlite_query(struct ctx *c, const char *sql, struct db_binds binds,
			  struct db_rows *ret_rows);
enum app_err sqlite_rows_next(struct db_rows *rows, bool *ret_row);
void sqlite_rows_close(struct db_rows *rows);
/*
 * SQLITE_ROWS rows = { 0 }; is AUTO(db_rows) for the files here: the writer works while the
 * database is still being opened, when the process does not know it yet.
 */
void sqlite_rows_auto(struct db_rows *rows);
#define SQLITE_ROWS __attribute__((cleanup(sqlite_rows_auto))) struct db_rows
int sqlite_column_count(const struct db_rows *rows);
const char *sqlite_column_name(const struct db_rows *rows, int column);
enum db_type sqlite_column_type(const struct db_rows *rows, int column);
int64_t sqlite_column_int(const struct db_rows *rows, int column);
double sqlite_column_real(const struct db_rows *rows, int column);
const char *sqlite_column_text(const struct db_rows *rows, int column, size_t *ret_len);
enum app_err sqlite_exec(struct ctx *c, const char *sql, struct db_binds binds,
			 int64_t *ret_changed);
enum app_err sqlite_script(struct ctx *c, const char *sql, size_t len, int first_line);

#endif
