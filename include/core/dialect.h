/*
 * What SQL says differently on each database although it means the same: words that stand in
 * statements, and what full-text indexes are asked with. Whoever makes SQL takes them from here, so
 * that above the drivers nobody asks which one is at work.
 */
#ifndef CROFT_CORE_DIALECT_H
#define CROFT_CORE_DIALECT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/db.h"
#include "core/sql.h"

/*
 * SELECTs that tell what tables a database has, for those who go through all of them. Full-text
 * indexes and croft_migrations are left out.
 */
struct db_catalog {
	/* The name of each table. */
	const char *tables;
	/* Of the table $1 each column: name, declared type, place in the primary key or 0. */
	const char *columns;
	/* The names of the tables that the table $1 refers to. */
	const char *parents;
};

/*
 * SELECTs that tell what the table $1 is made of besides its columns; see core/db_table.h. A view
 * has nothing of it.
 */
struct db_make {
	/*
	 * The rules of one column alone: name, column, condition. NULL: they are to be found in
	 * `text`, the CREATE TABLE that made it.
	 */
	const char *checks, *text;
	/*
	 * Of each index its columns in order: its name, whether it is unique, its condition, alone
	 * or in the CREATE INDEX that made it, or "",
	 * the column or "" for an expression, whether it is in the order of ORDER BY (texts in that
	 * of their code points), whether the id stands behind all of them by itself, and whether
	 * the column descends.
	 */
	const char *indexes;
	/* Columns that by themselves refer to a table: the column, and that table. */
	const char *keys;
};

struct db_dialect {
	/*
	 * Behind a column of text: that it is compared by code points, whatever the locale of the
	 * database says. "" where that goes by itself.
	 */
	const char *by_code_point;
	/* The function of two texts that tells where the second stands in the first; 0: nowhere. */
	const char *position;
	/*
	 * What a SELECT of a write ends with when the write decides by the rows that it reads:
	 * until it is done nobody else changes them, and who was changing them is waited for first.
	 * "" where writes are alone anyway.
	 */
	const char *row_lock;
	/* Whether a row among VALUES may say DEFAULT. */
	bool has_default;
	/*
	 * Whether each part of a UNION ALL that is read in order must be told how many rows are
	 * wanted: one planner sorts all of them without, the other with it.
	 */
	bool bounds_parts;
	/*
	 * Selects, as table_name and column_name, quoted, what refers to the id of the table $1 in
	 * such a way that it is deleted with the row.
	 */
	const char *children;
	/*
	 * The hidden column by which a row is known for the moment, and the condition that it is
	 * one of those that a SELECT of them gives, which stands between the two texts.
	 */
	const char *row_id, *row_among[2];
	/* NULL: the database is not asked what tables it has. */
	const struct db_catalog *catalog;
	/* Before VALUES: that ids are given and not made. "" where nothing needs to be said. */
	const char *gives_ids;
	/*
	 * The last id that a table has handed out for its integer primary key, 0 for none; where it
	 * keeps no account of that, the highest that is there. And, inside a write, that the next
	 * id comes after this one; without an account it comes after the highest anyway.
	 */
	enum app_err (*last_id)(struct ctx *c, const char *table, const char *column,
				int64_t *ret_id);
	enum app_err (*last_id_set)(struct ctx *c, const char *table, const char *column,
				    int64_t id);
	/*
	 * Selects a row for each column of the table or view $1: its name, its type, whether it is
	 * never null, whether it has a default, whether this is a view. The type is
	 * "integer", "real", "text", "blob", "boolean", "json", "date", "" for what may be several
	 * of them, or its own name for what is none of them.
	 */
	const char *column_types;
	const struct db_make *make;
	/* Whether a boolean has a type of its own, which takes no integer, and a date no text. */
	bool has_booleans, has_dates;
	/* Before a statement: asks for its plan in place of its rows. */
	const char *explain;

	/*
	 * Full-text search for the words of q, each as the beginning of one. A database has one of
	 * the two, and the other is NULL:
	 *
	 * An index that is a table of its own and leads. Adds "(SELECT … AS fts_rowid …)": the ids
	 * of the rows that have the words, in their order.
	 */
	void (*search_from)(struct sql *sql, const char *index, const char *q);
	/* What the names of its tables and views end with, behind its own; NULL ends them. */
	const char *const *search_tables;
	/* A column of words in each row. Adds the condition that it has those of q. */
	void (*search_where)(struct sql *sql, const char *column, const char *q);
	/*
	 * With a column of words: adds its value, the words of the text. NULL: the index takes them
	 * from the table itself.
	 */
	void (*search_value)(struct sql *sql, const char *text);
};

const struct db_dialect *db_dialect(const struct ctx *c);

#endif
