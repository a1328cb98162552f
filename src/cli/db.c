/* `croft db copy|shell|explain|reindex`: finds which; each is a file of its own. */
#include "db.h"

#include "base/str.h"

int cli_db(struct cli *cli)
{
	static const struct {
		const char *name;
		int (*run)(struct cli *cli);
	} commands[] = {
		{ "copy", cli_db_copy },
		{ "shell", cli_db_shell },
		{ "explain", cli_db_explain },
		{ "reindex", cli_db_reindex },
	};
	if (!cli->argc)
		return cli_usage_error(
			cli, "'db' needs to know what to do: copy, shell, explain or reindex");
	const char *name = cli->argv[0];
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		if (!str_eq(name, commands[i].name))
			continue;
		cli->argc--;
		cli->argv++;
		return commands[i].run(cli);
	}
	return cli_usage_error(cli, "there is no 'db %s'; it is copy, shell, explain or reindex",
			       name);
}
