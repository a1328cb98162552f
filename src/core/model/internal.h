/*
 * What the files of core/model share: the SQL of a model, and how a page is ordered. Identifiers in
 * it come from models and field tables, which are constants; whatever a client sent is bound.
 */
#ifndef CROFT_SRC_CORE_MODEL_INTERNAL_H
#define CROFT_SRC_CORE_MODEL_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/dialect.h"
#include "core/model.h"
#include "core/sql.h"

/* ---- sql.c ---- */

/* Adds the column to be compared with; `in_order`: by more or less, not for being the same. */
void sql_column(struct sql *sql, const struct field *field, bool in_order);
/* Adds "id, title, …": the columns of the schema. */
void sql_columns(struct sql *sql, const struct schema *schema);
/* Adds "SELECT id, title, … FROM posts". */
void sql_select(struct sql *sql, const struct model *model);

/* ---- column.c ---- */

/* The member's value, to be bound. Text is not copied. */
struct db_value field_value(const struct field *field, const void *base);
/* Whether a write of this input schema has the column. */
bool field_is_written(const struct field *field);
/* Whether a write of this input sets it. */
bool write_has(const struct field *field, const void *in);

/* ---- fold.c ---- */

/*
 * The column that a write of an input's field fills, too, with its folded form (NULL: none): by the
 * row's field of the name, unless it says so itself.
 */
const char *fold_written(const struct model *model, const struct field *field);
/* The folded form of a text, in the arena; other values stay what they are. */
struct db_value fold_value(struct ctx *c, struct db_value text);
/*
 * What the column gets: the same, but nothing ("") for a copy of ASCII, which the database can fold
 * by itself.
 */
struct db_value fold_stored(struct ctx *c, const struct model *model, const struct field *field,
			    struct db_value text);
struct fold_fault {
	/* "name", "needs a character that can be seen"; NULL: no fault */
	const char *field, *what;
};
/*
 * Whether the input can be folded: APP_INTERNAL when it has a field for a column that is filled
 * here; *ret_fault tells of a name that is none.
 */
enum app_err fold_check(struct ctx *c, const struct model *model, const struct schema *schema,
			const void *in, struct fold_fault *ret_fault) MUST_USE;

/* ---- row.c ---- */

/*
 * As model_all(), for a query whose first column is an integer that no field is named after;
 * *ret_owners gets it for each row. ret->items is never NULL.
 */
enum app_err model_owned(struct ctx *c, struct sql *sql, const struct schema *schema, size_t most,
			 struct array *ret, int64_t **ret_owners) MUST_USE;
enum app_err model_one_sql(struct ctx *c, struct sql *sql, const struct schema *schema,
			   void *ret) MUST_USE;

/* Whether rows of the schema fit into a struct of MODEL_ROOM(). */
enum app_err room_check(struct ctx *c, const struct schema *row, size_t room) MUST_USE;

/* ---- one.c ---- */

/* The first row that the statement gives, or that failure. */
enum app_err row_read(struct ctx *c, const struct model *model, struct sql *sql,
		      void *ret) MUST_USE;

/* ---- one_sql.c ---- */

/*
 * The statement that reads the row of an id which meets the condition; the id is bound after the
 * condition's values. Good until the thread asks for another.
 */
const char *one_sql(struct ctx *c, const struct model *model, const struct model_where *where);

/* ---- write.c ---- */

/* Fails unless inside a write; `what` is the function's name. */
enum app_err write_check(struct ctx *c, const struct model *model, const char *what) MUST_USE;
/* Refuses an input that folded columns cannot be made of: a fault of its field. */
enum app_err input_check(struct ctx *c, const struct model *model, const struct schema *schema,
			 const void *in) MUST_USE;
/* Whether the input has a say in a column that is kept here otherwise. */
bool write_gives(const struct schema *schema, const void *in, const char *column);
/* Adds *comma and the name; from then on *comma is ", ". */
void write_name(struct sql *sql, const char **comma, const char *name);
/* Adds " RETURNING id, title, …". */
void write_returning(struct sql *sql, const struct model *model);

/* ---- insert.c ---- */

/*
 * Whether an insert of this input sets the field's column: as any write, and what is in the path,
 * the query or a header is a column, too, when the row has one of the name, such as the parent of
 * POST /projects/{project_id}/tasks. An id is not: {id} is mostly another's.
 */
bool insert_has(const struct model *model, const struct field *field, const void *in);
/*
 * Inputs that one statement inserts. They may give different columns where the database knows the
 * word DEFAULT, but not different ones of those that are kept here otherwise, or that the full-text
 * index is made of.
 */
struct insert_rows {
	const struct model *model;
	const struct schema *schema;
	const void *items;
	size_t count;
};
/* Adds "INSERT INTO posts (title, …) VALUES (": the columns that any of them gives. */
void insert_start(struct sql *sql, const struct insert_rows *rows);
/* Adds "$1, $2, …" for one of them. */
void insert_values(struct sql *sql, const struct insert_rows *rows, size_t at);

/* ---- etag.c ---- */

/*
 * Whether the If-Match header lets a row with this ETag be changed (RFC 9110 §13.1.1). Weak tags
 * never do, by the RFC. ETAG_ALTERED: one of them would, but for what a proxy that compresses does
 * to it: W/ before it (nginx), or -gzip in it (Apache, Caddy).
 */
