/*
 * `croft key create`, `list` and `revoke`: the operations of the keys module, by logins. A key is
 * printed alone, so that a script takes it as it is.
 */
#include <inttypes.h>
#include <string.h>

#include "answer.h"
#include "base/app_name.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/json.h"
#include "modules/keys.h"
#include "user.h"

const char cli_key_usage[] =
	"Usage: " APP_NAME " key create LOGIN [ROLE...] --name NAME [--days N]\n"
	"       " APP_NAME " key list LOGIN [--json]\n"
	"       " APP_NAME " key revoke ID\n"
	"\n"
	"Makes, lists and deletes API keys, which programs show in place of a user's token.\n"
	"\n"
	"  create  make a key that acts as the user, with these of his roles, and print it: it\n"
	"          is shown this once\n"
	"  list    the keys of a user, oldest first; those that have expired, too\n"
	"  revoke  delete a key: whoever shows it from then on is refused\n"
	"\n"
	"  --name NAME  what the key is for\n"
	"  --days N     it ends after so many days; else it lives until it is revoked\n"
	"  --json       print an object a line\n"
	"\n"
	"LOGIN is a username or an e-mail address, ID a number of 'key list': the second part of\n"
	"the key itself.\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " key create ada editor --name deploy --days 90 > deploy.key\n"
	"  " APP_NAME " key list ada\n"
	"  " APP_NAME " key revoke 12\n";

struct key_arguments {
	const char *name, *days;
	bool json;
};

struct key_work {
	/* .argv: what the subcommand is given */
	const struct cli *cli;
	const struct key_arguments *arguments;
	/* --days, or the ID */
	int64_t number;
};

static int check_options(const struct cli *cli, const char *what,
			 const struct key_arguments *arguments, const char *allowed)
{
	const struct {
		const char *name;
		bool is_given;
	} options[] = {
		{ "--name", arguments->name },
		{ "--days", arguments->days },
		{ "--json", arguments->json },
	};
	for (size_t i = 0; i < COUNT_OF(options); i++)
		if (options[i].is_given && !strstr(allowed, options[i].name))
			return cli_usage_error(cli, "'key %s' takes no %s", what, options[i].name);
	return 0;
}

/* Returns 0, or the exit code once it is told that there is no account of the login. */
static int find_owner(struct ctx *c, const struct key_work *work, int64_t *ret_id)
{
	AUTO(buf) found = { 0 };
	AUTO(json_tree) user = { 0 };
	int code = user_find(c, work->cli->argv[0], &found, &user);
	if (!code)
		*ret_id = answer_int(json_tree_top(&user), "id");
	return code;
}

/* ---- create ---- */

static int create_booted(struct boot *boot, void *arg)
{
	const struct key_work *work = arg;
	const struct cli *cli = work->cli;
	struct ctx *c = boot_ctx(boot);
	AUTO(buf) input = { 0 }, out = { 0 };
	AUTO(json_tree) made = { 0 };
	int64_t owner = 0;
	int code = find_owner(c, work, &owner);
	if (code)
		return code;
	buf_printf(&input, "{\"user_id\":%" PRId64, owner);
	cli_add_member(&input, "name", work->arguments->name);
	cli_add_list(&input, "roles", cli->argv + 1, cli->argc - 1);
	if (work->arguments->days)
		buf_printf(&input, ",\"expires_in_days\":%" PRId64, work->number);
	buf_add_char(&input, '}');
	code = answer_ask(c, &keys_create_of, &input, &out, &made);
	if (!code)
		cli_say("%s", answer_text(json_tree_top(&made), "key"));
	return code;
}

static int create(struct cli *cli, const void *arg)
{
	struct key_work work = { .cli = cli, .arguments = arg };
	const char *days = work.arguments->days;
	int code = check_options(cli, "create", work.arguments, "--name --days");
	if (!code && !cli->argc)
		code = cli_usage_error(cli, "'key create' needs a username or an e-mail address");
	if (!code && !work.arguments->name)
		code = cli_usage_error(cli, "'key create' needs --name");
	if (!code && days && (!str_to_int64(days, &work.number) || work.number < 1))
		code = cli_usage_error(cli, "--days is a number from 1 on");
	if (!code)
		code = cli_check_text(cli, "name", work.arguments->name);
	if (!code)
		code = cli_check_texts(cli, "argument");
	return code ? code : cli_with_boot(cli, BOOT_READY, create_booted, &work);
}

