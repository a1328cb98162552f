/*
 * `croft help [COMMAND]`: the overview, made from the table of commands, or the help text of one.
 */
#include "base/app_name.h"
#include "base/buf.h"
#include "cli.h"
#include "core/app.h"

static const char overview_end[] =
	"\n"
	"Options of every command:\n"
	"  --config FILE            read the settings from FILE (app.ini if it is there)\n"
	"  --env-file FILE          read environment settings from FILE (.env if it is there)\n"
	"  --set SECTION.KEY=VALUE  change one setting; may be given again and again\n"
	"  -h, --help               explain " APP_NAME " or the command\n"
	"  -V, --version            print the version\n"
	"\n"
	"Exit codes: 0 done, 1 failed, 2 wrong command line, 3 wrong settings.\n"
	"'" APP_NAME " help COMMAND' explains a command.\n";

void cli_help_overview(const struct cli_command *commands, struct buf *out)
{
	buf_printf(out, APP_NAME " %s: a backend server in one program\n\n", app_version);
	buf_add_lit(out, "Usage: " APP_NAME " [OPTION]... COMMAND [ARGUMENT]...\n\nCommands:\n");
	for (const struct cli_command *command = commands; command->name; command++)
		buf_printf(out, "  %-8s  %s\n", command->name, command->summary);
	buf_add_text(out, overview_end);
}

static void add_help(const struct cli_command *command, struct buf *out)
{
	buf_add_text(out, command->usage);
	if (command->add_usage)
		command->add_usage(out);
}

int cli_help(struct cli *cli)
{
	int code = cli_take_arguments(cli, 1);
	if (code)
		return code;
	AUTO(buf) text = { 0 };
	const struct cli_command *command = cli->argc ? cli_command_find(cli, cli->argv[0]) : NULL;
	if (cli->argc && !command) {
		cli->command = NULL; /* the list of commands is the help about it */
		return cli_command_unknown(cli, cli->argv[0]);
	}
	if (command)
		add_help(command, &text);
	else
		cli_help_overview(cli->commands, &text);
	cli_print(&text);
	return CLI_OK;
}
