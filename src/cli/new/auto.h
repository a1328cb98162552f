/*
 * `croft migrate new NAME --auto`: the migration that brings the tables of a database to what the
 * models say, for both databases, up and down. What a column becomes in SQL is rendered as for a
 * new module (new.h); what is there already is changed, and nothing that was written by hand is
 * lost: what cannot be told from the models is refused, all of it at once.
 */
#ifndef CROFT_SRC_CLI_NEW_AUTO_H
#define CROFT_SRC_CLI_NEW_AUTO_H

#include "base/buf.h"
#include "core/sql_table.h"
#include "core/tables.h"
#include "new.h"

struct module;

struct auto_want {
	/* What the migration is called: its first line. */
	const char *name;
	/* Those that are compared; NULL at the end. */
	const struct model *const *models;
	/* Their operations say which column is an owner; NULL at the end, or NULL. */
	const struct module *const *modules;
	/* Columns that no model has are dropped. */
	bool drop;
};

struct auto_texts {
	/* NULL: nothing differs. */
	const char *sqlite, *postgres;
};

/*
 * The database of `c` is SQLite's, and has all migrations. APP_CONFLICT names what has to be
 * written by hand.
 */
enum app_err auto_migration(struct ctx *c, const struct auto_want *want,
			    struct auto_texts *ret) MUST_USE;

/* ---- for the files of it ---- */

enum { AUTO_SQLITE, AUTO_POSTGRES, AUTO_SIDES };

/* The two parts of a migration as they come about: the newest change goes down first. */
struct auto_side {
	struct buf up;
	const char **downs;
	size_t count;
	/* Tables are made anew that others may refer to. */
	bool keys_last;
};

struct auto_plan {
	struct ctx *c;
	const struct auto_want *want;
	struct table_differences found;
	struct auto_side sides[AUTO_SIDES];
	/* Sentences, each with a line of its own. */
	struct buf refused;
};

/* A table that is there and differs. */
struct auto_table {
	struct auto_plan *plan;
	const struct model *model;
	const struct db_table *there;
	/* Its name and rules, for what is rendered; without columns. */
	struct new_module names;
	/* As SQLite has it. */
	struct sql_table text;
};

/* Adds to the part up, and what takes it back. */
void auto_add(struct auto_plan *plan, int side, const char *up, const char *down);

/* A new table that another one refers to, which is being made, and so on. */
struct auto_chain {
	const struct model *model;
	/* NULL: nobody is waiting */
	const struct auto_chain *waiting;
};

/* Refuses what cannot be: of all tables, and of one whose text is known. */
void auto_refuse_circle(struct auto_plan *plan, const struct auto_chain *last,
			const struct model *first);
void auto_refusals_of_all(struct auto_plan *plan);
enum app_err auto_refusals(const struct auto_table *table) MUST_USE;

/* The next difference of the table of that kind behind `after` (NULL: the first), or NULL. */
const struct table_difference *auto_next(const struct auto_plan *plan, const char *table,
					 enum table_part part,
					 const struct table_difference *after);
/* That of the column, or NULL. */
const struct table_difference *auto_find(const struct auto_plan *plan, const char *table,
					 enum table_part part, const char *column);

/* The model's table with all its columns, as for a new module. */
struct new_module auto_module_of(const struct auto_plan *plan, const struct model *model);
/* The model's table by name alone. */
struct new_module auto_names_of(const struct model *model);
struct new_column auto_column_of(const struct auto_plan *plan, const struct model *model,
				 const struct field *field);
/* SQL of the field's preset; NULL: it has none. */
const char *auto_preset_of(struct ctx *c, const struct field *field, int side);
/* The SQL of a column that is missing: of the field, or beside it. */
const char *auto_missing_sql(const struct auto_table *table,
			     const struct table_difference *difference, int side);

/* What the pieces of a CREATE TABLE say of one column; NULL: none makes it. */
const struct sql_piece *auto_piece_of(const struct sql_table *text, const char *column);
/* Its text with another NOT NULL. */
const char *auto_piece_null(struct ctx *c, const char *piece, bool not_null);
/* Its text with the CHECK `rule` ("": none) in the place of that of the condition (NULL: none). */
const char *auto_piece_rule(struct ctx *c, const char *piece, const char *condition,
			    const char *rule);
/* Its CHECK of the condition; false: it has none such. */
bool auto_piece_check(struct ctx *c, const char *piece, const char *condition,
		      struct sql_check *ret);
/* The condition of the rule of that column alone; NULL: it has none. */
const char *auto_condition_of(const struct auto_table *table, const char *column);

/* All changes of the table but its indexes. */
void auto_postgres_change(const struct auto_table *table);
enum app_err auto_sqlite_change(const struct auto_table *table) MUST_USE;

/* What stands beside a table in the database, in SQLite's words. */
struct auto_object {
	/* "index", "trigger", "view" */
	const char *type;
	const char *name, *table, *sql;
	/* It cannot stay while the table in question is made anew; auto_sqlite.c says so. */
	bool is_in_the_way;
};
struct auto_objects {
	struct auto_object *at;
	size_t count;
};
enum app_err auto_objects_read(struct ctx *c, struct auto_objects *ret) MUST_USE;
/* Whether it is an index of the table in which one of the columns is that are dropped. */
bool auto_goes_with(const struct auto_table *table, const struct auto_object *object);

#endif
