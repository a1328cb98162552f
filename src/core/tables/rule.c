/*
 * Whether CHECKs and fields let in the same: values at the edges of what a field allows are tried
 * on the conditions that the database has, however these are spelled. What asks for more than its
 * own column, or for a function that is not there, is not judged.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/sql_table.h"
#include "internal.h"

/* What keeps a probe of a text from being a burden. */
enum { TEXT_MOST = 2 * 1000 * 1000 };
/* What an integer of 64 bits can be, in round figures. */
static const double NUMBER_MOST = 9e18;

struct trial {
	struct comparison *k;
	const struct field *field;
	/* The conditions could not be asked. */
	bool is_unknown;
	/* The value that is tried is named by the field, or by a condition. */
	bool is_named;
};

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

static bool has_rule(const struct trial *t)
{
	const struct db_table *there = t->k->there;
	for (size_t i = 0; i < there->rule_count; i++)
		if (str_eq(there->rules[i].column, t->field->name))
			return true;
	return false;
}

static bool has_bounds(const struct field *field)
{
	return field->type == FIELD_TEXT ? field->min_len || field->max_len
					 : field->has_min || field->has_max;
}

/* What the value is to the field. */
static const char *place_of(const struct field *field, bool is_allowed)
{
	if (field->choices)
		return is_allowed ? "one of its field's choices" : "none of its field's choices";
	if (!has_bounds(field))
		return "what its field takes";
	return is_allowed ? "within its field's bounds" : "beyond its field's bounds";
}

/* `what` says the value: "'science'", "a text of 200 characters". */
static enum app_err try_value(struct trial *t, struct db_value value, bool is_allowed,
			      const char *what)
{
	const struct field *field = t->field;
	bool is_in = false;
	enum app_err err = is_let_in(t, value, &is_in);
	if (err || t->is_unknown || is_in == is_allowed)
		return err;
	const struct table_difference rule = {
		.part = TABLE_RULE,
		.field = field,
		.stops = field->choices && t->is_named,
	};
	const char *takes = is_allowed || !has_rule(t) ? "refuses" : "takes";
	difference_add(t->k, rule, "%s of the table %s %s %s in the column %s, which is %s",
		       has_rule(t) ? "the CHECK" : "no CHECK", t->k->model->table, takes, what,
		       field->name, place_of(field, is_allowed));
	return APP_OK;
}

/* ---- what conditions speak of ---- */

typedef enum app_err try_token(struct trial *t, const struct sql_token *token);

static enum app_err try_tokens_of(struct trial *t, const struct db_rule *rule, try_token *try)
{
	struct sql_token token;
	const char *at = rule->condition, *end = at + strlen(at);
	enum app_err err = APP_OK;
	while (!err && sql_token_next(&at, end, &token))
		err = try(t, &token);
	return err;
}

/* The texts and numbers of before are among them. */
static enum app_err try_tokens(struct trial *t, try_token *try)
{
	const struct db_table *there = t->k->there;
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < there->rule_count; i++)
		if (str_eq(there->rules[i].column, t->field->name))
			err = try_tokens_of(t, &there->rules[i], try);
	return err;
}

/* ---- choices ---- */

static enum app_err try_word(struct trial *t, const char *word, bool is_allowed)
{
	struct buf shown;
	buf_init(&shown, t->k->c->arena);
	str_add_printable(&shown, word, strlen(word));
	return try_value(t, db_bind_text(word), is_allowed,
			 arena_printf(t->k->c->arena, "'%s'", buf_text(&shown)));
}

/* One that a condition speaks of: unless it is a choice it is not allowed. */
static enum app_err try_other(struct trial *t, const char *word)
{
	for (size_t i = 0; t->field->choices[i]; i++)
		if (str_eq(t->field->choices[i], word))
			return APP_OK;
	return try_word(t, word, false);
}

/* What a text in quotes says: a doubled quote is one. */
static const char *literal_of(struct ctx *c, const struct sql_token *token)
{
	struct buf text;
	buf_init(&text, c->arena);
	for (size_t i = 1; i + 1 < token->len; i++) {
		buf_add_char(&text, token->at[i]);
		i += token->at[i] == '\'';
	}
	return buf_text(&text);
}

