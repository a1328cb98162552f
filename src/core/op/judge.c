/* Whose fault a failure is: what a client sent, or what the author of a module forgot. */
#include "core/json.h"
#include "core/op.h"

#include "base/str.h"
#include "core/log.h"

static bool is_sent(const struct field *field)
{
	return field->in == IN_BODY || field->in == IN_FORM;
}

/* The member of the body that is named so, or that holds one; NULL: none. */
static const struct field *field_named(const struct schema *schema, const char *name, int depth)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (!is_sent(field) || field->relation)
			continue;
		if (str_eq(field->name, name))
			return field;
		if (field->object && depth < JSON_DEPTH_MAX && field->type != FIELD_LIST_QUERY &&
		    field_named(field->object, name, depth + 1))
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
					    ? field_named(op->in, rule.column, 0)
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
