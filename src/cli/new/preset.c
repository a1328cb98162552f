/* The value of what a client leaves out, as the command line gives it behind "=". */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
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

/* It stands in C as it is, on one line, so nothing in it has to be escaped there. */
static bool is_plain(const char *text)
{
	size_t len = strlen(text);
	return len <= PRESET_MAX && str_is_utf8(text, len) && !str_has_control(text, len) &&
	       !strpbrk(text, "\"\\");
}

static const char *fault_of(const struct new_column *column, const char *text)
{
	int64_t number;
	double real;
	struct instant when;
	switch (column->type) {
	case NEW_TEXT:
	case NEW_SEARCHED:
		if (!is_plain(text))
			return "a short text without quotes, backslashes and control characters";
		number = (int64_t)str_utf8_count(text, strlen(text));
		return is_within(column, number) ? NULL : "a text within its bounds";
	case NEW_INT:
		return str_to_int64(text, &number) && is_within(column, number)
			       ? NULL
			       : "an integer within its bounds";
	case NEW_REAL: return str_to_double(text, &real) ? NULL : "a number";
	case NEW_BOOL:
		return str_eq(text, "true") || str_eq(text, "false") ? NULL : "true or false";
	case NEW_TIME:
		return instant_parse(text, &when, NULL) ? NULL
							: "a time such as 2026-01-02T03:04:05Z";
	case NEW_CHOICE: return is_choice(column, text) ? NULL : "one of its choices";
	case NEW_NAME: return "nothing: a name is unique, so no two rows could leave it out";
	case NEW_JSON: return "nothing here: write .preset by hand";
	case NEW_OWNER: return "nothing: who makes a row is its owner";
	}
	abort();
}

enum app_err new_preset_read(struct ctx *c, const char *text, struct new_column *column)
{
	const char *fault = fault_of(column, text);
	if (fault)
		return ctx_fail(c, APP_INVALID, "field '%s': behind '=' stands %s, not '%s'",
				column->name, fault, text);
	column->preset = text;
	return APP_OK;
}
