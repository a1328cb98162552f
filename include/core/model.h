/*
 * Tables as structs. A model names a table and the schema of its rows; from these come reading,
 * writing and listing on every database. Every model has an integer primary key `id`.
 *
 * Columns are the fields of the schema by name, without relations, lists, objects and fields marked
 * .not_column. The columns that an input writes are those of its schema that come from the body
 * (IN_BODY, IN_FORM) or are filled in by the command (NOT_INPUT), and for an insert what the path,
 * the query or a header says of a column of the row, but for the id; an absent maybe_… member is
 * left alone by an update, and left to the column's default by an insert. A field of the row with
 * .key or .folded has a second column, which every write of the first fills: no input has it.
 */
#ifndef CROFT_CORE_MODEL_H
#define CROFT_CORE_MODEL_H

#include "base/attr.h"
#include "base/ctx.h"
#include "core/db.h"
#include "core/list.h"
#include "core/schema.h"

struct model {
	/* For messages: "post" gives "Post not found". */
	const char *name;
	/* Such as "posts". */
	const char *table;
	const struct schema *row;
	/* It has a nullable column deleted_at (instant): deleted rows stay and are seen nowhere. */
	bool soft_delete;
	/* The columns created_at and updated_at are filled in here: no input has them. */
	bool timestamps;
	/*
	 * Full-text search: the FTS5 table whose rowid is the id (SQLite), and the column of type
	 * tsvector (PostgreSQL). q then finds rows with all its words, each as the beginning of
	 * one. docs/search.md has the migrations. NULL: q is a text that a field marked
	 * .search contains. Those fields are needed in any case: they tell clients about q.
	 */
	const char *fts_table, *fts_column;
};

/* A list of them with its end: const struct model *const models[] = MODELS(&book_model); */
#define MODELS(...) \
	{ \
		__VA_ARGS__, NULL \
	}

enum relation_kind { BELONGS_TO, HAS_MANY, MANY_TO_MANY };

/* What a field with .relation embeds. Loaded for a whole page with one query per relation. */
struct relation {
	enum relation_kind kind;
	/* Of what is embedded; its row schema is the field's .object, or narrower. */
	const struct model *model;
	/* BELONGS_TO: our column that holds their id. HAS_MANY: theirs that holds our id. */
	const char *key;
	/* MANY_TO_MANY: the table that links both, and its columns that hold the two ids. */
	const char *through, *through_ours, *through_theirs;
	/* Constant SQL that their rows must meet, such as "status = 'published'", or NULL. */
	const char *condition;
	/* Rows per owner; 0: 100. Further ones are left out, newest id first for HAS_MANY. */
	int most;
};

/*
 * Which rows there are for the caller, one by one and in lists: constant SQL with $1 … for `binds`.
 * Columns are bare names. Zero: all that are not deleted.
 */
struct model_where {
	/* NULL: each row meets it, unless .or_else says otherwise. */
	const char *sql;
	/*
	 * Rows that are let in, too, or without `sql` no others than these; NULL: none. Each of the
	 * two has all of the binds or none. No row may meet both: in a list each of the two is
	 * looked up by an index of its own, and their rows are merged and their counts added up. An
	 * OR in `sql` would have the database walk through all rows.
	 */
	const char *or_else;
	struct db_binds binds;
	/* Softly deleted rows are seen, too. */
	bool with_deleted;
};
/* The same values in the arena, for a function that fills a condition in: BIND() ends with it. */
struct db_binds model_where_binds(struct ctx *c, struct db_binds binds);

/* ---- one row ---- */

/*
 * How large the struct is that a row is read into: one of another table is told (APP_INTERNAL, with
 * the cause for the log) and not overrun. 1 where that is not known, of a void pointer. Functions
 * that may be given a struct in braces are no macros, and look at nothing.
 */
#define MODEL_ROOM(ret) sizeof(*_Generic((ret), void * : (char *)0, default : (ret)))

/* The row with the id. APP_NOT_FOUND is recorded as "<Name> not found". */
#define model_get(c, model, id, ret) model_get_into(c, model, id, ret, MODEL_ROOM(ret))
enum app_err model_get_into(struct ctx *c, const struct model *model, int64_t id, void *ret,
			    size_t room) MUST_USE;
/*
 * The same, if the row meets the condition, too (NULL: none): one that does not is not found, as if
 * it were not there. Inside a write the row stays as it is until the write is done, and who else
 * wants to decide by it waits.
 */
