/*
 * Reads options off a command line by a table. Knows no command, but that settings are no options.
 */
#include <string.h>

#include "app/modules.h"
#include "base/app_name.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/config.h"

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

/*
 * Whether "--data-dir", "--server-port" or "-p", as other servers have them, is a setting by its
 * key or name.
 */
static bool setting_is(const struct option_group *group, const struct option *option,
		       const char *word, size_t len)
{
	if (str_eq(group->section, "server") && str_eq(option->key, "port") && len == 2 &&
	    word[1] == 'p')
		return true;
	if (len < 3 || word[1] != '-')
		return false;
	AUTO(buf) name = { 0 };
	buf_add(&name, word + 2, len - 2);
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] == '-' || name.data[i] == '.')
			name.data[i] = '_';
	AUTO(buf) whole = { 0 };
	buf_printf(&whole, "%s_%s", group->section, option->key);
	return str_eq(buf_text(&name), option->key) || str_eq(buf_text(&name), buf_text(&whole));
}

static const struct option *setting_meant(const char *word, const struct option_group **ret_group)
{
	size_t len = strcspn(word, "=");
	const struct option_group *const *group = app_option_groups();
	for (; *group; group++) {
		for (size_t k = 0; k < (*group)->count; k++) {
			*ret_group = *group;
			if (setting_is(*group, &(*group)->options[k], word, len))
				return &(*group)->options[k];
		}
	}
	return NULL;
}

bool cli_is_setting(const char *name)
{
	const struct option_group *const *groups = app_option_groups();
	for (size_t i = 0; groups[i]; i++) {
		const struct option_group *group = groups[i];
		size_t len = strlen(group->section);
		if (!str_starts(name, group->section) || name[len] != '.')
			continue;
		for (size_t k = 0; k < group->count; k++) {
			const struct option *option = &group->options[k];
			size_t key_len = strlen(option->key);
			if (str_starts(name + len + 1, option->key) &&
			    (!name[len + 1 + key_len] ||
			     (option->secret && str_eq(name + len + 1 + key_len, "_file"))))
				return true;
		}
	}
	return false;
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
	if (!value || !*value)
		return cli_usage_error(r->cli, "option %s needs a value", option->name);
	if (option->value)
		*option->value = value;
	else
		list_add(option->list, value);
	return 0;
}

/*
 * What the command has, or all commands: "--user" is the beginning of "--username", "--confg" a
 * slip. NULL: nothing is near.
 */
static const char *option_meant(const struct cli_option *options, const char *word, size_t len)
{
	static const struct cli_option globals[] = {
		{ .name = "--config" }, { .name = "--env-file" }, { .name = "--set" },
		{ .name = "--help" },   { .name = "--version" },  { 0 }
	};
	AUTO(buf) name = { 0 };
	buf_add(&name, word, len);
	for (const struct cli_option *option = options; option && option->name; option++)
		if (len > 3 && !strncmp(option->name, word, len))
			return option->name;
	const char *found = options ? cli_nearest(buf_text(&name), option_name_at, options) : NULL;
	return found ? found : cli_nearest(buf_text(&name), option_name_at, globals);
}

static int setting_unknown(const struct cli *cli, const struct option_group *group,
			   const struct option *setting, const char *word, const char *next)
{
	const char *equals = strchr(word, '=');
	const char *value = equals ? equals + 1 : next;
	bool shown = value && *value && *value != '-' && !setting->secret;
	return cli_usage_error(cli,
			       "unknown option %.*s; %s.%s is a setting, which is given as --set "
			       "%s.%s=%s",
			       (int)strcspn(word, "="), word, group->section, setting->key,
			       group->section, setting->key, shown ? value : "VALUE");
}

/* What stands behind '=' may be a password, and is never repeated. */
int cli_option_unknown(const struct cli *cli, const struct cli_option *options, const char *word,
		       const char *next)
{
	const struct option_group *group = NULL;
	size_t len = strcspn(word, "=");
	const struct option *setting = setting_meant(word, &group);
	const char *meant = len > 2 ? option_meant(options, word, len) : NULL;
	if (meant && (!setting || !strncmp(meant, word, len)))
		return cli_usage_error(cli, "unknown option %.*s; did you mean %s?", (int)len, word,
				       meant);
	if (setting)
		return setting_unknown(cli, group, setting, word, next);
	return cli_usage_error(
		cli,
		"unknown option %.*s; settings are given as --set section.key=value, and "
		"'" APP_NAME " config' lists them",
		(int)len, word);
}

/*
 * "-" alone is an argument: it stands for standard input. So is a number below 0, of which its
 * command complains.
 */
static bool looks_like_option(const char *word)
{
	return word[0] == '-' && word[1] && !str_is_digit(word[1]);
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
		return cli_option_unknown(r->cli, r->options, word,
					  r->at < r->cli->argc ? r->cli->argv[r->at] : NULL);
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

int cli_check_arguments(const struct cli *cli, int most)
{
	if (cli->argc <= most)
		return 0;
	return cli_usage_error(cli, "'%s' is one argument too many", cli->argv[most]);
}

int cli_take_arguments(struct cli *cli, int most)
{
	const struct cli_option none[] = { { 0 } };
	int code = cli_take_options(cli, none, false);
	return code ? code : cli_check_arguments(cli, most);
}
