/* What the files of `croft db` share. */
#ifndef CROFT_SRC_CLI_DB_H
#define CROFT_SRC_CLI_DB_H

#include "cli.h"

/* As in struct cli_subcommand; `arg` is NULL. */
int cli_db_copy(struct cli *cli, const void *arg);
int cli_db_shell(struct cli *cli, const void *arg);
int cli_db_explain(struct cli *cli, const void *arg);
int cli_db_reindex(struct cli *cli, const void *arg);

#endif
