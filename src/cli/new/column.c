/* One field of the command line, NAME:TYPE[:MIN..MAX][:sorted][?][=VALUE], as a column. */
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"
#include "new.h"

enum {
	/* of a text that says no bounds */
	TEXT_MAX = 1000,
	/* what PostgreSQL's indexes hold of characters of 4 bytes: 2,704 bytes */
	INDEXED_TEXT_MAX = 600,
	NAME_MAX_LEN = 200,
	TEXT_MAX_MAX = 1000000,
	/* the rows of its test hold the shortest text */
	TEXT_MIN_MAX = 60,
	CHOICE_LEN_MAX = 40,
};

/* What every JSON reader takes: 2^53 - 1. */
static const int64_t int_most = 9007199254740991;

struct type_name {
	const char *name;
	enum new_type type;
};

static const struct type_name type_names[] = {
	{ "text", NEW_TEXT },   { "searched", NEW_SEARCHED }, { "name", NEW_NAME },
	{ "int", NEW_INT },     { "real", NEW_REAL },         { "bool", NEW_BOOL },
	{ "time", NEW_TIME },   { "date", NEW_DATE },         { "json", NEW_JSON },
	{ "owner", NEW_OWNER },
};

bool new_is_text(const struct new_column *column)
{
	return column->type == NEW_TEXT || column->type == NEW_SEARCHED || column->type == NEW_NAME;
}

bool new_is_shared(const struct new_column *column)
{
	return column->type == NEW_CHOICE || column->type == NEW_BOOL || column->type == NEW_OWNER;
}

bool new_is_filtered(const struct new_column *column)
{
	return column->type != NEW_TEXT && column->type != NEW_JSON;
}

/* ---- type ---- */

static enum app_err choice_add(struct ctx *c, const char *field, const char **choices, size_t count,
			       const char *word)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-";
	size_t len = strlen(word);
	if (!len || len > CHOICE_LEN_MAX || strspn(word, allowed) != len)
		return ctx_fail(
			c, APP_INVALID,
			"field '%s': '%s' is no choice: it has 1 to %d of A-Z, a-z, 0-9, '_' "
			"and '-'",
			field, word, CHOICE_LEN_MAX);
	for (size_t i = 0; i < count; i++)
		if (str_eq(choices[i], word))
			return ctx_fail(c, APP_INVALID, "field '%s' names the choice '%s' twice",
					field, word);
	if (count == NEW_CHOICES_MAX)
		return ctx_fail(c, APP_INVALID,
				"field '%s' has more than %d choices: make them a table of their "
				"own",
				field, NEW_CHOICES_MAX);
	choices[count] = word;
	return APP_OK;
}

/* "fiction|science|other" */
static enum app_err choices_read(struct ctx *c, const char *field, char *text,
				 struct new_column *ret)
{
	const char **choices = arena_zero(c->arena, (NEW_CHOICES_MAX + 1) * sizeof(*choices));
	for (size_t count = 0; text; count++) {
		char *next = strchr(text, '|');
		if (next)
			*next++ = '\0';
		enum app_err err = choice_add(c, field, choices, count, text);
		if (err)
			return err;
		text = next;
	}
	ret->type = NEW_CHOICE;
	ret->choices = choices;
	return APP_OK;
}

static enum app_err type_read(struct ctx *c, const char *field, char *text, struct new_column *ret)
{
	if (strchr(text, '|'))
		return choices_read(c, field, text, ret);
	for (size_t i = 0; i < COUNT_OF(type_names); i++) {
		if (!str_eq(type_names[i].name, text))
			continue;
		ret->type = type_names[i].type;
		return APP_OK;
	}
	return ctx_fail(c, APP_INVALID,
			"field '%s': there is no type '%s'; it is text, searched, name, int, real, "
			"bool, time, date, json, owner, or choices such as red|green",
			field, text);
}

/* ---- bounds ---- */

static int64_t most_of(const struct new_column *column)
{
	if (column->type == NEW_INT)
		return int_most;
	if (column->type == NEW_NAME)
		return NAME_MAX_LEN;
	bool is_indexed = column->is_sorted || column->type == NEW_SEARCHED;
	return is_indexed ? INDEXED_TEXT_MAX : TEXT_MAX_MAX;
}

