/*
 * app.ini and .env.example, printed from the option tables for an operator to read. Every setting
 * is there, commented out and showing its default, so that a file nobody edited changes nothing.
 */
#include <string.h>

#include "base/app_name.h"
#include "base/str.h"
#include "internal.h"

enum { COMMENT_WIDTH = 96 };

/* Prose as "# …" lines, broken between words. */
static void comment_add(struct buf *out, const char *text)
{
	while (*text) {
		size_t len = strlen(text);
		if (len > COMMENT_WIDTH) {
			len = COMMENT_WIDTH;
			while (len && text[len] != ' ')
				len--;
			if (!len)
				len = strcspn(text, " ");
		}
		buf_printf(out, "# %.*s\n", (int)len, text);
		text += len;
		text += strspn(text, " ");
	}
}

/* What may be written for the option, as sentences. */
static void rules_add(struct buf *rules, const struct option *option)
{
	if (option->choices) {
		buf_add_text(rules, " One of: ");
		config_choices_add(rules, option);
		buf_add_char(rules, '.');
	} else if (option->type == OPTION_BOOL) {
		buf_add_text(rules, " true or false.");
	} else if (option->type == OPTION_INT) {
		/* "a time such as 30" → "A time such as 30" */
		const char *words = config_unit_words(option->unit);
		buf_printf(rules, " A%s", words + 1);
		if (option->min || option->max) {
			buf_add_text(rules, "; ");
			config_bounds_add(rules, option);
		}
		buf_add_char(rules, '.');
	}
	if (option->also)
		buf_printf(rules,
			   " The variable %s gives it, too: stronger than app.ini, weaker than "
			   "any " APP_PREFIX " variable.",
			   option->also);
	if (option->required_in_production)
		buf_add_text(rules, " Must be set in production.");
}

static void option_comment_add(struct buf *out, const struct option *option)
{
	struct buf text;
	buf_init(&text, NULL);
	buf_add_text(&text, option->doc ? option->doc : "");
	rules_add(&text, option);
	const char *sentences = buf_text(&text);
	comment_add(out, sentences + strspn(sentences, " "));
	buf_done(&text);
}

static void preset_add(struct buf *out, const struct option *option)
{
	if (!option->secret)
		config_value_add(out, option, config_preset(option));
}

static bool is_first_of_section(const struct option_group *const *groups, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (str_eq(groups[i]->section, groups[at]->section))
			return false;
	return true;
}

static void ini_option_add(struct buf *out, const struct option *option)
{
	buf_add_char(out, '\n');
	option_comment_add(out, option);
	struct buf value;
	buf_init(&value, NULL);
	preset_add(&value, option);
	buf_printf(out, "#%s =%s%s\n", option->key, value.len ? " " : "", buf_text(&value));
	buf_done(&value);
}

static void env_option_add(struct buf *out, const char *section, const struct option *option)
{
	struct arena arena;
	arena_init(&arena, 0);
	const char *name = config_env_name(&arena, section, option->key);
	struct buf value;
	buf_init(&value, &arena);
	preset_add(&value, option);
	const char *quote = strpbrk(buf_text(&value), " #'\"$\\") ? "'" : "";
	buf_add_char(out, '\n');
	option_comment_add(out, option);
	buf_printf(out, "#%s=%s%s%s\n", name, quote, buf_text(&value), quote);
	if (option->secret)
		buf_printf(out, "#%s_FILE=\n", name);
	arena_done(&arena);
}

/* The groups of one section together, whatever lies between them in the list. */
static void ini_section_add(struct buf *out, const struct option_group *const *groups, size_t first)
{
	const char *section = groups[first]->section;
	buf_add_char(out, '\n');
	for (size_t i = first; groups[i]; i++)
		if (str_eq(groups[i]->section, section))
			comment_add(out, groups[i]->doc ? groups[i]->doc : "");
	buf_printf(out, "[%s]\n", section);
	for (size_t i = first; groups[i]; i++)
		for (size_t k = 0; str_eq(groups[i]->section, section) && k < groups[i]->count; k++)
			ini_option_add(out, &groups[i]->options[k]);
}

void config_print_ini(const struct option_group *const *groups, struct buf *out)
{
	comment_add(out,
		    "The settings of " APP_NAME
		    ". Every setting is here with its default, commented "
		    "out: this file as it is changes nothing. To change a setting, remove the # in "
		    "front of it.");
	buf_add_text(out, "#\n");
	comment_add(out, "A value is the rest of its line, as it stands: without quotes, and with "
			 "no comment behind it. A key starts in the first column. For a secret, "
			 "its name with _file may name a file that holds the value.");
	buf_add_text(out, "#\n");
	comment_add(out,
		    "Stronger than this file are, in this order: .env, the environment "
		    "(" APP_PREFIX "SECTION_KEY, see .env.example) and --set section.key=value. "
		    "`" APP_NAME " config` shows what is in force and where it came from.");
	for (size_t i = 0; groups[i]; i++)
		if (is_first_of_section(groups, i))
			ini_section_add(out, groups, i);
}

static void env_section_add(struct buf *out, const struct option_group *const *groups, size_t first)
{
	const char *section = groups[first]->section;
	buf_printf(out, "\n# --- %s ---\n", section);
	for (size_t i = first; groups[i]; i++)
		if (str_eq(groups[i]->section, section))
			comment_add(out, groups[i]->doc ? groups[i]->doc : "");
	for (size_t i = first; groups[i]; i++)
		for (size_t k = 0; str_eq(groups[i]->section, section) && k < groups[i]->count; k++)
			env_option_add(out, section, &groups[i]->options[k]);
}

void config_print_env(const struct option_group *const *groups, struct buf *out)
{
	comment_add(
		out,
		"The settings of " APP_NAME " as variables. Copy this file to .env and remove the "
		"# in front of what you want to change; or set the same names in the environment, "
		"which is stronger than .env. Both are stronger than app.ini.");
	buf_add_text(out, "#\n");
	comment_add(out,
		    "Keep secrets here or in files rather than in app.ini, and keep .env out of "
		    "version control. For a secret, " APP_PREFIX "..._FILE may name a file that "
		    "holds the value.");
	for (size_t i = 0; groups[i]; i++)
		if (is_first_of_section(groups, i))
			env_section_add(out, groups, i);
}
