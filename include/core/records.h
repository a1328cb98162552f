/*
 * Rows that come in a text: as CSV, whose first line names the columns, or as JSON lines, an object
 * on each. Both are bound by one schema, whose fields are IN_FORM and called as the columns; so
 * their rules are those of any input. Reads no file and writes to no database.
 */
#ifndef CROFT_CORE_RECORDS_H
#define CROFT_CORE_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

struct csv;
struct schema;

enum records_form { RECORDS_CSV, RECORDS_JSON_LINES };

enum { RECORDS_COLUMNS_MAX = 64, RECORDS_LINE_MAX = 64 * 1024 };

struct records {
	const struct schema *schema;
	/* The line that the record begins on that was read last, from 1. */
	int64_t line;
	/* The reader's own: */
	enum records_form form;
	struct csv *csv;
	const char *at, *end;
	int64_t next_line;
	const char *columns[RECORDS_COLUMNS_MAX];
	size_t column_count;
};

/*
 * The text must outlive what is read from it. APP_INVALID: the first line of CSV names a column
 * that the schema has not, one of them twice, or lacks one that is required. `ret` is in use until
 * the arena is dropped.
 */
enum app_err records_open(struct ctx *c, enum records_form form, const char *text, size_t len,
			  const struct schema *schema, struct records *ret) MUST_USE;
/*
 * Binds the next record into `ret` (schema->size bytes); *ret_found: there was one. APP_INVALID has
 * recorded what is wrong with it, and after ctx_recover() the next one can be read. In CSV an empty
 * cell is absent; behind a broken one there is no next.
 */
enum app_err records_next(struct ctx *c, struct records *records, void *ret,
			  bool *ret_found) MUST_USE;

/* ---- the faults of many ---- */

enum { RECORDS_FAULTS_MAX = 100 };

struct records_fault {
	int64_t line;
	/* What is wrong with its fields; NULL: `text` says what is with the line as a whole. */
	const struct field_fault *fields;
	const char *text;
	struct records_fault *next;
};

struct records_faults {
	/* By line. */
	struct records_fault *first;
	/* Of them, RECORDS_FAULTS_MAX at most; each field of a line is one. */
	int64_t kept;
	/* How many there were. */
	int64_t count;
};

/* Takes over what is recorded in the context about the line, and recovers. */
void records_refuse(struct ctx *c, struct records_faults *faults, int64_t line, enum app_err err);

#endif
