/* What an author may say wrongly of a declared table, told when the server starts. */
#include "base/arena.h"
#include "base/str.h"
#include "internal.h"

static const char *model_fault(struct ctx *c, const struct crud *crud)
{
	const struct model *model = crud->model;
	if (!model)
		return "its table has no model; set .model";
	if (model->row != crud->row)
		return arena_printf(c->arena,
				    "the rows of model '%s' are not those of the columns '%s'; set "
				    ".row of the model to &%s_schema",
				    model->name, crud->row->name, crud->row->name);
	if (!model->timestamps)
		return arena_printf(c->arena,
				    "rows have created_at and updated_at, which the model keeps; "
				    "set .timestamps of model '%s'",
				    model->name);
	return NULL;
}

/* A change is made of what create takes, member by member: see crud_set_all(). */
static const char *set_fault(struct ctx *c, const struct crud *crud)
{
	const struct schema *set = crud->set, *create = crud->create;
	const struct field *from = create->fields, *end = from + create->count;
	for (const struct field *to = set->fields; to < set->fields + set->count; to++, from++) {
		while (from < end && !str_eq(from->name, to->name))
			from++;
		if (from == end)
			return arena_printf(c->arena,
					    "'%s' of '%s' is not in '%s', or not in this place; "
					    "give both their members in one order",
					    to->name, set->name, create->name);
		if (!to->maybe || to->type != from->type)
			return arena_printf(c->arena,
					    "'%s' of '%s' is not what '%s' has, as a struct "
					    "maybe_…; make it that",
					    to->name, set->name, create->name);
	}
	return NULL;
}

/* Of a column; `made` is what create takes of it, or NULL. */
static const char *preset_fault(const struct field *column, const struct field *made)
{
	if (!column->preset)
		return NULL;
	if (column->nullable)
		return "what may be null is null when it is left out; leave out _OR_NULL or "
		       ".preset";
	if (!made || made->in == NOT_INPUT)
		return "no client sends it, so none leaves it out; leave out .preset";
	return NULL;
}

/* A preset that would never be stored. */
static const char *presets_fault(struct ctx *c, const struct crud *crud)
{
	for (size_t i = 0; i < crud->row->count; i++) {
		const struct field *column = &crud->row->fields[i];
		const char *what = preset_fault(column, schema_field(crud->create, column->name));
		if (what)
			return arena_printf(c->arena, "the column '%s': %s", column->name, what);
	}
	return NULL;
}

/* With ACCESS_PUBLIC nobody is asked who he is, signed in or not. */
static const char *public_fault(const struct crud *crud, const struct operation *op)
{
	if (op->access != ACCESS_PUBLIC)
		return NULL;
	if (crud->is_private)
		return "with ACCESS_PUBLIC nobody is known, and its rows are their owner's alone: "
		       "nobody would see one; give it ACCESS_USER, or leave out .is_private";
	if (crud->owner->row_at >= 0 && op->kind == COMMAND && !crud->may_change)
		return "with ACCESS_PUBLIC nobody is known, and each row has an owner: nobody "
		       "could write one; give it ACCESS_USER, or leave out the (OWNER, …)";
	return NULL;
}

static const char *rules_fault(const struct crud *crud)
{
	if (crud->is_private && crud->visible)
		return "it has .is_private and .visible: one of them is too much";
	if (crud->is_private && crud->owner->row_at < 0)
		return ".is_private needs to know whose a row is; add a column (OWNER, user_id)";
	return NULL;
}

const char *crud_fault(struct ctx *c, const struct operation *op)
{
	const struct crud *crud = op->crud;
	const char *what = model_fault(c, crud);
	what = what ? what : rules_fault(crud);
	what = what ? what : public_fault(crud, op);
	what = what ? what : set_fault(c, crud);
	what = what ? what : presets_fault(c, crud);
	if (!what && op->crud_restores && !crud->model->soft_delete)
		what = arena_printf(c->arena,
				    "what is deleted is gone for good; set .soft_delete of model "
				    "'%s', or leave out CRUD_RESTORE_ROUTE()",
				    crud->model->name);
	return what;
}
