/*
 * Whether a relation says all that loading it takes: looked at when the routes are set up, so that
 * a module that forgot something does not start. What the tables hold is not looked at.
 */
#include "base/arena.h"
#include "include.h"

static const char *member_missing(const struct relation *relation)
{
	if (!relation->model)
		return ".model";
	if (relation->kind != MANY_TO_MANY)
		return relation->key ? NULL : ".key";
	if (!relation->through)
		return ".through";
	if (!relation->through_ours)
		return ".through_ours";
	return relation->through_theirs ? NULL : ".through_theirs";
}

const struct field *relation_key(const struct schema *row, const struct field *field)
{
	return schema_field(row, field->relation->kind == BELONGS_TO ? field->relation->key : "id");
}

const char *relation_fault(struct ctx *c, const struct schema *row, const struct field *field)
{
	const char *missing = member_missing(field->relation);
	if (missing)
		return arena_printf(c->arena, "relation '%s' of schema '%s' has no %s", field->name,
				    row->name, missing);
	bool belongs = field->relation->kind == BELONGS_TO;
	const struct field *key = relation_key(row, field);
	if (key && key->type == FIELD_INT && field->object &&
	    belongs == (field->type == FIELD_OBJECT))
		return NULL;
	return arena_printf(c->arena,
			    "relation '%s' of schema '%s' needs an integer field '%s' there, and a "
			    "%s of structs as member",
			    field->name, row->name, belongs ? field->relation->key : "id",
			    belongs ? "pointer" : "list");
}

static const char *fault_within(struct ctx *c, const struct schema *row, size_t depth)
{
	const char *fault = NULL;
	for (size_t i = 0; depth && !fault && i < row->count; i++) {
		const struct field *field = &row->fields[i];
		if (!field->relation)
			continue;
		fault = relation_fault(c, row, field);
		if (!fault)
			fault = fault_within(c, field->object, depth - 1);
	}
	return fault;
}

const char *model_relation_fault(struct ctx *c, const struct schema *row)
{
	return fault_within(c, row, LIST_INCLUDE_DEPTH);
}
