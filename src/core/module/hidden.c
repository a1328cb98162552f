/*
 * Whether clients of a declared table are shown rows of another that they may not see: they name
 * one by its id, and a relation embeds it. Asked of all modules together, as the two tables may be
 * of two.
 */
#include "base/ctx.h"
#include "base/str.h"
#include "core/crud.h"
#include "core/model.h"
#include "core/op.h"
#include "internal.h"

/* Whether a table by declaration keeps rows of this model from some who may read others. */
static bool is_hidden(const struct module *const *modules, const struct model *model)
{
	struct module_operations all = { .modules = modules };
	for (const struct operation *op; (op = module_operation_next(&all));) {
		const struct crud *crud = op->crud;
		if (crud && crud->model && str_eq(crud->model->table, model->table) &&
		    (crud->is_private || crud->visible))
			return true;
	}
	return false;
}

/* Whether a client says which row it is, and nobody looks at what it said. */
static bool is_free(const struct crud *crud, const struct field *field)
{
	const struct relation *relation = field->relation;
	if (!relation || relation->kind != BELONGS_TO || !relation->model || !relation->key ||
	    relation->condition)
		return false;
	const struct field *key = schema_field(crud->create, relation->key);
	return key && key->in != NOT_INPUT && !(crud->before_create && crud->before_update);
}

static enum app_err check_relations(struct ctx *c, const struct module *const *modules,
				    const struct operation *op)
{
	const struct crud *crud = op->crud;
	for (size_t i = 0; i < crud->row->count; i++) {
		const struct field *field = &crud->row->fields[i];
		if (is_free(crud, field) && is_hidden(modules, field->relation->model))
			return ctx_fail(c, APP_INVALID,
					"Operation %s: '%s' shows the %s that a client names in "
					"'%s', and not everyone may see each: look at it in "
					".before_create and .before_update (crud_get() tells), or "
					"give the relation a .condition",
					op->name, field->name, field->relation->model->name,
					field->relation->key);
	}
	return APP_OK;
}

enum app_err hidden_check(struct ctx *c, const struct module *const *modules)
{
	struct module_operations all = { .modules = modules };
	enum app_err err = APP_OK;
	for (const struct operation *op; !err && (op = module_operation_next(&all));)
		if (op->crud && op->kind == COMMAND && op->access != ACCESS_SUPERUSER)
			err = check_relations(c, modules, op);
	return err;
}
