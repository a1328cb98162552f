/* What the files of `croft migrate` share: its options, and commands with a file of their own. */
#ifndef CROFT_SRC_CLI_MIGRATE_H
#define CROFT_SRC_CLI_MIGRATE_H

#include "cli.h"

struct migrate_options {
	bool yes, from_models, drop;
};

/* One bit for each of them, in their order. */
enum { MIGRATE_YES = 1, MIGRATE_AUTO = 2, MIGRATE_DROP = 4 };
/* Options that are not among `allowed`, more arguments than `most`: CLI_USAGE, and it is told. */
int migrate_check_options(const struct cli *cli, const void *given, unsigned allowed,
			  int most) MUST_USE;

/* Each is given the struct migrate_options. */
int migrate_check(struct cli *cli, const void *options);
int migrate_new_file(struct cli *cli, const void *options);

#endif
