/*
 * Reads options off a command line by a table. Used by cli_main() for the options that every command has, and by
 * the commands for their own. Knows no command.
 */
#include <string.h>

#include "base/str.h"
#include "cli.h"

/* A command line being read: what is kept moves to the front. */
struct reading {
	struct cli *cli;
	const struct cli_option *options;
	int at, kept;
};

static const char *option_name_at(const void *names, size_t at)
{
	return ((const struct cli_option *)names)[at].name;
}

/* The option that `word` names; *ret_value is what follows its '=', or NULL. */
static const struct cli_option *option_find(const struct cli_option *options, const char *word,
					    const char **ret_value)
{
	for (const struct cli_option *option = options; option->name; option++) {
		size_t len = strlen(option->name);
		*ret_value = NULL;
		if (str_eq(word, option->name) || str_eq(word, option->alias))
			return option;
		*ret_value = word + len + 1;
		if (str_starts(word, option->name) && word[len] == '=')
			return option;
	}
	return NULL;
}

static void list_add(const char **list, const char *value)
{
	while (*list)
		list++;
	*list = value;
}

static int option_take(struct reading *r, const struct cli_option *option, const char *value)
{
	if (option->flag) {
		*option->flag = true;
		return value ? cli_usage_error(r->cli, "option %s takes no value", option->name)
			     : 0;
	}
	if (!value && r->at < r->cli->argc)
		value = r->cli->argv[r->at++];
	if (!value)
		return cli_usage_error(r->cli, "option %s needs a value", option->name);
	if (option->value)
		*option->value = value;
	else
		list_add(option->list, value);
	return 0;
}

static int option_unknown(const struct reading *r, const char *word)
{
	const char *nearest = cli_nearest(word, option_name_at, r->options);
	if (nearest)
		return cli_usage_error(r->cli, "unknown option %s; did you mean %s?", word,
				       nearest);
	return cli_usage_error(r->cli, "unknown option %s", word);
}

/* "-" alone is an argument: it stands for standard input. */
static bool looks_like_option(const char *word)
{
	return word[0] == '-' && word[1];
}

static int reading_step(struct reading *r, bool pass_unknown)
{
	char *word = r->cli->argv[r->at++];
	const char *value;
	const struct cli_option *option = NULL;
	if (looks_like_option(word))
		option = option_find(r->options, word, &value);
	if (option)
		return option_take(r, option, value);
	if (looks_like_option(word) && !pass_unknown)
		return option_unknown(r, word);
	r->cli->argv[r->kept++] = word;
	return 0;
}

int cli_take_options(struct cli *cli, const struct cli_option *options, bool pass_unknown)
{
	struct reading r = { .cli = cli, .options = options };
	while (r.at < cli->argc && !str_eq(cli->argv[r.at], "--")) {
		int code = reading_step(&r, pass_unknown);
		if (code)
			return code;
	}
	/* the command reads the rest again and must see the "--" too */
	if (r.at < cli->argc && !pass_unknown)
		r.at++;
	while (r.at < cli->argc)
		cli->argv[r.kept++] = cli->argv[r.at++];
	cli->argc = r.kept;
	cli->argv[r.kept] = NULL;
	return 0;
}

int cli_take_arguments(struct cli *cli, int most)
{
	const struct cli_option none[] = { { 0 } };
	int code = cli_take_options(cli, none, false);
	if (code)
		return code;
	if (cli->argc > most)
		return cli_usage_error(cli, "'%s' is one argument too many", cli->argv[most]);
	return 0;
}
