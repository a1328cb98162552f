/*
 * Models against the tables that a database has, all that differs, as a list: for the start, which
 * refuses the worst of it, for `croft migrate check`, which tells it, and for `croft migrate new
 * --auto`, which makes a migration of it. Reads the catalogue of the database, and tries values on
 * the conditions of its CHECKs; no table is read.
 */
#ifndef CROFT_CORE_TABLES_H
#define CROFT_CORE_TABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/db_table.h"
#include "core/model.h"
#include "core/model_check.h"

enum table_part {
	/* There is none. */
	TABLE_ITSELF,
	/* There is none. */
	TABLE_COLUMN,
	/* It cannot hold what the field has. */
	TABLE_TYPE,
	/* It may be null and the field may not, or the reverse. */
	TABLE_NULL,
	/* CHECK refuses what the field allows, or the reverse. */
	TABLE_RULE,
	/* A list asks for an order, or a name must be unique, and no index has it. */
	TABLE_INDEX,
	/* A relation's column refers to another table, or to none. */
	TABLE_KEY,
	/* A column that the list of columns has not. */
	TABLE_LEFT_OVER,
};

struct table_difference {
	enum table_part part;
	const struct model *model;
	/* As the database has it. */
	const struct db_table *there;
	/* NULL: the table as a whole, or a column that is no field's. */
	const struct field *field;
	/* TABLE_COLUMN, TABLE_INDEX: as the model needs it. TABLE_LEFT_OVER: as it is there. */
	const char *column;
	/* TABLE_INDEX: the column that comes behind it, before the id; NULL: none. */
	const char *order;
	/* TABLE_INDEX: no two rows have the same there. */
	bool is_unique;
	/* TABLE_INDEX: of a column that is not there either. */
	bool follows;
	/* TABLE_RULE: a CHECK was written by hand that a rule of the field would take away. */
	bool by_hand;
	/* The start does not serve with it. */
	bool stops;
	/* Nothing goes wrong by it. */
	bool is_harmless;
	/* A sentence without its full stop, such as "the table books has no column isbn". */
	const char *says;
};

struct table_differences {
	struct table_difference *at;
	size_t count;
};

/* `models` ends with NULL; what two models of a table need both is there once. In the arena. */
enum app_err tables_compare(struct ctx *c, const struct model *const *models,
			    struct table_differences *ret) MUST_USE;

/*
 * In sentences, with what model_faults() says: `all` that differs, or what the start does not serve
 * with: what may be null and its field cannot, choices that a CHECK refuses or lists otherwise,
 * sorts of lists that no index leads to.
 */
enum app_err tables_faults(struct ctx *c, const struct model *const *models, bool all,
			   struct model_faults *ret) MUST_USE;
/* APP_CONFLICT names what the start does not serve with, and the remedy. */
enum app_err tables_check(struct ctx *c, const struct model *const *models) MUST_USE;

#endif
