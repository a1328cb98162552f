/* `croft db copy|shell|explain|reindex`: each is a file of its own. */
#include "db.h"

int cli_db(struct cli *cli)
{
	static const struct cli_subcommand commands[] = {
		{ "copy", cli_db_copy },
		{ "shell", cli_db_shell },
		{ "explain", cli_db_explain },
		{ "reindex", cli_db_reindex },
		{ 0 },
	};
	return cli_run_subcommand(cli, commands, NULL);
}