enum app_err model_get_where(struct ctx *c, const struct model *model, int64_t id,
			     const struct model_where *where, void *ret) MUST_USE;
/* Records that APP_NOT_FOUND, of a row that is there and not the caller's business. */
enum app_err model_not_found(struct ctx *c, const struct model *model) MUST_USE;
/*
 * The first row whose column has the value; of a field with .key, the one of that name in any case
 * and form. `column` is a constant.
 */
#define model_find(c, model, column, value, ret) \
	model_find_into(c, model, column, value, ret, MODEL_ROOM(ret))
enum app_err model_find_into(struct ctx *c, const struct model *model, const char *column,
			     struct db_value value, void *ret, size_t room) MUST_USE;

/*
 * Inserts the columns of the input and reads the new row. Broken rules are as db_exec() says:
 * APP_CONFLICT or APP_INVALID that name the field.
 */
enum app_err model_insert(struct ctx *c, const struct model *model, const struct schema *in_schema,
			  const void *in, void *ret) MUST_USE;
/*
 * Inserts `count` inputs (an array of in_schema->size structs) in few statements; ret_ids (count
 * ids, may be NULL) in order. On a broken rule nothing is inserted and the faults name every faulty
 * row: ["body", field, index, column]. `field` is the input's list member, such as "items".
 */
enum app_err model_insert_many(struct ctx *c, const struct model *model,
			       const struct schema *in_schema, const char *field,
			       const struct array *in, int64_t *ret_ids) MUST_USE;

/* What makes a change conditional; zero: nothing. */
struct model_match {
	/* The header If-Match: a list of ETags, "*", or NULL. */
	const char *if_match;
	/*
	 * The row, as model_get_where() read it within this write: then it is not read again to
	 * compare. NULL: it was not.
	 */
	const void *before;
	/* Moves updated_at even when no column changes: for what is changed in other tables. */
	bool touch;
};
/* The header as the member `if_match` (const char *) of an input. */
#define IF_MATCH_RULES \
	.in = IN_HEADER, .nullable = true, .max_len = 1000, \
	.doc = "ETag of the row as you know it: refused with 412 once it has changed"
#define IF_MATCH_FIELD(owner) FIELD(owner, if_match, IF_MATCH_RULES)
/*
 * Changes the members that are present and reads the row. With if_match, APP_PRECONDITION_FAILED
 * unless one of its tags is model_etag() of the row as it is.
 */
enum app_err model_update(struct ctx *c, const struct model *model, int64_t id,
			  const struct schema *in_schema, const void *in,
			  const struct model_match *match, void *ret) MUST_USE;
/* Deletes, softly where the model says so. */
enum app_err model_delete(struct ctx *c, const struct model *model, int64_t id,
			  const struct model_match *match) MUST_USE;
/*
 * For the `prepare` of an operation that deletes a row which others refer to with ON DELETE
 * CASCADE: whether more than two hundred do in one table; and deletes those in such tables, so many
 * in a write of its own each, so that no other write waits for all. Between the two the operation
 * checks what it refuses, in a write. Nothing brings them back, nor what refers to them.
 */
enum app_err model_has_many_children(struct ctx *c, const struct model *model, int64_t id,
				     bool *ret) MUST_USE;
enum app_err model_delete_children(struct ctx *c, const struct model *model, int64_t id) MUST_USE;
/* Brings a softly deleted row back; APP_NOT_FOUND unless it is deleted. */
#define model_restore(c, model, id, ret) model_restore_into(c, model, id, ret, MODEL_ROOM(ret))
enum app_err model_restore_into(struct ctx *c, const struct model *model, int64_t id, void *ret,
				size_t room) MUST_USE;

enum { MODEL_ETAG_ROOM = 40 };
/* Whether rows of the schema have an ETag: they have an id and updated_at. */
bool model_has_etag(const struct schema *row);
/*
 * The strong ETag of a row, with its quotes, made of its id and updated_at; "" when the schema
 * lacks one of them.
 */
void model_etag(const struct schema *row, const void *value, char ret[MODEL_ETAG_ROOM]);

/* ---- many rows ---- */

/*
 * One page of rows as the query asks (filters, sort, page or cursor, total, includes). Cursors are
 * signed and bound to model, sort and filters: a foreign or tampered one is a fault of
 * query.cursor.
 */
enum app_err model_list(struct ctx *c, const struct model *model, const struct list_query *query,
			const struct model_where *where, struct page *ret) MUST_USE;
/*
 * Rows that meet the condition. On SQLite the count is remembered until the table changes, each
 * condition with its values by itself; not when the condition has a SELECT in it, which may look at
 * other tables.
 */
