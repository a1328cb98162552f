/* What the subcommands of `croft user` share. */
#ifndef CROFT_SRC_CLI_USER_H
#define CROFT_SRC_CLI_USER_H

#include <stdbool.h>

struct cli;

struct user_arguments {
	const char *username, *email, *query;
	bool superuser, password_stdin, active, disabled, json, off;
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

int user_list(struct cli *cli, const void *arguments);
int user_show(struct cli *cli, const void *arguments);
int user_disable(struct cli *cli, const void *arguments);
int user_enable(struct cli *cli, const void *arguments);

#endif
