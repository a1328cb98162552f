/* Finding a command by its name in the table that the command line was given. */
#include "base/str.h"
#include "cli.h"

static const char *name_at(const void *names, size_t at)
{
	return ((const struct cli_command *)names)[at].name;
}

const struct cli_command *cli_command_find(const struct cli *cli, const char *name)
{
	for (const struct cli_command *command = cli->commands; command->name; command++)
		if (str_eq(command->name, name))
			return command;
	return NULL;
}

int cli_command_unknown(const struct cli *cli, const char *name)
{
	const char *nearest = cli_nearest(name, name_at, cli->commands);
	if (nearest)
		return cli_usage_error(cli, "unknown command '%s'; did you mean '%s'?", name,
				       nearest);
	return cli_usage_error(cli, "unknown command '%s'", name);
}
