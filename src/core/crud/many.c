/* Writes of many rows of a declared table: all or none, and every faulty one is named. */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/item_faults.h"
#include "internal.h"

SCHEMA(crud_done,
	FIELD(struct crud_done, ids, .required = true, .item_type = FIELD_INT,
	      .doc = "In the order of what was sent"),
	FIELD(struct crud_done, count, .required = true, MIN(1)));

const char *const crud_bulk_verbs[] = CHOICES("update", "delete", "restore");

/* Whether it is about this item, so that the others may be looked at, too. */
static bool is_of_item(enum app_err err)
{
	return err == APP_INVALID || err == APP_CONFLICT || err == APP_NOT_FOUND ||
	       err == APP_FORBIDDEN;
}

static void done_with(struct crud_done *ret, int64_t *ids, size_t count)
{
	ret->ids = (struct array){ .items = ids, .count = count };
	ret->count = (int64_t)count;
}

/* ---- batch ---- */

static enum app_err complete_all(struct ctx *c, const struct crud *crud, const struct array *rows)
{
	struct item_faults faults = { .c = c, .list = "items", .item = crud->create };
	for (size_t i = 0; i < rows->count && !item_faults_are_full(&faults); i++) {
		enum app_err err = crud_complete(c, crud,
						 (char *)rows->items + i * crud->create->size);
		if (err && !is_of_item(err))
			return err;
		if (err)
			item_faults_take(&faults, i);
	}
	return item_faults_fail(&faults);
}

/* The hook wants to see each row as it was stored. */
static enum app_err tell_each(struct ctx *c, const struct crud *crud, const int64_t *ids,
			      size_t count)
{
	void *row = crud_row_new(c, crud);
	enum app_err err = APP_OK;
	for (size_t i = 0; i < count && !err; i++) {
		err = model_get(c, crud->model, ids[i], row);
		if (!err)
			err = crud->after_write(c, CRUD_CREATE, NULL, row);
	}
	return err;
}

enum app_err crud_batch(struct ctx *c, const struct crud *crud, const struct crud_batch *in,
			struct crud_done *ret)
{
	size_t count = in->items.count, size = count * crud->create->size;
	struct array rows = { .items = arena_raw(c->arena, size), .count = count };
	int64_t *ids = arena_raw(c->arena, count * sizeof(*ids));
	memcpy(rows.items, in->items.items, size);
	enum app_err err = complete_all(c, crud, &rows);
	if (!err)
		err = model_insert_many(c, crud->model, crud->create, "items", &rows, ids);
	if (!err && crud->after_write)
		err = tell_each(c, crud, ids, count);
	if (!err)
		done_with(ret, ids, count);
	return err;
}

/* ---- bulk ---- */

struct bulk {
	struct ctx *c;
	const struct crud *crud;
	const struct crud_bulk *in;
	const void *set;
	/* room for a row that is asked for and not shown */
	void *row;
};

static enum app_err bulk_one(const struct bulk *b, int64_t id)
{
	const struct crud_target target = { .id = id };
	if (str_eq(b->in->verb, "delete"))
		return crud_delete(b->c, b->crud, &target);
	if (str_eq(b->in->verb, "restore"))
		return crud_bring_back(b->c, b->crud, id, b->row);
	return crud_change(b->c, b->crud, &target, b->set, b->row);
}

/* In a transaction of its own, so that a rule of the tables that one breaks stops no other. */
static enum app_err bulk_try(const struct bulk *b, int64_t id)
{
	AUTO(db_tx) tx = { 0 };
	enum app_err err = db_tx_begin(b->c, &tx);
	if (!err)
		err = bulk_one(b, id);
	return err ? err : db_tx_commit(&tx);
}

/* `before`: what the arena held when the first row was not read yet. */
static enum app_err bulk_check_bytes(const struct bulk *b, size_t before)
{
	if (arena_footprint(b->c->arena) - before <= CRUD_BULK_BYTES_MAX)
		return APP_OK;
	return ctx_fail(b->c, APP_TOO_LARGE,
			"These rows are too large for one bulk: send fewer ids at once");
}

static enum app_err bulk_all(const struct bulk *b)
{
	const int64_t *ids = b->in->ids.items;
	size_t before = arena_footprint(b->c->arena);
	struct item_faults faults = { .c = b->c, .list = "ids" };
	for (size_t i = 0; i < b->in->ids.count && !item_faults_are_full(&faults); i++) {
		enum app_err err = bulk_try(b, ids[i]);
		if (err && is_of_item(err)) {
			item_faults_take(&faults, i);
			err = APP_OK;
		}
		if (!err)
			err = bulk_check_bytes(b, before);
		if (err)
			return err;
	}
	return item_faults_fail(&faults);
}

static bool sets_something(const struct schema *schema, const void *set)
{
	for (size_t i = 0; i < schema->count; i++)
		if (field_presence(&schema->fields[i], set) != ABSENT)
			return true;
	return false;
}

static enum app_err bulk_check(struct ctx *c, const struct crud *crud, const struct crud_bulk *in,
			       const void *set)
{
	bool updates = str_eq(in->verb, "update");
	if (updates && !sets_something(crud->set, set))
		return schema_fault(c, "body", "set", "to update, it needs a member at least");
	if (!updates && sets_something(crud->set, set))
		return schema_fault(c, "body", "set", "it is for do=update");
	if (str_eq(in->verb, "restore") && !crud->model->soft_delete)
		return schema_fault(c, "body", "do", "a deleted %s is gone for good",
				    crud->model->name);
	return APP_OK;
}

enum app_err crud_bulk(struct ctx *c, const struct crud *crud, const struct crud_bulk *in,
		       const void *set, struct crud_done *ret)
{
	const struct bulk b = { c, crud, in, set, crud_row_new(c, crud) };
	enum app_err err = bulk_check(c, crud, in, set);
	if (!err)
		err = bulk_all(&b);
	if (!err)
		done_with(ret, in->ids.items, in->ids.count);
	return err;
}
