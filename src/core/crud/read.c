/* Reads of a declared table. */
#include "base/arena.h"
#include "internal.h"

enum app_err crud_list(struct ctx *c, const struct crud *crud, const struct crud_list *in,
		       struct page *ret)
{
	struct model_where room;
	return model_list(c, crud->model, &in->list, crud_where(c, crud, &room), ret);
}

enum app_err crud_get(struct ctx *c, const struct crud *crud, const struct crud_ref *in, void *ret)
{
	struct model_where room;
	enum app_err err = model_get_where(c, crud->model, in->id, crud_where(c, crud, &room), ret);
	return err ? err : model_embed(c, crud->model, ret);
}

void *crud_row_new(struct ctx *c, const struct crud *crud)
{
	return arena_zero(c->arena, crud->model->row->size);
}
