/*
 * Whether a relation says all that loading it takes: looked at when the routes are set up, so that
 * a module that forgot something does not start. What the tables hold is not looked at. And which
 * field is the key of one.
 */
#include "base/arena.h"
#include "base/str.h"
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

const struct relation *model_relation_of(const struct model *model, const struct field *field)
{
	for (size_t i = 0; i < model->row->count; i++) {
		const struct relation *relation = model->row->fields[i].relation;
		if (relation && relation->kind == BELONGS_TO && str_eq(relation->key, field->name))
			return relation;
	}
	return NULL;
}

/* Rows whose key is null embed nothing: an answer that promises what is embedded could not be. */
static const char *null_fault(struct ctx *c, const struct schema *row, const struct field *field,
			      const struct field *key)
{
	if (!field_can_be_null(key))
		return NULL;
	if (field->relation->kind != BELONGS_TO)
		return arena_printf(c->arena,
				    "relation '%s' of schema '%s' goes by the field 'id' there, "
				    "which may be null: make it an int64_t",
				    field->name, row->name);
	return field->required
		       ? arena_printf(c->arena,
				      "relation '%s' of schema '%s' is .required, and its key '%s' "
				      "may be null: leave out .required, or let no key be null",
				      field->name, row->name, key->name)
		       : NULL;
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
		return null_fault(c, row, field, key);
	return arena_printf(c->arena,
			    "relation '%s' of schema '%s' needs an integer field '%s' there, and a "
			    "%s of structs as member",
			    field->name, row->name, belongs ? field->relation->key : "id",
			    belongs ? "pointer" : "list");
}

/* Of its own fields; adds the schemas that they lead to. */
static const char *fault_within(struct ctx *c, struct schema_walk *walk,
				const struct schema *schema)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		const char *fault = field->relation ? relation_fault(c, schema, field) : NULL;
		if (fault)
			return fault;
		if (field->object)
			schema_walk_add(walk, field->object);
	}
	return NULL;
}

const char *model_relation_fault(struct ctx *c, const struct schema *row)
{
	struct schema_walk walk = { .arena = c->arena };
	const char *fault = NULL;
	schema_walk_add(&walk, row);
	for (const struct schema *at; !fault && (at = schema_walk_next(&walk));)
		fault = fault_within(c, &walk, at);
	return fault;
}
