/* What an author may say wrongly of a declared table, told when the server starts. */
#include "base/arena.h"
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

const char *crud_fault(struct ctx *c, const struct crud *crud)
{
	const char *what = model_fault(c, crud);
	if (what)
		return what;
	if (crud->is_private && crud->visible)
		return "it has .is_private and .visible: one of them is too much";
	if (crud->is_private && crud->owner->row_at < 0)
		return ".is_private needs to know whose a row is; add a column (OWNER, user_id)";
	return NULL;
}
