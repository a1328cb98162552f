/*
 * What the files of core/copy share: the two databases, and what is known of their tables. One side
 * at least has a catalog (core/dialect.h), and that one tells tables, columns, keys and references
 * for both.
 */
#ifndef CROFT_SRC_CORE_COPY_INTERNAL_H
#define CROFT_SRC_CORE_COPY_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/ctx.h"
#include "core/app.h"
#include "core/copy.h"
#include "core/db.h"
#include "core/dialect.h"

/* One of the two databases, with a process scope of its own around it. */
struct copy_side {
	struct arena arena;
	struct app app;
	struct ctx c;
	bool open;
};

struct copy_column {
	const char *name;
	/* as declared; DB_BOOL, DB_JSON or DB_DATE where one side has it so; DB_NULL: any */
	enum db_type type;
	/* its place in the primary key, from 1; 0: none */
	int64_t key;
};

struct copy_table {
	const char *name;
	struct copy_column *columns;
	size_t column_count;
	/* in the order of the primary key */
	const struct copy_column **keys;
	size_t key_count;
	/* tables that it refers to */
	const char **parents;
	size_t parent_count;
};

struct copy_tables {
	/* those that are referred to come first */
	struct copy_table *at;
	size_t count;
};

/* ---- side.c ---- */

/*
 * Opens an existing database (from) or, for the target, a new one too. The failure is recorded in
 * side->c.
 */
enum app_err copy_side_open(struct copy_side *side, const struct app *app, const char *url,
			    bool is_source) MUST_USE;
void copy_side_close(struct copy_side *side);
/*
 * Brings a target up to date that is empty or whose copy is resumed, for that may have been
 * stopped between two migrations, and makes sure that both have the same. Recorded in one of the
 * two contexts.
 */
enum app_err copy_sides_match(struct copy_side *from, struct copy_side *to, bool resume) MUST_USE;

/* ---- tables.c ---- */

/* The tables of the side `c`, which has a catalog; in the arena. */
enum app_err copy_tables_read(struct ctx *c, struct copy_tables *ret) MUST_USE;
/*
 * Marks the columns that are booleans, JSON or dates on the side `c`; a catalog has them as
 * integers and texts.
 */
enum app_err copy_tables_types(struct ctx *c, const struct copy_tables *tables) MUST_USE;

/* ---- reader.c ---- */

/* "name" with its quotes, in the arena. */
const char *copy_quoted(struct arena *arena, const char *name) MUST_USE;
/* "a", "b", "c" */
const char *copy_column_list(struct arena *arena, const struct copy_table *table) MUST_USE;
/* The primary key in the same form, each column followed by a text such as " DESC". */
const char *copy_key_list(const struct copy_side *side, const struct copy_table *table,
			  const char *after_each) MUST_USE;
enum app_err copy_count(struct copy_side *side, const struct copy_table *table,
			int64_t *ret) MUST_USE;
/*
 * The value of a column of the current row as its declared type, but for a text that is no date;
 * texts last until the next row.
 */
struct db_value copy_value(const struct db_rows *rows, int at, const struct copy_column *column);

enum { COPY_PIECE_ROWS = 1000, COPY_KEYS_MOST = 16 };

struct copy_reader {
	struct copy_side *side;
	const struct copy_table *table;
	/* the first takes no key */
	const char *sql_first, *sql_next;
	/* of the piece that was read last */
	struct db_value *values;
	size_t rows;
	struct arena texts;
	/* the key after which the next piece begins */
	struct db_value last[COPY_KEYS_MOST];
	bool has_last;
	struct arena last_texts;
};

void copy_reader_init(struct copy_reader *reader, struct copy_side *side,
		      const struct copy_table *table);
void copy_reader_done(struct copy_reader *reader);
/* Begins after the key of this row. */
void copy_reader_after(struct copy_reader *reader, const struct db_value *row);
/* Reads the next piece in place of the one before; reader->rows is 0 at the end. */
enum app_err copy_reader_next(struct copy_reader *reader) MUST_USE;
/* A row of the piece: table->column_count values. */
const struct db_value *copy_reader_row(const struct copy_reader *reader, size_t at);

/* ---- misfit.c ---- */

struct inserter;

/*
 * After the rows of a piece were refused with APP_CONFLICT, or with APP_INTERNAL or APP_INVALID,
 * which may be for what is no JSON or no text: says which of them it was. Never APP_OK.
 */
enum app_err copy_misfit(struct copy_side *to, const struct copy_reader *reader,
			 struct inserter *inserter, enum app_err refused) MUST_USE;

/* ---- rows.c ---- */

/*
 * Copies the rows past the highest key in the target, so that one that was stopped goes on. The
 * failure is recorded in one of the two contexts.
 */
enum app_err copy_rows(struct copy_side *from, struct copy_side *to, const struct copy_table *table,
		       const struct copy_progress *progress) MUST_USE;
/* Lets the ids that the target hands out go on where those of the source were. */
enum app_err copy_numbering(struct copy_side *from, struct copy_side *to,
			    const struct copy_table *table) MUST_USE;

/* ---- json.c ---- */

struct buf;

/*
 * Adds the one form of all texts that mean the same JSON; the text itself when it breaks the rules
 * of json_check().
 */
void copy_json_add(struct buf *out, const char *text, size_t len);

/* ---- check.c ---- */

/* What a table holds, whatever the order of its rows. */
struct copy_sum {
	int64_t rows;
	/* sums of the rows' digests, each modulo 2^64 */
	uint64_t lanes[4];
};
enum app_err copy_sum(struct copy_side *side, const struct copy_table *table,
		      const struct copy_progress *progress, struct copy_sum *ret) MUST_USE;
bool copy_sum_eq(const struct copy_sum *a, const struct copy_sum *b);

#endif
