/* `croft user roles`: shows the roles of an account, or gives it others. */
#include "answer.h"
#include "base/buf.h"
#include "cli.h"
#include "modules/users.h"
#include "user.h"

struct roles_work {
	const char *login;
	char *const *names;
	int count;
	bool sets, json;
};

static int set(struct ctx *c, const struct roles_work *work, int64_t id, struct buf *out,
	       struct json_tree *ret)
{
	AUTO(buf) input = { 0 };
	buf_printf(&input, "{\"user_id\":%lld", (long long)id);
	cli_add_list(&input, "roles", work->names, work->count);
	buf_add_char(&input, '}');
	return answer_ask(c, &users_set_roles, &input, out, ret);
}

static void say(struct json_node user, bool json)
{
	AUTO(buf) names = { 0 };
	if (json) {
		answer_say_line(user);
		return;
	}
	answer_add_texts(user, "roles", &names);
	cli_say("%-20s  %s", "username", "roles");
	cli_say("%-20s  %s", answer_text(user, "username"), buf_text(&names));
}

static int show_or_set(struct boot *boot, void *arg)
{
	const struct roles_work *work = arg;
	struct ctx *c = boot_ctx(boot);
	AUTO(buf) found = { 0 }, out = { 0 };
	AUTO(json_tree) user = { 0 }, changed = { 0 };
	int code = user_find(c, work->login, &found, &user);
	if (!code && work->sets)
		code = set(c, work, answer_int(json_tree_top(&user), "id"), &out, &changed);
	if (!code)
		say(json_tree_top(work->sets ? &changed : &user), work->json);
	return code;
}

int user_roles(struct cli *cli, const void *arg)
{
	const struct user_arguments *arguments = arg;
	int code = user_check_options(cli, "roles", arguments, "--none --json");
	if (!code && !cli->argc)
		code = cli_usage_error(cli, "'user roles' needs a username or an e-mail address");
	if (!code && arguments->none && cli->argc > 1)
		code = cli_usage_error(cli, "'user roles' takes either --none or roles");
	if (!code)
		code = cli_check_texts(cli, "argument");
	if (code)
		return code;
	struct roles_work work = { .login = cli->argv[0],
				   .names = cli->argv + 1,
				   .count = cli->argc - 1,
				   .sets = arguments->none || cli->argc > 1,
				   .json = arguments->json };
	return cli_with_boot(cli, BOOT_READY, show_or_set, &work);
}
