/*
 * The models of all modules against the database, and against what their operations give: so that a
 * model which a module forgot to list is not one that nobody looked at.
 */
#include "core/tables.h"
#include "base/arena.h"
#include "core/crud.h"
#include "core/list.h"
#include "core/model.h"
#include "core/model_check.h"
#include "core/module.h"

/* All models, NULL at the end. */
struct models {
	struct ctx *c;
	const struct model **at;
	size_t count;
};

static void models_collect(struct models *all, const struct module *const *modules)
{
	size_t size = sizeof(const struct model *);
	all->at = arena_zero(all->c->arena, size);
	for (; *modules; modules++) {
		const struct model *const *model = (*modules)->models;
		for (; model && *model; model++) {
			all->at = arena_grow(all->c->arena, all->at, (all->count + 1) * size,
					     (all->count + 2) * size);
			all->at[all->count++] = *model;
			all->at[all->count] = NULL;
		}
	}
}

static bool has_model(const struct models *all, const struct model *model)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->at[i] == model)
			return true;
	return false;
}

static bool has_rows(const struct models *all, const struct schema *row)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->at[i]->row == row)
			return true;
	return false;
}

/* ---- what operations use ---- */

/* The models of its own fields; adds the schemas that they lead to. */
static enum app_err check_fields(const struct models *all, const struct operation *op,
				 struct schema_walk *walk, const struct schema *schema)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		const struct model *model = field->relation ? field->relation->model : NULL;
		if (model && !has_model(all, model))
			return ctx_fail(all->c, APP_CONFLICT,
					"Operation %s gives %s of the model %s, which no module "
					"lists: add it to .models of the module that has its table",
					op->name, field->name, model->name);
		if (field->object)
			schema_walk_add(walk, field->object);
	}
	return APP_OK;
}

static enum app_err check_given(const struct models *all, const struct operation *op)
{
	struct schema_walk walk = { .arena = all->c->arena };
	enum app_err err = APP_OK;
	schema_walk_add(&walk, op->out);
	for (const struct schema *at; !err && (at = schema_walk_next(&walk));)
		err = check_fields(all, op, &walk, at);
	return err;
}

static enum app_err check_taken(const struct models *all, const struct operation *op)
{
	const struct field *list = schema_list_field(op->in);
	if (!list || has_rows(all, list->object))
		return APP_OK;
	return ctx_fail(all->c, APP_CONFLICT,
			"Operation %s lists rows of the schema %s, which is the .row of no model "
			"that a module lists: add that model to .models of the module that has its "
			"table",
			op->name, list->object->name);
}

static enum app_err check_operations(const struct models *all, const struct module *const *modules)
{
	struct module_operations operations = { .modules = modules };
	enum app_err err = APP_OK;
	for (const struct operation *op; !err && (op = module_operation_next(&operations));) {
		err = check_taken(all, op);
		if (!err && op->out)
			err = check_given(all, op);
	}
	return err;
}

/* No operation need lead to a row. */
static enum app_err check_row(const struct models *all, const struct model *model)
{
	const char *what = schema_table_fault(all->c, model->row, false);
	if (!what)
		what = model_relation_fault(all->c, model->row);
	if (!what)
		what = model_fold_fault(all->c, model->row, NULL);
	return what ? ctx_fail(all->c, APP_CONFLICT, "Model %s: %s", model->name, what) : APP_OK;
}

/* Of operations by declaration it is known what they insert, one or many. */
static bool makes_rows(const struct operation *op)
{
	const struct schema *made = op->crud ? op->crud->create : NULL;
	for (size_t i = 0; made && i < op->in->count; i++)
		if (op->in->fields[i].object == made)
			return true;
	return made && op->in == made;
}

/* Each table once: its operations stand together. */
static enum app_err check_inserts(struct ctx *c, const struct module *const *modules)
{
	struct module_operations operations = { .modules = modules };
	const struct crud *last = NULL;
	enum app_err err = APP_OK;
	for (const struct operation *op; !err && (op = module_operation_next(&operations));) {
		if (!makes_rows(op) || op->crud == last)
			continue;
		last = op->crud;
		err = model_check_insert(c, last->model, last->create);
	}
	return err;
}

const struct model *const *modules_models(struct ctx *c, const struct module *const *modules)
{
	struct models all = { .c = c };
	models_collect(&all, modules);
	return all.at;
}

enum app_err modules_check_tables(struct ctx *c, const struct module *const *modules)
{
	struct models all = { .c = c };
	models_collect(&all, modules);
	enum app_err err = check_operations(&all, modules);
	for (size_t i = 0; !err && i < all.count; i++)
		err = check_row(&all, all.at[i]);
	if (!err)
		err = tables_check(c, all.at);
	return err ? err : check_inserts(c, modules);
}
