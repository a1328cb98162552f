/*
 * Reading and printing one value by its option: numbers, choices, true and false. Whether a value
 * may be shown at all (secrets) is for others to say.
 */
#include <assert.h>
#include <string.h>

#include "base/str.h"
#include "internal.h"

/* bytes of a wrong value that a fault repeats */
enum { VALUE_SHOWN = 60 };

static const struct {
	const char *word;
	bool value;
} bool_words[] = {
	{ "true", true },   { "yes", true }, { "on", true },   { "1", true },
	{ "false", false }, { "no", false }, { "off", false }, { "0", false },
};

static bool check_bool(const char *text, int64_t *ret, struct buf *why)
{
	for (size_t i = 0; i < COUNT_OF(bool_words); i++) {
		if (!str_eq_nocase(text, bool_words[i].word))
			continue;
		*ret = bool_words[i].value;
		return true;
	}
	buf_printf(why, "'%.*s' is neither true nor false", VALUE_SHOWN, text);
	return false;
}

static bool check_choice(const struct option *option, const char *text, int64_t *ret,
			 struct buf *why)
{
	for (int64_t i = 0; option->choices[i]; i++) {
		if (!str_eq(text, option->choices[i]))
			continue;
		*ret = i;
		return true;
	}
	if (option->type == OPTION_TEXT && !*text && !*config_preset(option))
		return true;
	buf_printf(why, "'%.*s' is not one of ", VALUE_SHOWN, text);
	config_choices_add(why, option);
	return false;
}

static bool has_bounds(const struct option *option)
{
	return option->min || option->max;
}

/* A lower bound alone leaves max at 0, below min. */
static bool has_upper_bound(const struct option *option)
{
	return has_bounds(option) && option->max >= option->min;
}

static bool check_number(const struct option *option, const char *text, int64_t *ret,
			 struct buf *why)
{
	int64_t number = 0;
	enum config_number result = config_unit_parse(option->unit, text, &number);
	if (result == CONFIG_NUMBER_MALFORMED) {
		buf_printf(why, "'%.*s' is not %s", VALUE_SHOWN, text,
			   config_unit_words(option->unit));
		return false;
	}
	if (result == CONFIG_NUMBER_TOO_LARGE && !has_bounds(option)) {
		buf_printf(why, "%.*s is too large", VALUE_SHOWN, text);
		return false;
	}
	if (result == CONFIG_NUMBER_TOO_LARGE || (has_bounds(option) && number < option->min) ||
	    (has_upper_bound(option) && number > option->max)) {
		buf_printf(why, "%.*s is out of range (", VALUE_SHOWN, text);
		config_bounds_add(why, option);
		buf_add_char(why, ')');
		return false;
	}
	*ret = number;
	return true;
}

bool config_has_control(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		if ((*at < ' ' && *at != '\t') || *at == 0x7f)
			return true;
	return false;
}

bool config_value_check(const struct option *option, const char *text, int64_t *ret,
			struct buf *why)
{
	*ret = 0;
	if (!str_is_utf8(text, strlen(text))) {
		buf_add_text(why, "the value is not UTF-8 text");
		return false;
	}
	/* a secret may be any text, and is never printed */
	if (!option->secret && config_has_control(text)) {
		buf_add_text(why, "the value holds a control character");
		return false;
	}
	if (option->choices)
		return check_choice(option, text, ret, why);
	switch (option->type) {
	case OPTION_INT: return check_number(option, text, ret, why);
	case OPTION_BOOL: return check_bool(text, ret, why);
	case OPTION_TEXT: break;
	}
	return true;
}

void config_value_add(struct buf *out, const struct option *option, const char *text)
{
	int64_t number = 0;
	struct buf why;
	buf_init(&why, NULL);
	bool fine = config_value_check(option, text, &number, &why);
	buf_done(&why);
	if (fine && option->type == OPTION_BOOL)
		buf_add_text(out, number ? "true" : "false");
	else if (fine && option->type == OPTION_INT && !option->choices)
		config_unit_add(out, option->unit, number);
	else
		str_add_printable(out, text, strlen(text));
}

void config_bounds_add(struct buf *out, const struct option *option)
{
	if (!has_bounds(option))
		return;
	if (!has_upper_bound(option))
		buf_add_text(out, "at least ");
	config_unit_add(out, option->unit, option->min);
	if (!has_upper_bound(option))
		return;
	buf_add_text(out, " to ");
	config_unit_add(out, option->unit, option->max);
}

void config_choices_add(struct buf *out, const struct option *option)
{
	for (size_t i = 0; option->choices[i]; i++)
		buf_printf(out, "%s%s", i ? ", " : "", option->choices[i]);
}

void config_value_store(const struct option *option, void *values, const char *text)
{
	char *member = (char *)values + option->offset;
	int64_t number = 0;
	struct buf why;
	buf_init(&why, NULL);
	bool fine = config_value_check(option, text, &number, &why);
	assert(fine && "a value was kept that does not fit its option");
	(void)fine;
	buf_done(&why);
	bool truth = number != 0;
	switch (option->type) {
	case OPTION_TEXT: memcpy(member, &text, sizeof(text)); break;
	case OPTION_INT: memcpy(member, &number, sizeof(number)); break;
	case OPTION_BOOL: memcpy(member, &truth, sizeof(truth)); break;
	}
}

static bool is_missing(const struct option *option, const void *values)
{
	const char *member = (const char *)values + option->offset, *text;
	int64_t number;
	switch (option->type) {
	case OPTION_TEXT: memcpy(&text, member, sizeof(text)); return !text;
	case OPTION_INT: memcpy(&number, member, sizeof(number)); return !number && option->min > 0;
	case OPTION_BOOL: break;
	}
	return false;
}

void config_complete(const struct option_group *group, void *values)
{
	for (size_t i = 0; i < group->count; i++) {
		if (is_missing(&group->options[i], values))
			config_value_store(&group->options[i], values,
					   config_preset(&group->options[i]));
	}
}
