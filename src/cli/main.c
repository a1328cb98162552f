/*
 * cli_main(): finds the command, reads the options that every command has, runs it. The table of
 * commands with their help is commands.c; each command has a file of its own.
 */
#include "cli/main.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/conceal.h"
#include "args.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/say.h"
#include "cli.h"
#include "streams.h"

/* The options that every command has. */
struct cli_globals {
	const char *config_path, *env_path;
	/* .env belongs to the folder of the app.ini that is named */
	char env_beside[PATH_MAX];
	const char **sets;
	bool help, version;
};

static int no_command(const struct cli *cli)
{
	AUTO(buf) text = { 0 };
	cli_help_overview(cli->commands, &text);
	say(STDERR_FILENO, text.data, text.len, SAY_WAIT_MS);
	return CLI_USAGE;
}

/*
 * What is no pair may be a secret that stands behind the wrong sign, so only the name of a
 * setting is repeated.
 */
static int sets_check(const struct cli *cli, const char *const *sets)
{
	for (; *sets; sets++) {
		if (strchr(*sets, '='))
			continue;
		if (cli_is_setting(*sets))
			return cli_usage_error(cli, "--set %s has no value: write --set %s=VALUE",
					       *sets, *sets);
		return cli_usage_error(cli,
				       "option --set takes SECTION.KEY=VALUE in one word, such "
				       "as --set server.port=9000");
	}
	return 0;
}

static int take_globals(struct cli *cli, struct cli_globals *globals)
{
	const struct cli_option options[] = {
		{ .name = "--config", .value = &globals->config_path },
		{ .name = "--env-file", .value = &globals->env_path },
		{ .name = "--set", .list = globals->sets },
		{ .name = "--help", .alias = "-h", .flag = &globals->help },
		{ .name = "--version", .alias = "-V", .flag = &globals->version },
		{ 0 },
	};
	int code = cli_take_options(cli, options, true);
	if (!code)
		code = sets_check(cli, globals->sets);
	if (code)
		return code;
	const char *beside = globals->config_path ? strrchr(globals->config_path, '/') : NULL;
	if (beside && !globals->env_path)
		snprintf(globals->env_beside, sizeof(globals->env_beside), "%.*s/.env",
			 (int)(beside - globals->config_path), globals->config_path);
	cli->boot = (struct boot_args){
		.report = &cli_boot_report,
		.config_path = globals->config_path ? globals->config_path : "app.ini",
		.config_required = globals->config_path != NULL,
		.env_path = globals->env_path      ? globals->env_path
			    : *globals->env_beside ? globals->env_beside
						   : ".env",
		.env_required = globals->env_path != NULL,
		.sets = globals->sets,
	};
	return 0;
}

static int run_command(struct cli *cli, const struct cli_command *command)
{
	cli->command = command;
	return command->run(cli);
}

/* `croft run --help` is `croft help run`. */
static int help_about(struct cli *cli)
{
	if (cli->argc > 1)
		cli->argc = 1;
	return run_command(cli, cli_command_find(cli, "help"));
}

/* Whatever else is there. */
static int version(struct cli *cli)
{
	cli->argc = 0;
	return run_command(cli, cli_command_find(cli, "version"));
}

static int dispatch(struct cli *cli, const struct cli_globals *globals)
{
	if (globals->help)
		return help_about(cli);
	if (globals->version)
		return version(cli);
	if (!cli->argc)
		return no_command(cli);
	const char *name = cli->argv[0];
	if (name[0] == '-')
		return cli_option_unknown(cli, NULL, name, cli->argc > 1 ? cli->argv[1] : NULL);
	const struct cli_command *command = cli_command_find(cli, name);
	if (!command)
		return cli_command_unknown(cli, name);
	cli->argc--;
	cli->argv++;
	return run_command(cli, command);
}

int cli_main(int argc, char **argv)
{
	conceal_begin();
	streams_prepare();
	char **words = mem_new((size_t)argc + 1, sizeof(*words));
	char **taken = mem_new((size_t)argc + 1, sizeof(*taken)); /* words are moved about */
	struct cli_globals globals = { .sets = mem_new((size_t)argc + 1, sizeof(*globals.sets)) };
	struct cli cli = {
		.argc = argc ? argc - 1 : 0,
		.argv = words,
		.commands = cli_commands,
	};
	for (int i = 1; i < argc; i++)
		words[i - 1] = taken[i - 1] = args_take(argv[i]);

	int code = take_globals(&cli, &globals);
	if (!code)
		code = dispatch(&cli, &globals);
	code = streams_finish(code);
	free(globals.sets);
	for (int i = 1; i < argc; i++)
		free(taken[i - 1]);
	free(taken);
	free(words);
	return code;
}
