/* What the files of `croft role` share. */
#ifndef CROFT_SRC_CLI_ROLE_H
#define CROFT_SRC_CLI_ROLE_H

#include <stdbool.h>

struct cli;
struct ctx;

struct role_arguments {
	/* --name */
	const char *rename;
	bool none, json;
};

struct role_work;
/* Returns the exit code. */
typedef int role_run(struct ctx *c, const struct role_work *work);

struct role_work {
	/* .argv: the name of the role, and permissions. */
	const struct cli *cli;
	const struct role_arguments *arguments;
	role_run *run;
};

role_run role_run_list, role_run_show, role_run_permissions, role_run_create, role_run_update,
	role_run_delete;

#endif
