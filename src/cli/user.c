/*
 * `croft user …`: its options, and `create` and `password`, whose password is asked for instead of
 * standing in the argument list, where every process could read it, `invite` and `second-factor`.
 * The others are in user_rows.c, user_roles.c and user_sessions.c.
 */
#include <string.h>

#include "base/app_name.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/json.h"
#include "core/op.h"
#include "modules/accounts.h"
#include "modules/auth.h"
#include "modules/users.h"
#include "password.h"
#include "user.h"

const char cli_user_usage[] =
	"Usage: " APP_NAME " user create --username NAME --email ADDRESS [--superuser]\n"
	"                         [--password-stdin]\n"
	"       " APP_NAME " user create --service --username NAME\n"
	"       " APP_NAME " user password LOGIN [--password-stdin]\n"
	"       " APP_NAME " user invite EMAIL\n"
	"       " APP_NAME " user second-factor LOGIN --off\n"
	"       " APP_NAME " user sessions LOGIN [--end|--json]\n"
	"       " APP_NAME
	" user list [--query TEXT] [--active|--disabled] [--superuser] [--json]\n"
	"       " APP_NAME " user show LOGIN [--json]\n"
	"       " APP_NAME " user disable LOGIN\n"
	"       " APP_NAME " user enable LOGIN\n"
	"       " APP_NAME " user roles LOGIN [--none|ROLE...] [--json]\n"
	"\n"
	"Creates a user, sets a user's password, has a letter written whose reader makes an\n"
	"account, and lists the users there are. A password is asked for on the terminal and is\n"
	"not shown; it cannot be given as an argument, where others could read it. A user who is\n"
	"disabled is signed out and cannot sign in. A second factor is turned off for a user who\n"
	"has lost the device and all recovery codes: be sure who asks. Sessions are where a user\n"
	"is signed in. 'roles' shows the roles of a user, or gives him these and no others. A\n"
	"service account is for a program: it has roles and API keys, and cannot sign in.\n"
	"\n"
	"  --username NAME   the name to sign in with\n"
	"  --email ADDRESS   the address to write to\n"
	"  --superuser       may do everything; 'list': those alone\n"
	"  --service         a service account\n"
	"  --password-stdin  take the first line of standard input, in UTF-8, as the password\n"
	"  --query TEXT      those alone with this in their username, e-mail or name\n"
	"  --active          those alone who may sign in\n"
	"  --disabled        those alone who may not\n"
	"  --off             turn it off\n"
	"  --none            take all roles away\n"
	"  --end             sign the user out everywhere\n"
	"  --json            print an object a line\n"
	"\n"
	"LOGIN is a username or an e-mail address.\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " user create --username ada --email ada@example.com --superuser\n"
	"  " APP_NAME " user password ada --password-stdin < password.txt\n"
	"  " APP_NAME " user list --disabled\n"
	"  " APP_NAME " user disable ada@example.com\n"
	"  " APP_NAME " user roles ada member editor\n";

/*
 * An operation and its input. It runs with the services: letters to the owner of the account are
 * written before the program ends.
 */
struct user_work {
	const struct operation *op;
	struct buf *json;
};

static int run(struct boot *boot, void *arg)
{
	const struct user_work *it = arg;
	struct ctx *c = boot_ctx(boot);
	AUTO(buf) out = { 0 };
	enum app_err err = op_run(c, it->op, it->json->data, it->json->len, &out);
	return err ? cli_failure(c, err, it->op->name) : CLI_OK;
}

/*
 * Adds the password to the input, runs the operation and wipes both. It asks before it boots:
 * signals must reach the thread that waits at the terminal, so there is only one as yet.
 */
static int run_with_password(struct cli *cli, const struct user_arguments *arguments,
			     const struct operation *op, struct buf *json)
{
	char password[PASSWORD_LINE_ROOM];
	int code = password_ask(arguments->password_stdin, password);
	if (!code) {
		/*
		 * room first, so that growing leaves no copy behind: escaping makes six bytes of
		 * one at most
		 */
		buf_reserve(json, 6 * sizeof(password) + 64);
		cli_add_member(json, "password", password);
		buf_add_char(json, '}');
		code = cli_with_boot(cli, BOOT_SERVICES, run, &(struct user_work){ op, json });
		explicit_bzero(json->data, json->len);
	}
	explicit_bzero(password, sizeof(password));
	return code;
}

static int create_service(struct cli *cli, const struct user_arguments *arguments)
{
	AUTO(buf) json = { 0 };
	int code = 0;
	if (arguments->email || arguments->superuser || arguments->password_stdin)
		code = cli_usage_error(cli, "a service account has no e-mail and no password, and "
					    "is no superuser");
	if (!code && !arguments->username)
		code = cli_usage_error(cli, "'user create' needs --username");
	if (!code)
		code = cli_check_arguments(cli, 0);
	if (!code)
		code = cli_check_text(cli, "username", arguments->username);
	if (code)
		return code;
	cli_add_member(&json, "username", arguments->username);
	buf_add_char(&json, '}');
	code = cli_with_boot(cli, BOOT_READY, run,
			     &(struct user_work){ &users_create_service, &json });
	if (!code)
		user_say_done("Created service account ", arguments->username);
	return code;
}

