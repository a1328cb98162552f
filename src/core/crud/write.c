/* Writes of one row of a declared table. */
#include <string.h>

#include "base/arena.h"
#include "internal.h"

static enum app_err written(struct ctx *c, const struct crud *crud, enum crud_verb verb,
			    const void *before, const void *after)
{
	return crud->after_write ? crud->after_write(c, verb, before, after) : APP_OK;
}

/* An answer that is a row has all its relations. */
static enum app_err shown(struct ctx *c, const struct crud *crud, enum app_err err, void *row)
{
	return err ? err : model_embed(c, crud->model, row);
}

/* What hooks change is a copy. */
static void *copied(struct ctx *c, const struct schema *schema, const void *in)
{
	void *copy = arena_raw(c->arena, schema->size);
	return memcpy(copy, in, schema->size);
}

/* ---- create ---- */

static enum app_err own(struct ctx *c, const struct crud *crud, void *in)
{
	if (crud->owner->made_at < 0)
		return APP_OK;
	if (c->actor.kind != ACTOR_USER)
		return ctx_fail(c, APP_CONFLICT,
				"A %s needs an owner: sign in as a user to make one",
				crud->model->name);
	memcpy((char *)in + crud->owner->made_at, &c->actor.user_id, sizeof(c->actor.user_id));
	return APP_OK;
}

/* What is left out is null, whatever default the table has: all rows of a batch are alike. */
static void fill_in(const struct schema *schema, void *in)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (field->nullable && field_presence(field, in) == ABSENT)
			field_set_null(field, in);
	}
}

enum app_err crud_complete(struct ctx *c, const struct crud *crud, void *in)
{
	enum app_err err = own(c, crud, in);
	if (!err && crud->before_create)
		err = crud->before_create(c, in);
	fill_in(crud->create, in);
	return err;
}

enum app_err crud_create(struct ctx *c, const struct crud *crud, const void *in, void *ret)
{
	void *row = copied(c, crud->create, in);
	enum app_err err = crud_complete(c, crud, row);
	if (!err)
		err = model_insert(c, crud->model, crud->create, row, ret);
	if (!err)
		err = written(c, crud, CRUD_CREATE, NULL, ret);
	return shown(c, crud, err, ret);
}

/* ---- update and replace ---- */

static enum app_err find_to_change(struct ctx *c, const struct crud *crud, int64_t id, void *ret)
{
	struct model_where room;
	enum app_err err = model_get_where(c, crud->model, id, crud_where(c, crud, &room), ret);
	if (!err && !crud_may_change(c, crud, ret))
		err = ctx_fail(c, APP_FORBIDDEN, "You may not change this %s", crud->model->name);
	return err;
}

/* The row as it is; NULL where nobody wants to see it, and the write will tell whether it is. */
static enum app_err find_before(struct ctx *c, const struct crud *crud, int64_t id,
				void **ret_before)
{
	*ret_before = crud_looks_first(crud) ? crud_row_new(c, crud) : NULL;
	return *ret_before ? find_to_change(c, crud, id, *ret_before) : APP_OK;
}

/* `set` is the caller's own: hooks change it. */
static enum app_err change(struct ctx *c, const struct crud *crud, const struct crud_target *target,
			   void *set, void *ret)
{
	void *before;
	enum app_err err = find_before(c, crud, target->id, &before);
	if (!err && crud->before_update)
		err = crud->before_update(c, before, set);
	if (!err)
		err = model_update(
			c, crud->model, target->id, crud->set, set,
			&(struct model_match){ .if_match = target->if_match, .before = before },
			ret);
	return err ? err : written(c, crud, CRUD_UPDATE, before, ret);
}

enum app_err crud_change(struct ctx *c, const struct crud *crud, const struct crud_target *target,
			 const void *set, void *ret)
{
	return change(c, crud, target, copied(c, crud->set, set), ret);
}

enum app_err crud_update(struct ctx *c, const struct crud *crud, const struct crud_target *target,
			 const void *set, void *ret)
{
	return shown(c, crud, crud_change(c, crud, target, set, ret), ret);
}

enum app_err crud_replace(struct ctx *c, const struct crud *crud, const struct crud_target *target,
			  const void *row, void *ret)
{
	void *set = arena_zero(c->arena, crud->set->size);
	crud_set_all(crud, row, set);
	return shown(c, crud, change(c, crud, target, set, ret), ret);
}

/* ---- delete and restore ---- */

enum app_err crud_delete(struct ctx *c, const struct crud *crud, const struct crud_target *target)
{
	void *before;
	enum app_err err = find_before(c, crud, target->id, &before);
	if (!err)
		err = model_delete(
			c, crud->model, target->id,
			&(struct model_match){ .if_match = target->if_match, .before = before });
	return err ? err : written(c, crud, CRUD_DELETE, before, NULL);
}

/* A row that is there is none to restore, which model_restore() tells. */
static enum app_err find_deleted(struct ctx *c, const struct crud *crud, int64_t id, void *ret)
{
	struct model_where room, all = { .with_deleted = true };
	const struct model_where *where = crud_where(c, crud, &room);
	if (where) {
		all = *where;
		all.with_deleted = true;
	}
	enum app_err err = model_get_where(c, crud->model, id, &all, ret);
	if (!err && !crud_may_change(c, crud, ret))
		err = model_not_found(c, crud->model);
	return err;
}

enum app_err crud_bring_back(struct ctx *c, const struct crud *crud, int64_t id, void *ret)
{
	void *before = crud_row_new(c, crud);
	enum app_err err = find_deleted(c, crud, id, before);
	if (!err)
		err = model_restore(c, crud->model, id, ret);
	return err ? err : written(c, crud, CRUD_RESTORE, before, ret);
}

enum app_err crud_restore(struct ctx *c, const struct crud *crud, const struct crud_ref *in,
			  void *ret)
{
	return shown(c, crud, crud_bring_back(c, crud, in->id, ret), ret);
}
