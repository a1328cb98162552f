/*
 * The plain operations on a table (list, get, create, replace, update, delete, restore, batch,
 * bulk), done by its model and a few rules. core/columns.h makes the structs and schemas from one
 * list of columns; CRUD_OPERATIONS() the operations, and CRUD_ROUTES() the routes. Each is a const
 * table that could be written by hand, so each can be replaced by one that is.
 *
 *	CRUD_OPERATIONS(books, book, ACCESS_USER, ACCESS_USER, .model = &book_model);
 *	static const struct route books_routes[] = ROUTES(CRUD_ROUTES(books));
 *
 * In the place of an access ACCESS_WITH(&books_edit) asks for a permission, too.
 */
#ifndef CROFT_CORE_CRUD_H
#define CROFT_CORE_CRUD_H

#include "base/attr.h"
#include "base/ctx.h"
#include "core/list.h"
#include "core/model.h"
#include "core/op.h"
#include "core/route.h"
#include "core/schema.h"

enum {
	/* rows of one batch, and of one bulk */
	CRUD_BATCH_MAX = 1000,
	CRUD_BULK_MAX = 200,
	/* bytes of the body of a batch */
	CRUD_BATCH_BODY_MAX = 8 * 1024 * 1024,
	/* of the rows that a bulk reads and writes, as they are in memory */
	CRUD_BULK_BYTES_MAX = 8 * 1024 * 1024,
};

/* ---- inputs and outputs that all tables share ---- */

struct crud_ref {
	int64_t id;
};

/* Which row is changed, and on what condition. */
struct crud_target {
	int64_t id;
	const char *if_match;
};

struct crud_delete {
	struct crud_target target;
};

struct crud_list {
	struct list_query list;
};

struct crud_batch {
	/* of the struct that create takes */
	struct array items;
};

/* What became of a batch or a bulk. */
struct crud_done {
	/* of int64_t: in the order of what was sent */
	struct array ids;
	int64_t count;
};

struct crud_bulk {
	/* of int64_t */
	struct array ids;
	/* one of crud_bulk_verbs */
	const char *verb;
};

extern const struct schema crud_done_schema;
/* "update", "delete", "restore" */
extern const char *const crud_bulk_verbs[];

/* ---- rules ---- */

/* The column that holds the account which made a row; core/columns.h makes it of an OWNER. */
struct crud_owner {
	/* offset in what create takes, and in the row; -1: there is none */
	int made_at, row_at;
	/* constant SQL: $1 owns the row; "": there is none */
	const char *sql;
};

enum crud_verb { CRUD_CREATE, CRUD_UPDATE, CRUD_DELETE, CRUD_RESTORE };

struct crud {
	const struct model *model;
	/* of its rows, of what create takes, and of what update changes: columns only */
	const struct schema *row, *create, *set;
	const struct crud_owner *owner;
	/*
	 * Whoever has it sees and changes the rows of others, as superusers do; NULL: nobody else.
	 */
	const struct permission *manage;
	/*
	 * Only its owner and superusers see a row at all: to others it is not found. Without it
	 * everyone sees it whom the access of get lets in, and only these two change it.
	 */
	bool is_private;
	/*
	 * Which rows are there for the one who acts: fills in `ret`, which is zero and stands for
	 * all; values by model_where_binds(). Others are not found, whatever is asked of them.
	 * NULL: by is_private.
	 */
	void (*visible)(struct ctx *c, struct model_where *ret);
	/* Whether the actor may change the row, which it sees: else 403. NULL: by the owner. */
	bool (*may_change)(const struct actor *actor, const void *row);
	/*
	 * Fills in or refuses what create and batch are about to store; `in` is the struct of
	 * .create, a copy.
	 */
	enum app_err (*before_create)(struct ctx *c, void *in);
	/*
	 * The same of what update and bulk change, and of replace, which gives every member; `set`
	 * is the struct of .set, `row` is as it was.
	 */
	enum app_err (*before_update)(struct ctx *c, const void *row, void *set);
	/*
	 * After each write of a row, within the same transaction. `before` is NULL for
	 * CRUD_CREATE, `after` for CRUD_DELETE.
	 */
	enum app_err (*after_write)(struct ctx *c, enum crud_verb verb, const void *before,
				    const void *after);
};

