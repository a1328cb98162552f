/* What the subcommands of `croft user` share. */
#ifndef CROFT_SRC_CLI_USER_H
#define CROFT_SRC_CLI_USER_H

#include <stdbool.h>

#include "base/attr.h"

struct buf;
struct cli;
struct ctx;
struct json_tree;

struct user_arguments {
	const char *username, *email, *query;
	bool superuser, password_stdin, active, disabled, json, off, none, end, service;
};

/*
 * Whether no option was given but those that are named in `allowed`, "--json --query". Returns 0,
 * or CLI_USAGE once it is told.
 */
int user_check_options(struct cli *cli, const char *what, const struct user_arguments *arguments,
		       const char *allowed);
/* The one plain argument, which is text in UTF-8. Returns 0, or CLI_USAGE once it is told. */
int user_check_login(struct cli *cli, const char *what);
/* One line, such as "Disabled ada."; `who` may be anything. */
void user_say_done(const char *what, const char *who);

/* The account of the login, read from `out`. Returns the exit code. */
int user_find(struct ctx *c, const char *login, struct buf *out, struct json_tree *ret) MUST_USE;

int user_list(struct cli *cli, const void *arguments);
int user_show(struct cli *cli, const void *arguments);
int user_disable(struct cli *cli, const void *arguments);
int user_enable(struct cli *cli, const void *arguments);
int user_roles(struct cli *cli, const void *arguments);
int user_sessions(struct cli *cli, const void *arguments);

#endif