static enum app_err bounds_read(struct ctx *c, const char *field, const char *text,
				struct new_column *column)
{
	const char *dots = strstr(text, "..");
	if (!dots || !str_span_to_int64(text, (size_t)(dots - text), &column->min) ||
	    !str_to_int64(dots + 2, &column->max))
		return ctx_fail(c, APP_INVALID,
				"field '%s': '%s' is neither 'sorted' nor bounds, such as 1..200: "
				"these are two integers of at most 64 bits",
				field, text);
	if (column->min > column->max)
		return ctx_fail(c, APP_INVALID, "field '%s': the bounds '%s' end before they begin",
				field, text);
	if (!new_is_text(column) && column->type != NEW_INT)
		return ctx_fail(c, APP_INVALID,
				"field '%s': only texts and int have bounds; leave out ':%s'",
				field, text);
	if (column->has_bounds)
		return ctx_fail(c, APP_INVALID,
				"field '%s' has bounds twice: leave one of them out", field);
	column->has_bounds = true;
	return APP_OK;
}

/* Once all words are read: what an index takes follows from the others. */
static enum app_err bounds_check(struct ctx *c, const char *field, struct new_column *column)
{
	if (new_is_text(column) && !column->has_bounds) {
		column->has_bounds = true;
		column->min = 1;
		column->max = most_of(column) < TEXT_MAX ? NAME_MAX_LEN : TEXT_MAX;
	}
	int64_t most = most_of(column), least = column->type == NEW_INT ? -int_most : 0;
	if (column->type == NEW_NAME)
		least = 1;
	if (column->min < least || column->max > most || (new_is_text(column) && !column->max))
		return ctx_fail(c, APP_INVALID,
				"field '%s': its bounds are from %lld to %lld at most", field,
				(long long)least, (long long)most);
	if (new_is_text(column) && column->min > TEXT_MIN_MAX)
		return ctx_fail(c, APP_INVALID,
				"field '%s': more than %d characters at least are written by hand; "
				"say 1..%lld here",
				field, TEXT_MIN_MAX, (long long)column->max);
	return APP_OK;
}

/* ---- what goes with what ---- */

static enum app_err column_check(struct ctx *c, const char *field, const struct new_column *column)
{
	const char *what = NULL;
	if (column->type == NEW_OWNER && column->is_null)
		what = "every row has its owner; leave out the '?'";
	else if (column->type == NEW_OWNER && column->preset)
		what = "who makes a row is its owner; leave out the '='";
	else if (column->is_null && column->preset)
		what = "what may be null is null when it is left out; leave out the '?' or the '='";
	else if (column->is_sorted && (column->type == NEW_JSON || column->type == NEW_OWNER))
		what = "lists are not sorted by json or an owner; leave out ':sorted'";
	return what ? ctx_fail(c, APP_INVALID, "field '%s': %s", field, what) : APP_OK;
}

static enum app_err words_read(struct ctx *c, const char *field, char *words,
			       struct new_column *column)
{
	while (words) {
		char *next = strchr(words, ':');
		if (next)
			*next++ = '\0';
		enum app_err err = APP_OK;
		if (str_eq(words, "sorted"))
			column->is_sorted = true;
		else
			err = bounds_read(c, field, words, column);
		if (err)
			return err;
		words = next;
	}
	return APP_OK;
}

/* "text?", and "?" at the end of all. */
static bool take_mark(char *word)
{
	size_t len = strlen(word);
	if (!len || word[len - 1] != '?')
		return false;
	word[len - 1] = '\0';
	return true;
}

static enum app_err rules_read(struct ctx *c, const char *field, char *rules,
			       struct new_column *column)
{
	column->is_null = take_mark(rules);
	char *words = strchr(rules, ':');
	if (words)
		*words++ = '\0';
	if (take_mark(rules))
		column->is_null = true;
	enum app_err err = type_read(c, field, rules, column);
	if (!err)
		err = words_read(c, field, words, column);
	if (!column->is_null && (column->type == NEW_SEARCHED || column->type == NEW_NAME))
		column->is_sorted = true;
	if (!err)
		err = bounds_check(c, field, column);
	return err;
}

enum app_err new_column_read(struct ctx *c, const char *field, struct new_module *m)
{
	struct new_column column = { .name = field };
	if (m->count == NEW_COLUMNS_MAX)
		return ctx_fail(c, APP_INVALID,
				"a table made so has at most %d columns; write the others by hand",
				NEW_COLUMNS_MAX);
	char *name = arena_strdup(c->arena, str_eq(field, "owner") ? "owner_id:owner" : field);
	char *preset = strchr(name, '=');
	if (preset)
		*preset++ = '\0';
	char *rules = strchr(name, ':');
	if (!rules)
		return ctx_fail(c, APP_INVALID,
				"field '%s' has no type: write it as NAME:TYPE, such as title:text",
				field);
	*rules++ = '\0';
	column.name = name;
	enum app_err err = new_column_name_check(c, name);
	if (!err)
		err = rules_read(c, field, rules, &column);
	if (!err && preset)
		err = new_preset_read(c, preset, &column);
	if (!err)
		err = column_check(c, field, &column);
	if (!err)
		m->columns[m->count++] = column;
	return err;
}
