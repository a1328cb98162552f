/* Whose fault a failure is: what a client sent, or what the author of a module forgot. */
#include "core/op.h"

#include "base/str.h"
#include "core/log.h"

static bool is_sent(const struct field *field)
{
	return (field->in == IN_BODY || field->in == IN_FORM) && !field->relation;
}

static void add_object(struct schema_walk *walk, const struct field *field)
{
	if (field->object && field->type != FIELD_LIST_QUERY)
		schema_walk_add(walk, field->object);
}

/* Whether a member is named so; adds those schemas that are members. */
static bool has_named(struct schema_walk *walk, const struct schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (!is_sent(field))
			continue;
		if (str_eq(field->name, name))
			return true;
		add_object(walk, field);
	}
	return false;
}

/* Whether the object of the field has one, at any depth; where the walk was there is none. */
static bool holds_named(struct schema_walk *walk, const struct field *field, const char *name)
{
	add_object(walk, field);
	for (const struct schema *at; (at = schema_walk_next(walk));)
		if (has_named(walk, at, name))
			return true;
	return false;
}

/* The member of the body that is named so, or that holds one; NULL: none. */
static const struct field *field_named(struct ctx *c, const struct schema *schema, const char *name)
{
	struct schema_walk walk = { .arena = c->arena };
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (is_sent(field) &&
		    (str_eq(field->name, name) || holds_named(&walk, field, name)))
			return field;
	}
	return NULL;
}

/* The text of a failure as the list that a 422 has; it stays the failure's own text. */
static enum app_err fail_as_list(struct ctx *c, const struct operation *op, const char *member)
{
	const char *text = ctx_failure_text(c, APP_INVALID);
	bool has_body = op && op->in &&
			(schema_uses(op->in, IN_BODY) || schema_uses(op->in, IN_FORM));
	struct failure failure = c->failure;
	ctx_recover(c);
	enum app_err err = schema_fault(c, has_body || !op ? "body" : "query", member, "%s", text);
	failure.fields = c->failure.fields;
	c->failure = failure;
	return err;
}

/* The database refused what the schema of the input let through. */
static enum app_err judge_rule(struct ctx *c, const struct operation *op)
{
	struct failure rule = c->failure;
	const struct field *field = op && op->in && rule.column
					    ? field_named(c, op->in, rule.column)
					    : NULL;
	if (field) {
		log_warn(c, "the database refuses what the input's schema lets through",
			 LOG_TEXT("column", rule.column), LOG_TEXT("text", rule.text),
			 LOG_TEXT("statement", rule.statement));
		return fail_as_list(c, op, field->name);
	}
	ctx_recover(c);
	enum app_err err = ctx_fail_cause(
		c, APP_INTERNAL,
		"the database refuses what the input of %s lets through: %s%s%.200s",
		op ? op->name : "this request", rule.text, rule.statement ? "; in: " : "",
		rule.statement ? rule.statement : "");
	c->failure.statement = rule.statement;
	return err;
}

enum app_err op_judge(struct ctx *c, const struct operation *op, enum app_err err)
{
	if (err != APP_INVALID || c->failure.err != APP_INVALID || c->failure.fields)
		return err;
	return c->failure.is_rule ? judge_rule(c, op) : fail_as_list(c, op, NULL);
}
