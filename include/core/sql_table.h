/*
 * CREATE TABLE, as SQLite keeps the text of it, taken apart: its columns and rules one by one, each
 * as it was written. Knows as much of SQL as that takes: words, quotes, round brackets, comments.
 * What PostgreSQL tells is read, too, so names in square brackets are not known.
 */
#ifndef CROFT_CORE_SQL_TABLE_H
#define CROFT_CORE_SQL_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"

/* A word, a number, something in quotes or one character; it is not copied. */
struct sql_token {
	const char *at;
	size_t len;
};
/* The token at *at or behind it, past white space and comments; false: there is none before end. */
bool sql_token_next(const char **at, const char *end, struct sql_token *ret);
/* Whether it is the word, in any case; of a name the quotes do not count. */
bool sql_token_is(const struct sql_token *token, const char *word);
/* How deep it leads into brackets: 1, -1, or 0 for all else. */
int sql_token_depth(const struct sql_token *token);
/* Whether the text has the word as one of its tokens, outside of quoted texts and comments. */
bool sql_token_is_in(const char *text, const char *word);
/* The same, where the word is the name of a column: what a bracket opens behind is a function. */
bool sql_token_names_column(const char *text, const char *column);

/* What stands between two commas. */
struct sql_piece {
	const char *at;
	size_t len;
	/* The column that it makes; NULL: a rule of the whole table. */
	const char *column;
};

struct sql_table {
	/* "CREATE TABLE ", up to the name, and what stands behind it up to the first piece. */
	const char *head, *open;
	struct sql_piece *pieces;
	size_t count;
	/* From the closing bracket. */
	const char *tail;
};
/* False when the text is no CREATE TABLE with columns, as of a CREATE TABLE … AS. */
bool sql_table_split(struct ctx *c, const char *sql, struct sql_table *ret);

/* One CHECK of a piece. */
struct sql_check {
	/* From its CONSTRAINT, or CHECK, to its closing bracket. */
	const char *at;
	size_t len;
	/* NULL: it has no name. */
	const char *name;
	/* What stands in the brackets. */
	const char *condition;
};
/* The first CHECK at *at or behind it; moves *at behind it; false: there is none. */
bool sql_check_next(struct ctx *c, const char **at, const char *end, struct sql_check *ret);

#endif
