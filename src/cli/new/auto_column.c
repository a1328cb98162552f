/* What a model says of its table, as a new module's columns: so both are rendered alike. */
#include <inttypes.h>
#include <string.h>

#include "auto.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "core/crud.h"
#include "core/json.h"
#include "core/module.h"

/* ---- what a column refers to ---- */

static bool is_owner(const struct auto_plan *plan, const struct model *model,
		     const struct field *field)
{
	struct module_operations all = { .modules = plan->want->modules };
	for (const struct operation *op; all.modules && (op = module_operation_next(&all));) {
		const struct crud *crud = op->crud;
		if (crud && crud->model == model && crud->owner->row_at == (int)field->offset)
			return true;
	}
	return false;
}

/* ---- columns ---- */

static enum new_type text_type_of(const struct field *field)
{
	if (field->key)
		return NEW_NAME;
	if (field->folded)
		return NEW_SEARCHED;
	return field->choices ? NEW_CHOICE : NEW_TEXT;
}

static enum new_type type_of(const struct field *field)
{
	switch (field->type) {
	case FIELD_INT: return NEW_INT;
	case FIELD_REAL: return NEW_REAL;
	case FIELD_BOOL: return NEW_BOOL;
	case FIELD_INSTANT: return NEW_TIME;
	case FIELD_DATE: return NEW_DATE;
	case FIELD_RAW_JSON: return NEW_JSON;
	default: return text_type_of(field);
	}
}

static void bound_add(struct buf *out, const char *column, const char *sign, double bound)
{
	buf_printf(out, "%s%s %s ", out->len ? " AND " : "", column, sign);
	json_add_real(out, bound);
}

/* "price >= 0.5 AND price < 1000"; NULL: any number. */
static const char *real_condition(struct ctx *c, const struct field *field)
{
	struct buf out;
	buf_init(&out, c->arena);
	if (field->has_min)
		bound_add(&out, field->name, field->exclusive_min ? ">" : ">=", field->min);
	if (field->has_max)
		bound_add(&out, field->name, field->exclusive_max ? "<" : "<=", field->max);
	return out.len ? buf_text(&out) : NULL;
}

static void bounds_take(struct ctx *c, const struct field *field, struct new_column *ret)
{
	if (field->type == FIELD_TEXT) {
		ret->has_bounds = field->min_len || field->max_len;
		ret->min = field->min_len;
		ret->max = field->max_len ? field->max_len : INT64_MAX;
	} else if (field->type == FIELD_INT) {
		ret->has_bounds = field->has_min || field->has_max;
		ret->min = field_least_int(field);
		ret->max = field_most_int(field);
	} else if (field->type == FIELD_REAL) {
		ret->condition = real_condition(c, field);
	}
}

struct new_column auto_column_of(const struct auto_plan *plan, const struct model *model,
				 const struct field *field)
{
	const struct relation *relation = model_relation_of(model, field);
	struct new_column column = {
		.name = field->name,
		.type = type_of(field),
		.is_null = field_can_be_null(field),
		.is_sorted = field->sort,
		.choices = field->choices,
		.refers_to = relation ? relation->model->table : NULL,
	};
	if (relation || is_owner(plan, model, field))
		column.type = NEW_OWNER;
	bounds_take(plan->c, field, &column);
	return column;
}

struct new_module auto_names_of(const struct model *model)
{
	return (struct new_module){ .name = model->table, .soft_delete = model->soft_delete };
}

/* Those that every table has besides. */
static bool is_kept(const char *name)
{
	return str_eq(name, "id") || str_eq(name, "created_at") || str_eq(name, "updated_at") ||
	       str_eq(name, "deleted_at");
}

struct new_module auto_module_of(const struct auto_plan *plan, const struct model *model)
{
	struct new_module m = auto_names_of(model);
	for (size_t i = 0; i < model->row->count && m.count < NEW_COLUMNS_ROOM; i++) {
		const struct field *field = &model->row->fields[i];
		if (field_is_column(field) && !is_kept(field->name))
			m.columns[m.count++] = auto_column_of(plan, model, field);
	}
	return m;
}

/* ---- values ---- */

/* A preset of what is no text is JSON: a moment and a day have their quotes there. */
const char *auto_preset_of(struct ctx *c, const struct field *field, int side)
{
	const char *preset = field->preset;
	struct instant when;
	if (!preset)
		return NULL;
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_RAW_JSON: return new_quoted(c, preset, strlen(preset));
	case FIELD_BOOL:
		if (side == AUTO_POSTGRES)
			return str_eq(preset, "true") ? "TRUE" : "FALSE";
		return str_eq(preset, "true") ? "1" : "0";
	case FIELD_INSTANT:
		preset = arena_strndup(c->arena, preset + 1, strlen(preset) - 2);
		return instant_parse(preset, &when, NULL)
			       ? arena_printf(c->arena, "%" PRId64, when.us)
			       : NULL;
	case FIELD_DATE: return new_quoted(c, preset + 1, strlen(preset) - 2);
	default: return preset;
	}
}

const char *auto_missing_sql(const struct auto_table *table,
			     const struct table_difference *difference, int side)
{
	struct auto_plan *plan = table->plan;
	const struct field *field = difference->field;
	struct new_column column = auto_column_of(plan, table->model, field);
	if (!str_eq(difference->column, field->name))
		return new_beside_sql(plan->c, &table->names, &column, side == AUTO_POSTGRES);
	if (!column.is_null)
		column.filler = auto_preset_of(plan->c, field, side);
	return new_column_sql(plan->c, &table->names, &column, side == AUTO_POSTGRES);
}
