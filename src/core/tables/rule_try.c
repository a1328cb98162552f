/* One value, tried on the CHECKs of its column. */
#include "base/app_name.h"
#include "base/str.h"
#include "rule.h"

#define BY_HAND \
	"; it was written by hand, and " APP_NAME \
	" migrate new NAME --auto takes it away with --drop only"

/* A CHECK lets in what it knows nothing of. */
static enum app_err holds(struct trial *t, const struct db_rule *rule, struct db_value value,
			  bool *ret)
{
	enum probe_answer answer;
	const struct probe probe = { rule->column, t->field->type, value };
	enum app_err err = probe_ask(t->k, rule->condition, &probe, &answer);
	if (err)
		return err;
	t->is_unknown |= answer == PROBE_UNKNOWN;
	*ret = !t->is_unknown && answer != PROBE_FALSE;
	return APP_OK;
}

/* Whether all CHECKs of the column let the value in. */
static enum app_err is_let_in(struct trial *t, struct db_value value, bool *ret)
{
	const struct db_table *there = t->k->there;
	enum app_err err = APP_OK;
	*ret = true;
	for (size_t i = 0; !err && *ret && i < there->rule_count; i++)
		if (str_eq(there->rules[i].column, t->field->name))
			err = holds(t, &there->rules[i], value, ret);
	return err;
}

bool rule_has_check(const struct trial *t)
{
	const struct db_table *there = t->k->there;
	for (size_t i = 0; i < there->rule_count; i++)
		if (str_eq(there->rules[i].column, t->field->name))
			return true;
	return false;
}

bool rule_has_bounds(const struct field *field)
{
	return field->type == FIELD_TEXT ? field->min_len || field->max_len
					 : field->has_min || field->has_max;
}

/* What the value is to the field. */
static const char *place_of(const struct field *field, bool is_allowed)
{
	if (field->choices)
		return is_allowed ? "one of its field's choices" : "none of its field's choices";
	if (!rule_has_bounds(field))
		return "what its field takes";
	return is_allowed ? "within its field's bounds" : "beyond its field's bounds";
}

enum app_err rule_try(struct trial *t, struct db_value value, bool is_allowed, const char *what)
{
	const struct field *field = t->field;
	bool is_in = false;
	enum app_err err = is_let_in(t, value, &is_in);
	if (err || t->is_unknown || is_in == is_allowed)
		return err;
	bool is_by_hand = rule_is_by_hand(t->k, field, field->choices || rule_has_bounds(field));
	const struct table_difference rule = {
		.part = TABLE_RULE,
		.field = field,
		.by_hand = is_by_hand,
		.stops = field->choices && t->is_named,
	};
	const char *takes = is_allowed || !rule_has_check(t) ? "refuses" : "takes";
	difference_add(t->k, rule, "%s of the table %s %s %s in the column %s, which is %s%s",
		       rule_has_check(t) ? "the CHECK" : "no CHECK", t->k->model->table, takes,
		       what, field->name, place_of(field, is_allowed), is_by_hand ? BY_HAND : "");
	return APP_OK;
}

/* These may forbid what bounds allow: a value of the right length or size need not be valid. */
bool rule_is_open(const struct field *field)
{
	return !field->pattern && !field->format && !field->check.run;
}
