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
#include "rule.h"

/* What keeps a probe of a text from being a burden. */
enum { TEXT_MOST = 2 * 1000 * 1000 };

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
	return rule_try(t, db_bind_text(word), is_allowed,
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

static enum app_err try_length(struct trial *t, int64_t length, bool is_allowed)
{
	if (length < 0 || length > TEXT_MOST || (is_allowed && !rule_is_open(t->field)))
		return APP_OK;
	char *text = arena_zero(t->k->c->arena, (size_t)length + 1);
	memset(text, 'x', (size_t)length);
	return rule_try(t, db_bind_text(text), is_allowed,
			arena_printf(t->k->c->arena, "a text of %" PRId64 " characters", length));
}

/* PostgreSQL writes some numbers back in quotes. */
static enum app_err try_longer(struct trial *t, const struct sql_token *token)
{
	const char *at = token->at + (*token->at == '\'');
	if (!isdigit((unsigned char)*at))
		return APP_OK;
	double number = strtod(at, NULL);
	if (number >= TEXT_MOST || number < (double)t->field->min_len)
		return APP_OK;
	return try_length(t, (int64_t)number + 1, true);
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

/* A rule of a field that has none is of before, or of what no client sends. */
static bool is_bounded(const struct trial *t)
{
	bool is_sent = t->field->in != NOT_INPUT && !str_eq(t->field->name, "id");
	return rule_has_bounds(t->field) || (rule_has_check(t) && is_sent);
}

/* By hand the rows of a table may have tighter rules than the inputs, or none. */
enum app_err rule_compare(struct comparison *k, const struct field *field)
{
	struct trial t = { .k = k, .field = field };
	if (field->type == FIELD_TEXT && field->choices)
		return try_choices(&t);
	if (!k->all || !k->model->row->shared || !is_bounded(&t))
		return APP_OK;
	switch (field->type) {
	case FIELD_TEXT: return try_lengths(&t);
	case FIELD_INT: return rule_try_integers(&t);
	case FIELD_REAL: return rule_try_reals(&t);
	default: return APP_OK;
	}
}
