/*
 * What `croft new module` makes a module of: the words of the command line, read and judged, and
 * the files that come of them. Nothing is written before everything is rendered. Knows no database
 * and none of the modules of this program: the tree it works in may be another than it was built
 * of.
 */
#ifndef CROFT_SRC_CLI_NEW_NEW_H
#define CROFT_SRC_CLI_NEW_NEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

struct buf;

enum {
	/* columns of one table */
	NEW_COLUMNS_MAX = 24,
	/* of one that is declared by hand */
	NEW_COLUMNS_ROOM = 64,
	/* bytes of the name of a module or a column */
	NEW_NAME_MAX = 24,
	NEW_CHOICES_MAX = 15,
};

enum new_type {
	NEW_TEXT,
	NEW_SEARCHED,
	NEW_NAME,
	NEW_INT,
	NEW_REAL,
	NEW_BOOL,
	NEW_TIME,
	NEW_DATE,
	NEW_JSON,
	NEW_CHOICE,
	NEW_OWNER,
};

struct new_column {
	const char *name;
	enum new_type type;
	bool is_null, is_sorted;
	/* of texts: how many characters; of integers: which values */
	bool has_bounds;
	int64_t min, max;
	/* of real numbers: SQL that says which values; NULL: all */
	const char *condition;
	/* NULL-terminated; NULL: none */
	const char *const *choices;
	/* the value of what is left out, as .preset has it in C, without its quotes; NULL: none */
	const char *preset;
	/* of an owner: the table of the accounts; NULL: users */
	const char *refers_to;
	/* SQL: what rows that are there get; NULL: there are none */
	const char *filler;
};

/* All texts live in the arena, or as long as the command line. */
struct new_module {
	/* "books", "book" */
	const char *name, *singular;
	struct new_column columns[NEW_COLUMNS_ROOM];
	size_t count;
	/* rows that are deleted stay, in no index */
	bool soft_delete;
	/* its C is written out, in a file for each subject */
	bool by_hand;
	/* it declares one, for writing, or with an owner for the rows of others */
	bool has_permission;
};

/* ---- reading: each refuses with a sentence that says the remedy ---- */

/* `singular` may be NULL: then it follows from the name. */
enum app_err new_module_read(struct ctx *c, const char *name, const char *singular,
			     char *const *fields, size_t count, struct new_module *ret) MUST_USE;
/* "title:text:1..200": into the next column of `m`. */
enum app_err new_column_read(struct ctx *c, const char *field, struct new_module *m) MUST_USE;
/* What stands behind "=": checked against the column, which is read but for it. */
enum app_err new_preset_read(struct ctx *c, const char *text, struct new_column *column) MUST_USE;
/* Which signs it is made of, and how many: `what` says of what, as "a module". */
enum app_err new_form_check(struct ctx *c, const char *what, const char *name) MUST_USE;
/* Of a module, a row, a column: the same, and that no word of C or SQL is the same. */
enum app_err new_name_check(struct ctx *c, const char *what, const char *name) MUST_USE;
/* The same of a column, whose names are also croft's and those of a list's parameters. */
enum app_err new_column_name_check(struct ctx *c, const char *name) MUST_USE;
/* "book" of "books", in the arena; NULL when the word does not tell. */
const char *new_singular_of(struct ctx *c, const char *plural);

/* ---- what follows of a column ---- */

bool new_is_text(const struct new_column *column);
/* Very many rows may have one value: what it finds must come in the order of the list. */
bool new_is_shared(const struct new_column *column);
/* Lists find rows by its value. */
bool new_is_filtered(const struct new_column *column);
/* NULL: nobody owns the rows. */
const struct new_column *new_owner_of(const struct new_module *m);

/*
 * The index that makes a name unique. Joined by one "_", so that the database's word on a value
 * that is taken leads back to the column (.key in core/field.h): two modules can come to one name.
 */
const char *new_key_index(struct ctx *c, const struct new_module *m,
			  const struct new_column *column);

/* ---- rendering ---- */

enum { NEW_LINE_MAX = 100 };

/*
 * `opening`, then as many of the arguments on a line as fit; a line that goes on begins with
 * `next`. As clang-format and tools/format-tables lay out what stands in brackets.
 */
