/* What the files of `croft db` share. */
#ifndef CROFT_CLI_DB_H
#define CROFT_CLI_DB_H

#include "cli.h"

/* Each takes what follows its own name and returns the exit code. */
int cli_db_copy(struct cli *cli);
int cli_db_shell(struct cli *cli);
int cli_db_explain(struct cli *cli);
int cli_db_reindex(struct cli *cli);

#endif
