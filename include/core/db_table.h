/*
 * What a table is made of, as the database tells it: for commands that compare it with what is
 * declared. No request asks for it. Everything lives in the arena.
 */
#ifndef CROFT_CORE_DB_TABLE_H
#define CROFT_CORE_DB_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/db.h"

/* The columns of each table that was asked for, which is read once. { 0 }: none was. */
struct db_columns_cache {
	struct db_columns_entry *first;
};
/* As db_columns_read(), of the cache where it is there. */
enum app_err db_columns_cache_read(struct ctx *c, struct db_columns_cache *cache, const char *table,
				   struct db_columns *ret) MUST_USE;

/* A rule of one column alone: CHECK (condition). */
struct db_rule {
	/* Of the constraint; NULL: the database gave it none. */
	const char *name;
	const char *column;
	/* SQL, in the words of its database. */
	const char *condition;
};

struct db_index_column {
	/* "": an expression. */
	const char *name;
	/* Texts come in the order of their code points, nulls where ORDER BY has them. */
	bool is_plain;
	/* From the greatest to the least. */
	bool descends;
};

struct db_index {
	const char *name;
	bool is_unique;
	/* The id stands behind its columns by itself. */
	bool ends_in_id;
	/* SQL: only rows that meet it are in it; NULL: all are. */
	const char *condition;
	struct db_index_column *columns;
	size_t count;
};

/* A column that by itself refers to a table. */
struct db_key {
	const char *column, *table;
};

struct db_table {
	const char *name;
	/* It is neither a view, which has columns only, nor missing. */
	bool is_table;
	struct db_columns columns;
	struct db_rule *rules;
	size_t rule_count;
	struct db_index *indexes;
	size_t index_count;
	struct db_key *keys;
	size_t key_count;
};

enum db_table_part {
	DB_TABLE_RULES = 1,
	DB_TABLE_INDEXES = 2,
	DB_TABLE_KEYS = 4,
	DB_TABLE_WHOLE = 7,
};
/* Its columns, and of the rest these parts. */
enum app_err db_table_read(struct ctx *c, struct db_columns_cache *cache, const char *name,
			   unsigned parts, struct db_table *ret) MUST_USE;

#endif