enum app_err model_count(struct ctx *c, const struct model *model, const struct model_where *where,
			 int64_t *ret) MUST_USE;
/* Loads the relations that the query includes into `count` rows. */
enum app_err model_include(struct ctx *c, const struct model *model, const struct list_query *query,
			   void *rows, size_t count) MUST_USE;
/* Loads all relations of one row, as an answer that is a row of itself has them. */
enum app_err model_embed(struct ctx *c, const struct model *model, void *row) MUST_USE;

/* The relation that the field is the key of: it holds ids of what its row belongs to; or NULL. */
const struct relation *model_relation_of(const struct model *model, const struct field *field);
/*
 * What the relations of a row, and of all that it holds and they embed, forgot to say, as a
 * sentence in the arena; NULL: nothing. The routes are set up with it, so that such a module does
 * not start.
 */
const char *model_relation_fault(struct ctx *c, const struct schema *row);
/*
 * The same of .key and .folded of its fields, and of an input (NULL: none) that would fill their
 * columns.
 */
const char *model_fold_fault(struct ctx *c, const struct schema *row, const struct schema *in);

/* ---- aggregates ---- */

enum model_function { MODEL_COUNT, MODEL_SUM, MODEL_MIN, MODEL_MAX, MODEL_AVERAGE };

/*
 * One value worked out of many rows. Of no rows a count and a sum are 0 and the others null, so
 * their fields are maybe_…. A sum that int64_t cannot hold is APP_INTERNAL.
 */
struct model_aggregate {
	enum model_function function;
	/* A constant. MODEL_COUNT counts its different values, and with NULL the rows. */
	const char *column;
	/* Constant SQL: only rows that meet it are seen; NULL: all are. */
	const char *condition;
	/* The field of the result that gets it; NULL ends an array. */
	const char *as;
};

/* A table of them with its end. */
#define AGGREGATES(...) \
	{ \
		__VA_ARGS__, \
		{ \
			0 \
		} \
	}

struct model_aggregation {
	const struct model *model;
	const struct model_aggregate *aggregates;
	/* Its filters and q narrow the rows; NULL: none do. */
	const struct list_query *query;
	/* Which rows there are; NULL: all. Conditions of aggregates may use its binds, too. */
	const struct model_where *where;
	const struct schema *out;
	/*
	 * model_aggregate_by() only: constant SQL that tells the groups apart, the field that gets
	 * it, most groups.
	 */
	const char *group, *group_as;
	size_t most;
};

/* The aggregates of all rows that the condition lets in, as one struct of `out`. */
enum app_err model_aggregate(struct ctx *c, const struct model_aggregation *what,
			     void *ret) MUST_USE;
/*
 * The same for each group, ordered by it, as an array of structs of `out`. More than `most` is
 * APP_INTERNAL.
 */
enum app_err model_aggregate_by(struct ctx *c, const struct model_aggregation *what,
				struct array *ret) MUST_USE;

/* ---- SQL of one's own ---- */

/*
 * Fills `ret` (schema->size bytes, zeroed first) from the current row. Texts are copied into the
 * arena. A column no field is named after, or a null in a field that cannot be null, is a
 * programming error (APP_INTERNAL with the cause for the log). Fields without a column stay zero.
 */
enum app_err model_row(struct db_rows *rows, const struct schema *schema, void *ret) MUST_USE;

/*
 * Runs the query and reads its first row; APP_NOT_FOUND when there is none. That is not recorded as
 * a failure, so the caller may go on, or say it better:
 * `if (err == APP_NOT_FOUND) return ctx_fail(c, err, "no such post");`
 */
#define model_one(c, sql, binds, schema, ret) \
	model_one_into(c, sql, binds, schema, ret, MODEL_ROOM(ret))
enum app_err model_one_into(struct ctx *c, const char *sql, struct db_binds binds,
			    const struct schema *schema, void *ret, size_t room) MUST_USE;
/*
 * Runs the query and reads all rows, at most `most` (more is APP_INTERNAL); ret->items is in the
 * arena.
 */
enum app_err model_all(struct ctx *c, const char *sql, struct db_binds binds,
		       const struct schema *schema, size_t most, struct array *ret) MUST_USE;
/*
 * The first column of the first row as an integer (null: 0); APP_NOT_FOUND, as above, when there is
 * no row.
 */
enum app_err model_int(struct ctx *c, const char *sql, struct db_binds binds,
		       int64_t *ret) MUST_USE;

#endif
