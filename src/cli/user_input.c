/*
 * What the subcommands of `croft user` share: their options, their input, the account that is
 * meant, their last line.
 */
#include "user.h"

#include <string.h>

#include "answer.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "modules/users.h"

int user_check_options(struct cli *cli, const char *what, const struct user_arguments *arguments,
		       const char *allowed)
{
	const struct {
		const char *name;
		bool is_given;
	} options[] = {
		{ "--username", arguments->username },
		{ "--email", arguments->email },
		{ "--query", arguments->query },
		{ "--superuser", arguments->superuser },
		{ "--password-stdin", arguments->password_stdin },
		{ "--active", arguments->active },
		{ "--disabled", arguments->disabled },
		{ "--json", arguments->json },
		{ "--off", arguments->off },
		{ "--none", arguments->none },
		{ "--end", arguments->end },
		{ "--service", arguments->service },
	};
	for (size_t i = 0; i < COUNT_OF(options); i++)
		if (options[i].is_given && !strstr(allowed, options[i].name))
			return cli_usage_error(cli, "'user %s' takes no %s", what, options[i].name);
	return 0;
}

int user_check_login(struct cli *cli, const char *what)
{
	if (!cli->argc)
		return cli_usage_error(cli, "'user %s' needs a username or an e-mail address",
				       what);
	int code = cli_check_arguments(cli, 1);
	return code ? code : cli_check_text(cli, "login", cli->argv[0]);
}

void user_say_done(const char *what, const char *who)
{
	AUTO(buf) text = { 0 };
	buf_add_text(&text, what);
	str_add_printable(&text, who, strlen(who));
	buf_add_lit(&text, ".\n");
	cli_print(&text);
}

int user_find(struct ctx *c, const char *login, struct buf *out, struct json_tree *ret)
{
	AUTO(buf) input = { 0 };
	cli_add_member(&input, "login", login);
	buf_add_char(&input, '}');
	return answer_ask(c, &users_find_by_login, &input, out, ret);
}
