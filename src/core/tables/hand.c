/*
 * Whether a CHECK was written by hand: it says what no rule of a field is made into, or stands
 * under a name of its own where the field has no rule. What is made of fields is known by its
 * words, also as PostgreSQL writes them back.
 */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"
#include "core/sql_table.h"
#include "internal.h"

/* What a rule of a field may be made of, besides its column, numbers and brackets. */
struct form {
	const char *words[4], *marks;
	bool has_texts;
};

static const struct form forms[] = {
	{ { "length", "BETWEEN", "AND" }, "<>=-+.", false },
	{ { "IN", "ANY", "ARRAY" }, "=", true },
	{ { "date" }, "=", false },
};

/* Where one is in a condition. */
struct reading {
	const char *at, *end;
	struct sql_token token;
	/* What the token stands behind: its last byte, and whether it is a value. */
	char before;
	bool behind_value;
};

static bool is_one_of(const struct sql_token *token, const char *const *words)
{
	for (; *words; words++)
		if (sql_token_is(token, *words))
			return true;
	return false;
}

/* Behind its first colon: "::double precision" and the like. */
static bool cast_skip(struct reading *r)
{
	static const char *const seconds[] = { "precision", "varying", NULL };
	struct sql_token token;
	const char *at;
	if (!sql_token_next(&r->at, r->end, &token) || !sql_token_is(&token, ":") ||
	    !sql_token_next(&r->at, r->end, &token))
		return false;
	at = r->at;
	if (sql_token_next(&at, r->end, &token) && is_one_of(&token, seconds))
		r->at = at;
	return true;
}

/* PostgreSQL writes some numbers in quotes. */
static bool is_number(const struct sql_token *token)
{
	char last = token->at[token->len - 1];
	return token->len > 2 && strspn(token->at + 1, "0123456789.eE+-") == token->len - 2 &&
	       last == '\'';
}

/* "<>" is none, nor is "=" alone of what has bounds; "-" is a sign and takes nothing away. */
static bool mark_fits(const struct reading *r, const struct form *form)
{
	bool in_exponent = tolower((unsigned char)r->before) == 'e' && r->behind_value;
	if (!strchr(form->marks, *r->token.at))
		return false;
	switch (*r->token.at) {
	case '>': return r->before != '<';
	case '=': return !strchr(form->marks, '<') || r->before == '<' || r->before == '>';
	case '-':
	case '+': return !r->behind_value || in_exponent;
	default: return true;
	}
}

static bool token_fits(struct reading *r, const struct form *form, const char *column)
{
	const struct sql_token *token = &r->token;
	char first = *token->at;
	bool is_value = isdigit((unsigned char)first) || first == '\'' || first == ')';
	bool fits = true;
	if (first == ':')
		return cast_skip(r);
	if (first == '\'')
		fits = form->has_texts || is_number(token);
	else if (sql_token_is(token, column))
		is_value = true;
	else if (ispunct((unsigned char)first) && !strchr("()[],\"`", first))
		fits = mark_fits(r, form);
	else if (!is_value && !strchr("()[],", first))
		fits = is_one_of(token, form->words);
	r->before = token->at[token->len - 1];
	r->behind_value = is_value;
	return fits;
}

static bool is_of_form(const char *condition, const char *column, const struct form *form)
{
	struct reading r = { .at = condition, .end = condition + strlen(condition) };
	while (sql_token_next(&r.at, r.end, &r.token))
		if (!token_fits(&r, form, column))
			return false;
	return true;
}

static bool is_made(const struct db_rule *rule)
{
	for (size_t i = 0; i < COUNT_OF(forms); i++)
		if (is_of_form(rule->condition, rule->column, &forms[i]))
			return true;
	return false;
}

bool rule_is_by_hand(const struct comparison *k, const struct field *field, bool has_rules)
{
	const char *own = arena_printf(k->c->arena, "%s_%s_check", k->there->name, field->name);
	for (size_t i = 0; i < k->there->rule_count; i++) {
		const struct db_rule *rule = &k->there->rules[i];
		bool has_own_name = rule->name && str_eq(rule->name, own);
		if (str_eq(rule->column, field->name) &&
		    (!is_made(rule) || (!has_rules && !has_own_name)))
			return true;
	}
	return false;
}