enum etag_match { ETAG_MATCHED, ETAG_OTHER, ETAG_ALTERED, ETAG_BROKEN };
enum etag_match etag_match(const char *if_match, const char *etag);

/* ---- search.c ---- */

/*
 * Adds the condition that the field's column holds the text, in any case: of all letters where the
 * field folds.
 */
void sql_contains(struct sql *sql, const struct field *field, struct db_value text);
/* Adds the columns of the rows of such a statement. */
void search_columns(struct sql *sql, const struct model *model, const struct list_query *query);
/* Adds " FROM posts", led by the full-text index where that is a table that has to be looked up. */
void search_from(struct sql *sql, const struct model *model, const struct list_query *query);
/* Adds the condition that q makes, if search_from() has not said it. */
void search_where(struct sql *sql, const struct model *model, const struct list_query *query);
/* What the id is called in that statement, so that the order of the index serves. */
const char *search_id(const struct ctx *c, const struct model *model,
		      const struct list_query *query);

/* ---- search_write.c ---- */

/* Whether an insert of this input fills the column of the full-text index. */
bool search_inserts(const struct ctx *c, const struct model *model, const struct schema *schema,
		    const void *in);
/* Adds its value. */
void search_insert(struct sql *sql, const struct model *model, const struct schema *schema,
		   const void *in);
/*
 * The text whose words an update of the row sets it to; NULL: it is left alone. Reads what else is
 * searched of the row, and locks it.
 */
enum app_err search_update(struct ctx *c, const struct model *model, int64_t id,
			   const struct schema *schema, const void *in,
			   const char **ret_text) MUST_USE;

/* ---- where.c ---- */

/*
 * APP_INTERNAL when the condition names more values than it brings: what the statement binds behind
 * them, the id or what a client says, would decide who sees a row.
 */
enum app_err where_check(struct ctx *c, const struct model_where *where) MUST_USE;
/* Starts a statement that will have the condition: the caller's own values come first. */
void sql_init_where(struct sql *sql, struct ctx *c, const struct model_where *where);
/*
 * Whether the list is better asked for in two parts, and each of them (0, 1). With q the words
 * lead, not the condition.
 */
bool where_has_parts(const struct list_query *query, const struct model_where *where);
struct model_where where_part(const struct model_where *where, int part);
/* Adds the condition, and that rows are not deleted; `where` may be NULL. */
void sql_where(struct sql *sql, const struct model *model, const struct model_where *where);
/* The same of the row with the id. */
void sql_where_row(struct sql *sql, const struct model *model, int64_t id,
		   const struct model_where *where);
/*
 * Adds FROM and WHERE with everything that decides which rows belong to the list; `query` and
 * `where` may be NULL. It binds the same values each time that it is told of the same query.
 */
void sql_from(struct sql *sql, const struct model *model, const struct list_query *query,
	      const struct model_where *where);

/* ---- order.c ---- */

/* The terms a page is ordered by; the last is the id, so that the order is total. */
struct order {
	struct list_sort terms[LIST_SORTS_MAX + 1];
	size_t count;
	/* named as it is in the statement; terms point to it: not to be moved */
	struct field id;
};

/* `id` is the name that the id has in the statement. */
void order_init(struct order *order, const struct list_query *query, const char *id);
/*
 * Rows whose value is null come last. An index has them at one end, which is the wrong one where
 * the order is descending on PostgreSQL or ascending on SQLite; and no seek of an index leads to
 * what comes after a row. Where one field decides, the rows with a value and those without are each
 * read from an index on it and the id.
 */
enum order_rows { ROWS_ALL, ROWS_WITH_VALUE, ROWS_WITH_NULL };
/* Whether the order is of such a field. */
bool order_has_parts(const struct order *order);
/* Adds ORDER BY. */
void sql_order(struct sql *sql, const struct order *order, enum order_rows rows);
/*
 * Adds the conditions for rows that are among those, and come after the one with these values;
 * NULL: all of them.
 */
void sql_after(struct sql *sql, const struct order *order, enum order_rows rows,
	       const struct db_value *values);

/* ---- cursor.c, list_rows.c ---- */

/* What a cursor belongs to. */
struct cursor_scope {
	const struct model *model;
	const struct list_query *query;
	const struct model_where *where;
	const struct order *order;
};

/* The cursor that continues after this row; in the arena. */
enum app_err cursor_write(struct ctx *c, const struct cursor_scope *scope, const void *row,
			  const char **ret_text) MUST_USE;
/*
 * Reads one value for each term of the order. Anything but a cursor of ours for this very list is a
 * fault.
 */
enum app_err cursor_read(struct ctx *c, const struct cursor_scope *scope, const char *text,
			 struct db_value ret_values[LIST_SORTS_MAX + 1]) MUST_USE;

/* The page's rows and one more, which tells whether there is a next page. */
enum app_err list_rows(struct ctx *c, const struct cursor_scope *scope,
		       const struct db_value *after, struct array *ret) MUST_USE;

/* ---- total.c ---- */

/* Rows of the list on all its pages. */
enum app_err total_count(struct ctx *c, const struct model *model, const struct list_query *query,
			 const struct model_where *where, int64_t *ret) MUST_USE;

#endif