/* ---- list ---- */

static const char *text_or_dash(struct json_node key, const char *name)
{
	const char *text = answer_text(key, name);
	return *text ? text : "-";
}

static void say_key(struct json_node key, bool json)
{
	AUTO(buf) roles = { 0 };
	if (json) {
		answer_say_line(key);
		return;
	}
	answer_add_texts(key, "roles", &roles);
	cli_say("%8" PRId64 "  %-20s  %-27s  %-27s  %s", answer_int(key, "id"),
		answer_text(key, "name"), text_or_dash(key, "expires_at"),
		text_or_dash(key, "last_used_at"), buf_text(&roles));
}

static int list_booted(struct boot *boot, void *arg)
{
	const struct key_work *work = arg;
	const bool json = work->arguments->json;
	struct ctx *c = boot_ctx(boot);
	AUTO(buf) input = { 0 }, out = { 0 };
	AUTO(json_tree) keys = { 0 };
	int64_t owner = 0;
	int code = find_owner(c, work, &owner);
	if (code)
		return code;
	buf_printf(&input, "{\"user_id\":%" PRId64 "}", owner);
	code = answer_ask(c, &keys_list_of, &input, &out, &keys);
	if (code)
		return code;
	if (!json)
		cli_say("%8s  %-20s  %-27s  %-27s  %s", "id", "name", "ends", "last used", "roles");
	struct json_node at = answer_items(json_tree_top(&keys));
	for (; at.item; at = json_node_next(at))
		say_key(at, json);
	return CLI_OK;
}

static int list(struct cli *cli, const void *arg)
{
	struct key_work work = { .cli = cli, .arguments = arg };
	int code = check_options(cli, "list", arg, "--json");
	if (!code && !cli->argc)
		code = cli_usage_error(cli, "'key list' needs a username or an e-mail address");
	if (!code)
		code = cli_check_arguments(cli, 1);
	if (!code)
		code = cli_check_texts(cli, "login");
	return code ? code : cli_with_boot(cli, BOOT_READY, list_booted, &work);
}

/* ---- revoke ---- */

static int revoke_booted(struct boot *boot, void *arg)
{
	const struct key_work *work = arg;
	AUTO(buf) input = { 0 }, out = { 0 };
	buf_printf(&input, "{\"key_id\":%" PRId64 "}", work->number);
	int code = answer_ask(boot_ctx(boot), &keys_revoke, &input, &out, NULL);
	if (!code)
		cli_say("Revoked key %" PRId64 ".", work->number);
	return code;
}

static int revoke(struct cli *cli, const void *arg)
{
	struct key_work work = { .cli = cli, .arguments = arg };
	int code = check_options(cli, "revoke", arg, "");
	if (!code)
		code = cli_check_arguments(cli, 1);
	if (!code && (!cli->argc || !str_to_int64(cli->argv[0], &work.number)))
		code = cli_usage_error(cli, "'key revoke' needs the ID of a key, a number of "
					    "'key list'");
	return code ? code : cli_with_boot(cli, BOOT_READY, revoke_booted, &work);
}

int cli_key(struct cli *cli)
{
	struct key_arguments arguments = { 0 };
	const struct cli_option options[] = {
		{ .name = "--name", .value = &arguments.name },
		{ .name = "--days", .value = &arguments.days },
		{ .name = "--json", .flag = &arguments.json },
		{ 0 },
	};
	static const struct cli_subcommand commands[] = {
		{ "create", create },
		{ "list", list },
		{ "revoke", revoke },
		{ 0 },
	};
	int code = cli_take_options(cli, options, false);
	return code ? code : cli_run_subcommand(cli, commands, &arguments);
}