static enum app_err try_literal(struct trial *t, const struct sql_token *token)
{
	bool is_text = token->len > 2 && *token->at == '\'';
	return is_text ? try_other(t, literal_of(t->k->c, token)) : APP_OK;
}

static enum app_err try_choices(struct trial *t)
{
	enum app_err err = APP_OK;
	t->is_named = true;
	for (size_t i = 0; !err && t->field->choices[i]; i++)
		err = try_word(t, t->field->choices[i], true);
	if (!err)
		err = try_tokens(t, try_literal);
	t->is_named = false;
	return err || !t->k->all ? err : try_word(t, "none of the choices", false);
}

/* ---- bounds ---- */

/* These may forbid what bounds allow: a value of the right length or size need not be valid. */
static bool is_open(const struct field *field)
{
	return !field->pattern && !field->format && !field->check.run;
}

static enum app_err try_length(struct trial *t, int64_t length, bool is_allowed)
{
	if (length < 0 || length > TEXT_MOST || (is_allowed && !is_open(t->field)))
		return APP_OK;
	char *text = arena_zero(t->k->c->arena, (size_t)length + 1);
	memset(text, 'x', (size_t)length);
	return try_value(t, db_bind_text(text), is_allowed,
			 arena_printf(t->k->c->arena, "a text of %" PRId64 " characters", length));
}

static enum app_err try_longer(struct trial *t, const struct sql_token *token)
{
	if (!isdigit((unsigned char)*token->at))
		return APP_OK;
	int64_t length = strtoll(token->at, NULL, 10);
	bool is_allowed = length >= t->field->min_len && length < TEXT_MOST;
	return is_allowed ? try_length(t, length + 1, true) : APP_OK;
}

/* Without a bound, one longer than whatever the conditions speak of. */
static enum app_err try_longest(struct trial *t)
{
	const struct field *field = t->field;
	enum app_err err = try_length(t, field->max_len ? field->max_len : field->min_len + 1,
				      true);
	if (err)
		return err;
	return field->max_len ? try_length(t, field->max_len + 1, false)
			      : try_tokens(t, try_longer);
}

static enum app_err try_lengths(struct trial *t)
{
	enum app_err err = try_length(t, t->field->min_len, true);
	if (!err)
		err = try_length(t, t->field->min_len - 1, false);
	return err ? err : try_longest(t);
}

static enum app_err try_number(struct trial *t, double number, bool is_allowed)
{
	if (number < -NUMBER_MOST || number > NUMBER_MOST || (is_allowed && !is_open(t->field)))
		return APP_OK;
	int64_t integer = (int64_t)number;
	return try_value(t, db_bind_int(integer), is_allowed,
			 arena_printf(t->k->c->arena, "%" PRId64, integer));
}

static enum app_err try_numbers(struct trial *t)
{
	const struct field *field = t->field;
	double min = field->has_min ? field->min + field->exclusive_min : -NUMBER_MOST;
	double max = field->has_max ? field->max - field->exclusive_max : NUMBER_MOST;
	enum app_err err = try_number(t, min, true);
	if (!err && field->has_min)
		err = try_number(t, min - 1, false);
	if (!err)
		err = try_number(t, max, true);
	if (!err && field->has_max)
		err = try_number(t, max + 1, false);
	return err;
}

/* A rule of a field that has none is of before, or of what no client sends. */
static bool is_bounded(const struct trial *t)
{
	return has_bounds(t->field) || (has_rule(t) && t->field->in != NOT_INPUT);
}

/* By hand the rows of a table may have tighter rules than the inputs, or none. */
enum app_err rule_compare(struct comparison *k, const struct field *field)
{
	struct trial t = { .k = k, .field = field };
	if (field->type == FIELD_TEXT && field->choices)
		return try_choices(&t);
	if (!k->all || !k->model->row->shared || !is_bounded(&t))
		return APP_OK;
	if (field->type == FIELD_TEXT)
		return try_lengths(&t);
	return field->type == FIELD_INT ? try_numbers(&t) : APP_OK;
}