static int create(struct cli *cli, const void *arg)
{
	const struct user_arguments *arguments = arg;
	int code = user_check_options(cli, "create", arguments,
				      "--username --email --superuser --password-stdin --service");
	if (code)
		return code;
	if (arguments->service)
		return create_service(cli, arguments);
	if (cli->argc)
		return cli_usage_error(cli,
				       "'%s' is one argument too many: 'user create' takes "
				       "--username NAME --email ADDRESS",
				       cli->argv[0]);
	if (!arguments->username)
		return cli_usage_error(cli, "'user create' needs --username");
	if (!arguments->email)
		return cli_usage_error(cli, "'user create' needs --email");
	code = cli_check_text(cli, "username", arguments->username);
	if (!code)
		code = cli_check_text(cli, "e-mail", arguments->email);
	if (code)
		return code;
	AUTO(buf) json = { 0 };
	cli_add_member(&json, "username", arguments->username);
	cli_add_member(&json, "email", arguments->email);
	if (arguments->superuser)
		buf_add_lit(&json, ",\"is_superuser\":true");
	code = run_with_password(cli, arguments, &users_create, &json);
	if (!code)
		user_say_done(arguments->superuser ? "Created superuser " : "Created user ",
			      arguments->username);
	return code;
}

static int set_password(struct cli *cli, const void *arg)
{
	const struct user_arguments *arguments = arg;
	int code = user_check_options(cli, "password", arguments, "--password-stdin");
	if (!code)
		code = user_check_login(cli, "password");
	if (code)
		return code;
	AUTO(buf) json = { 0 };
	cli_add_member(&json, "login", cli->argv[0]);
	code = run_with_password(cli, arguments, &users_set_password, &json);
	if (!code)
		user_say_done("Set the password of ", cli->argv[0]);
	return code;
}

static int invite(struct cli *cli, const void *arg)
{
	const struct user_arguments *arguments = arg;
	int code = user_check_options(cli, "invite", arguments, "");
	if (code)
		return code;
	if (!cli->argc)
		return cli_usage_error(cli, "'user invite' needs an e-mail address");
	code = cli_check_arguments(cli, 1);
	if (!code)
		code = cli_check_text(cli, "e-mail", cli->argv[0]);
	if (code)
		return code;
	AUTO(buf) json = { 0 };
	cli_add_member(&json, "email", cli->argv[0]);
	buf_add_char(&json, '}');
	code = cli_with_boot(cli, BOOT_SERVICES, run,
			     &(struct user_work){ &accounts_invite, &json });
	if (!code)
		user_say_done("Invited ", cli->argv[0]);
	return code;
}

static int end_second_factor(struct cli *cli, const void *arg)
{
	const struct user_arguments *arguments = arg;
	int code = user_check_options(cli, "second-factor", arguments, "--off");
	if (!code)
		code = user_check_login(cli, "second-factor");
	if (!code && !arguments->off)
		code = cli_usage_error(cli, "'user second-factor' takes a login and --off");
	if (code)
		return code;
	AUTO(buf) json = { 0 };
	cli_add_member(&json, "login", cli->argv[0]);
	buf_add_char(&json, '}');
	code = cli_with_boot(cli, BOOT_SERVICES, run,
			     &(struct user_work){ &auth_end_factor_of, &json });
	if (!code)
		user_say_done("Turned off the second factor of ", cli->argv[0]);
	return code;
}

int cli_user(struct cli *cli)
{
	struct user_arguments arguments = { 0 };
	const struct cli_option options[] = {
		{ .name = "--username", .value = &arguments.username },
		{ .name = "--email", .value = &arguments.email },
		{ .name = "--superuser", .flag = &arguments.superuser },
		{ .name = "--password-stdin", .flag = &arguments.password_stdin },
		{ .name = "--off", .flag = &arguments.off },
		{ .name = "--none", .flag = &arguments.none },
		{ .name = "--end", .flag = &arguments.end },
		{ .name = "--service", .flag = &arguments.service },
		{ .name = "--query", .value = &arguments.query },
		{ .name = "--active", .flag = &arguments.active },
		{ .name = "--disabled", .flag = &arguments.disabled },
		{ .name = "--json", .flag = &arguments.json },
		{ 0 },
	};
	static const struct cli_subcommand commands[] = {
		{ "create", create },
		{ "password", set_password },
		{ "invite", invite },
		{ "second-factor", end_second_factor },
		{ "sessions", user_sessions },
		{ "list", user_list },
		{ "show", user_show },
		{ "disable", user_disable },
		{ "enable", user_enable },
		{ "roles", user_roles },
		{ 0 },
	};
	int code = cli_take_options(cli, options, false);
	return code ? code : cli_run_subcommand(cli, commands, &arguments);
}