/*
 * What contradicts itself in the rules that the operation is made of, or does not go with the
 * model, as a sentence in the arena; NULL: nothing. The routes are set up with it, so that such a
 * module does not start.
 */
const char *crud_fault(struct ctx *c, const struct operation *op);

/* ---- the operations ---- */

/* Inside a write, but for list and get. `in` and `ret` are the structs of the schemas. */
enum app_err crud_list(struct ctx *c, const struct crud *crud, const struct crud_list *in,
		       struct page *ret) MUST_USE;
enum app_err crud_get(struct ctx *c, const struct crud *crud, const struct crud_ref *in,
		      void *ret) MUST_USE;
enum app_err crud_create(struct ctx *c, const struct crud *crud, const void *in,
			 void *ret) MUST_USE;
enum app_err crud_update(struct ctx *c, const struct crud *crud, const struct crud_target *target,
			 const void *set, void *ret) MUST_USE;
/* What is left out becomes its preset, or null. */
enum app_err crud_replace(struct ctx *c, const struct crud *crud, const struct crud_target *target,
			  const void *row, void *ret) MUST_USE;
enum app_err crud_delete(struct ctx *c, const struct crud *crud,
			 const struct crud_target *target) MUST_USE;
/* Only of a model that deletes softly. What the actor may not change is not found. */
enum app_err crud_restore(struct ctx *c, const struct crud *crud, const struct crud_ref *in,
			  void *ret) MUST_USE;
/* All or none: the faults name every item that is refused. */
enum app_err crud_batch(struct ctx *c, const struct crud *crud, const struct crud_batch *in,
			struct crud_done *ret) MUST_USE;
/*
 * All or none: the faults name every id that is refused. APP_TOO_LARGE once the rows take more than
 * CRUD_BULK_BYTES_MAX: few bytes name many rows, and one value may be set in all of them.
 */
enum app_err crud_bulk(struct ctx *c, const struct crud *crud, const struct crud_bulk *in,
		       const void *set, struct crud_done *ret) MUST_USE;

/* ---- by declaration ---- */

/* clang-format off */

#define CRUD_OPERATION(module, verb, in_type, out_type, call, ...) \
	static enum app_err module##_##verb##_run(struct ctx *c, void *bound, void *result) \
	{ \
		const in_type *in MAYBE_UNUSED = bound; \
		out_type *ret MAYBE_UNUSED = result; \
		return call; \
	} \
	static const struct op_types module##_##verb##_types = OP_TYPES(in_type, out_type); \
	static const struct operation module##_##verb MAYBE_UNUSED = { \
		.name = #module "." #verb, RUN(module##_##verb), \
		.crud = &module##_crud, __VA_ARGS__ \
	}

/*
 * CRUD_OPERATIONS(books, book, ACCESS_USER, ACCESS_USER, .model = &book_model): books_crud, with
 * the members of struct crud that follow; and the operations books_list, _get, _create, _replace,
 * _update, _delete, _restore, _batch and _bulk, of which the first two have the first access and
 * the others the second.
 */