void new_fill(struct buf *out, const char *opening, const char *next, const char *const *arguments,
	      size_t count, const char *end);
/* A line that is longer than one may be goes on behind its first bracket, as by clang-format. */
const char *new_wrapped(struct ctx *c, const char *text);
/* Whether it is no longer than a line may be; it ends with its newline. */
bool new_is_one_line(struct buf *text);
/* "books" as "Books". */
const char *new_capital(struct ctx *c, const char *name);
/* "books" as "BOOKS". */
const char *new_upper(struct ctx *c, const char *name);
/* The words of a column as an array of C, if it has any. */
void new_choices_add(struct ctx *c, const struct new_column *column, struct buf *out);
/* ".filter = …" of the kinds that do not say it themselves; NULL: none. */
const char *new_filter_rule(const struct new_column *column);

/* Who may write, as an operation says it. */
const char *new_write_access(struct ctx *c, const struct new_module *m);
/* Its permission, and the list of it; nothing where it has none. */
void new_permission_add(struct ctx *c, const struct new_module *m, struct buf *out);

const char *new_header_text(struct ctx *c, const struct new_module *m);
const char *new_code_text(struct ctx *c, const struct new_module *m);
const char *new_test_text(struct ctx *c, const struct new_module *m);
const char *new_migration_text(struct ctx *c, const struct new_module *m, bool is_postgres);
/* The CREATE TABLE of such a migration, without its indexes. */
const char *new_table_sql(struct ctx *c, const struct new_module *m, bool is_postgres);
/* So many bytes as SQL has a text: 'it''s'. */
const char *new_quoted(struct ctx *c, const char *text, size_t len);
/* A column as it stands in there; what croft keeps beside it, or ""; and its CHECK alone, or "". */
const char *new_column_sql(struct ctx *c, const struct new_module *m,
			   const struct new_column *column, bool is_postgres);
const char *new_beside_sql(struct ctx *c, const struct new_module *m,
			   const struct new_column *column, bool is_postgres);
const char *new_rules_sql(struct ctx *c, const struct new_module *m,
			  const struct new_column *column, bool is_postgres);
/* Its indexes, one after the other. */
const char *new_indexes_sql(struct ctx *c, const struct new_module *m);
struct new_index {
	/* `sql` ends with its newline */
	const char *name, *sql;
};
/* `number` names it where its columns make too long a name. */
struct new_index new_index_of(struct ctx *c, const struct new_module *m, const char *first,
			      const char *second, size_t number);
struct new_index new_key_index_of(struct ctx *c, const struct new_module *m,
				  const struct new_column *column);
/* src/app/modules.c, which is `text`, with the module in its list. */
enum app_err new_list_text(struct ctx *c, const struct new_module *m, const char *text,
			   const char **ret) MUST_USE;

/* ---- the tree ---- */

/*
 * Makes the root of the tree that the process works in, or below, its working directory: all paths
 * are from there.
 */
enum app_err new_root_enter(struct ctx *c) MUST_USE;
/* Nothing in the tree has the names that the module would have. */
enum app_err new_names_check(struct ctx *c, const struct new_module *m) MUST_USE;
/* The file is as it was committed, where git keeps the tree. */
enum app_err new_clean_check(struct ctx *c, const char *path) MUST_USE;
/* Where the next line of a text begins, or its end. */
const char *new_line_after(const char *line);
/* The whole of a file, in the arena. */
enum app_err new_file_read(struct ctx *c, const char *path, const char **ret) MUST_USE;

struct new_file {
	const char *path;
	const char *text;
	/* it is there, and gets this text in place of what it has */
	bool is_change;
};

enum { NEW_FILES_MAX = 12 };

/* What the module is made of, rendered; nothing is written. */
enum app_err new_module_files(struct ctx *c, const struct new_module *m,
			      struct new_file ret[NEW_FILES_MAX], size_t *ret_count) MUST_USE;

/* All or none: what was made is taken back when one of them cannot be. */
enum app_err new_files_write(struct ctx *c, const struct new_file *files, size_t count) MUST_USE;

#endif
