/* Commands that a command has: finds which of its table is meant, or says which there are. */
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"

/* "copy, shell or explain" */
static void add_names(const struct cli_subcommand *commands, struct buf *out)
{
	for (const struct cli_subcommand *at = commands; at->name; at++) {
		const char *between = at == commands ? "" : at[1].name ? ", " : " or ";
		buf_printf(out, "%s%s", between, at->name);
	}
}

static int say_names(const struct cli *cli, const struct cli_subcommand *commands)
{
	const char *command = cli->command->name, *name = cli->argv[0];
	AUTO(buf) names = { 0 };
	add_names(commands, &names);
	if (name)
		return cli_usage_error(cli, "there is no '%s %s'; it is %s", command, name,
				       buf_text(&names));
	return cli_usage_error(cli, "'%s' needs to know what to do: %s", command, buf_text(&names));
}

int cli_run_subcommand(struct cli *cli, const struct cli_subcommand *commands, const void *arg)
{
	const struct cli_subcommand *found = commands;
	while (found->name && !str_eq(found->name, cli->argv[0]))
		found++;
	if (!found->name)
		return say_names(cli, commands);
	cli->argc--;
	cli->argv++;
	return found->run(cli, arg);
}