#define CRUD_OPERATIONS(module, tag, read_access, write_access, ...) \
	static const struct crud module##_crud = { \
		.row = &tag##_schema, .create = &tag##_create_schema, .set = &tag##_set_schema, \
		.owner = &tag##_owner, \
		__VA_ARGS__ \
	}; \
	CRUD_OPERATION(module, list, struct crud_list, struct page, \
		       crud_list(c, &module##_crud, in, ret), .summary = "List the " #module, \
		       .doc = CRUD_DOC_LIST, .kind = QUERY, .access = read_access, \
		       .in = &tag##_list_schema, .out = &tag##_page_schema); \
	CRUD_OPERATION(module, get, struct crud_ref, struct tag, \
		       crud_get(c, &module##_crud, in, ret), .summary = "Read one " #tag, \
		       .kind = QUERY, .access = read_access, \
		       .in = &tag##_ref_schema, .out = &tag##_schema); \
	CRUD_OPERATION(module, create, struct tag##_create, struct tag, \
		       crud_create(c, &module##_crud, in, ret), .summary = "Create one " #tag, \
		       .kind = COMMAND, .access = write_access, \
		       .in = &tag##_create_schema, .out = &tag##_schema, \
		       .fails_with = { APP_CONFLICT }); \
	CRUD_OPERATION(module, replace, struct tag##_replace, struct tag, \
		       crud_replace(c, &module##_crud, &in->target, &in->row, ret), \
		       .summary = "Replace one " #tag, .doc = CRUD_DOC_REPLACE, \
		       .kind = COMMAND, .access = write_access, \
		       .in = &tag##_replace_schema, .out = &tag##_schema, \
		       .fails_with = { APP_FORBIDDEN, APP_CONFLICT }); \
	CRUD_OPERATION(module, update, struct tag##_update, struct tag, \
		       crud_update(c, &module##_crud, &in->target, &in->set, ret), \
		       .summary = "Change one " #tag, .doc = CRUD_DOC_UPDATE, \
		       .kind = COMMAND, .access = write_access, \
		       .in = &tag##_update_schema, .out = &tag##_schema, \
		       .fails_with = { APP_FORBIDDEN, APP_CONFLICT }); \
	CRUD_OPERATION(module, delete, struct crud_delete, struct nothing, \
		       crud_delete(c, &module##_crud, &in->target), \
		       .summary = "Delete one " #tag, \
		       .kind = COMMAND, .access = write_access, .in = &tag##_delete_schema, \
		       .fails_with = { APP_FORBIDDEN, APP_CONFLICT }); \
	CRUD_OPERATION(module, restore, struct crud_ref, struct tag, \
		       crud_restore(c, &module##_crud, in, ret), \
		       .summary = "Bring one deleted " #tag " back", .crud_restores = true, \
		       .kind = COMMAND, .access = write_access, \
		       .in = &tag##_ref_schema, .out = &tag##_schema, \
		       .fails_with = { APP_CONFLICT }); \
	CRUD_OPERATION(module, batch, struct crud_batch, struct crud_done, \
		       crud_batch(c, &module##_crud, in, ret), \
		       .summary = "Create many " #module " at once", .doc = CRUD_DOC_BATCH, \
		       .kind = COMMAND, .access = write_access, \
		       .in = &tag##_batch_schema, .out = &crud_done_schema, \
		       .fails_with = { APP_CONFLICT }); \
	CRUD_OPERATION(module, bulk, struct tag##_bulk, struct crud_done, \
		       crud_bulk(c, &module##_crud, &in->all, &in->set, ret), \
		       .summary = "Change, delete or restore many " #module " at once", \
		       .doc = CRUD_DOC_BULK, .kind = COMMAND, .access = write_access, \
		       .in = &tag##_bulk_schema, .out = &crud_done_schema, \
		       .fails_with = { APP_CONFLICT })

#define CRUD_DOC_LIST "By id unless sort says otherwise."
#define CRUD_DOC_REPLACE "Members that are left out become their default, or null."
#define CRUD_DOC_UPDATE "Members that are left out stay as they are."
#define CRUD_DOC_BATCH \
	"All or none: when one is refused, nothing is written and every faulty one is named."
#define CRUD_DOC_BULK \
	"All or none: when one is refused, nothing is written and every faulty id is named. With " \
	"do=update each gets the members of set. Large rows are taken a few at a time: 413."

/* ---- routes ---- */

/* All but restore, which is for models that delete softly: CRUD_RESTORE_ROUTE(books). */
#define CRUD_ROUTES(module) \
	{ GET, "/" #module, &module##_list, .status = 200 }, \
	{ POST, "/" #module, &module##_create, .status = 201 }, \
	{ POST, "/" #module "/batch", &module##_batch, .status = 201, \
	  .max_body = CRUD_BATCH_BODY_MAX }, \
	{ POST, "/" #module "/bulk", &module##_bulk, .status = 200 }, \
	{ GET, "/" #module "/{id}", &module##_get, .status = 200 }, \
	{ PUT, "/" #module "/{id}", &module##_replace, .status = 200 }, \
	{ PATCH, "/" #module "/{id}", &module##_update, .status = 200 }, \
	{ DELETE, "/" #module "/{id}", &module##_delete, .status = 204 }
#define CRUD_RESTORE_ROUTE(module) \
	{ POST, "/" #module "/{id}/restore", &module##_restore, .status = 200 }

/* clang-format on */

#endif
