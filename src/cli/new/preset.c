/* The value of what a client leaves out, as the command line gives it behind "=". */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "core/json.h"
#include "new.h"

enum { PRESET_MAX = 60 };

static bool is_choice(const struct new_column *column, const char *text)
{
	for (size_t i = 0; column->choices[i]; i++)
		if (str_eq(column->choices[i], text))
			return true;
	return false;
}

static bool is_within(const struct new_column *column, int64_t number)
{
	return !column->has_bounds || (number >= column->min && number <= column->max);
}

/*
 * It stands in C as it is, on one line, so nothing in it has to be escaped there; two question
 * marks could begin a trigraph.
 */
static bool is_plain(const char *text)
{
	size_t len = strlen(text);
	return len <= PRESET_MAX && str_is_utf8(text, len) && !str_has_control(text, len) &&
	       !strpbrk(text, "\"\\") && !strstr(text, "??");
}

/* What the text says, where it is another thing than text. */
struct value {
	int64_t number;
	double real;
	struct instant when;
	struct date day;
};

static const char *fault_of(const struct new_column *column, const char *text, struct value *ret)
{
	switch (column->type) {
	case NEW_TEXT:
	case NEW_SEARCHED:
		if (!is_plain(text))
			return "a short text without quotes, backslashes, ?? and control "
			       "characters";
		ret->number = (int64_t)str_utf8_count(text, strlen(text));
		return is_within(column, ret->number) ? NULL : "a text within its bounds";
	case NEW_INT:
		return str_to_int64(text, &ret->number) && is_within(column, ret->number)
			       ? NULL
			       : "an integer within its bounds";
	case NEW_REAL: return str_to_double(text, &ret->real) ? NULL : "a number";
	case NEW_BOOL:
		return str_eq(text, "true") || str_eq(text, "false") ? NULL : "true or false";
	case NEW_TIME:
		return instant_parse(text, &ret->when, NULL)
			       ? NULL
			       : "a time such as 2026-01-02T03:04:05Z";
	case NEW_DATE:
		return date_parse(text, &ret->day, NULL) ? NULL : "a date such as 2026-02-28";
	case NEW_CHOICE: return is_choice(column, text) ? NULL : "one of its choices";
	case NEW_NAME: return "nothing: a name is unique, so no two rows could leave it out";
	case NEW_JSON: return "nothing here: write .preset by hand";
	case NEW_OWNER: return "nothing: who makes a row is its owner";
	}
	abort();
}

/* JSON of what is no text, however the command line spells it: 007 and .5 are none there. */
static const char *spelling_of(struct ctx *c, const struct new_column *column, const char *text,
			       const struct value *value)
{
	struct buf json;
	char time[INSTANT_TEXT_ROOM];
	switch (column->type) {
	case NEW_INT: return arena_printf(c->arena, "%" PRId64, value->number);
	case NEW_REAL:
		buf_init(&json, c->arena);
		json_add_real(&json, value->real);
		return buf_text(&json);
	case NEW_TIME:
		instant_text(value->when, time);
		return arena_printf(c->arena, "\\\"%s\\\"", time);
	case NEW_DATE: return arena_printf(c->arena, "\\\"%s\\\"", text);
	default: return text;
	}
}

enum app_err new_preset_read(struct ctx *c, const char *text, struct new_column *column)
{
	struct value value;
	const char *fault = fault_of(column, text, &value);
	if (fault)
		return ctx_fail(c, APP_INVALID, "field '%s': behind '=' stands %s, not '%s'",
				column->name, fault, text);
	column->preset = spelling_of(c, column, text, &value);
	return APP_OK;
}
