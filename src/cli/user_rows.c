/*
 * `croft user list`, `show`, `disable` and `enable`: the users module's operations, printed as a
 * table or as JSON lines. Changes nothing but whether an account may sign in.
 */
#include <string.h>

#include "answer.h"
#include "base/arena.h"
#include "base/buf.h"
#include "cli.h"
#include "core/json.h"
#include "core/op.h"
#include "modules/users.h"
#include "user.h"

enum { PER_PAGE = 100 };

/* ---- one account, as an operation answers it ---- */

static void say_head(void)
{
	cli_say("%8s  %-20s  %-30s  %-6s  %-9s  %s", "id", "username", "e-mail", "active",
		"superuser", "created");
}

static void say_user(struct json_node user, bool json)
{
	if (json) {
		answer_say_line(user);
		return;
	}
	cli_say("%8lld  %-20s  %-30s  %-6s  %-9s  %s", (long long)answer_int(user, "id"),
		answer_text(user, "username"), answer_text(user, "email"),
		answer_text(user, "is_active"), answer_text(user, "is_superuser"),
		answer_text(user, "created_at"));
}

/* ---- list ---- */

static void add_filters(struct buf *json, const struct user_arguments *arguments)
{
	buf_printf(json, "{\"sort\":\"id\",\"with_total\":false,\"per_page\":%d", PER_PAGE);
	cli_add_member(json, "q", arguments->query);
	if (arguments->active || arguments->disabled)
		cli_add_member(json, "is_active", arguments->active ? "true" : "false");
	if (arguments->superuser)
		cli_add_member(json, "is_superuser", "true");
}

/* Prints a page. *ret_next is where the next begins, on the heap; empty: there is none. */
static int list_page(struct ctx *c, const struct user_arguments *arguments, const char *cursor,
		     struct buf *ret_next)
{
	AUTO(buf) input = { 0 }, out = { 0 };
	AUTO(json_tree) tree = { 0 };
	add_filters(&input, arguments);
	cli_add_member(&input, "cursor", cursor);
	buf_add_char(&input, '}');
	int code = answer_ask(c, &users_list, &input, &out, &tree);
	if (code)
		return code;
	struct json_node at = answer_items(json_tree_top(&tree));
	for (; at.item; at = json_node_next(at))
		say_user(at, arguments->json);
	buf_add_text(ret_next, answer_text(json_tree_top(&tree), "next_cursor"));
	return CLI_OK;
}

static int list(struct boot *boot, void *arg)
{
	const struct user_arguments *arguments = arg;
	struct ctx *c = boot_ctx(boot);
	struct arena_mark mark = arena_mark(c->arena);
	AUTO(buf) cursor = { 0 };
	int code;
	if (!arguments->json)
		say_head();
	do {
		AUTO(buf) next = { 0 };
		code = list_page(c, arguments, cursor.len ? buf_text(&cursor) : NULL, &next);
		buf_clear(&cursor);
		buf_add_text(&cursor, buf_text(&next));
		arena_rewind(c->arena, mark);
	} while (!code && cursor.len);
	return code;
}

int user_list(struct cli *cli, const void *arg)
{
	struct user_arguments arguments = *(const struct user_arguments *)arg;
	int code = user_check_options(cli, "list", arg,
				      "--query --active --disabled --superuser --json");
	if (!code)
		code = cli_check_arguments(cli, 0);
	if (!code && arguments.active && arguments.disabled)
		code = cli_usage_error(cli, "no account is both --active and --disabled");
	if (!code)
		code = cli_check_text(cli, "query", arguments.query);
	/* where the next page begins */
	cli->boot.signs = true;
	return code ? code : cli_with_boot(cli, BOOT_READY, list, &arguments);
}

/* ---- one by its login ---- */

struct login_work {
	const char *login;
	bool json;
	/* Of `disable` and `enable`. */
	bool sets, to;
};

static int show_or_set(struct boot *boot, void *arg)
{
	const struct login_work *work = arg;
	struct ctx *c = boot_ctx(boot);
	AUTO(buf) found = { 0 }, input = { 0 }, out = { 0 };
	AUTO(json_tree) user = { 0 }, changed = { 0 };
	int code = user_find(c, work->login, &found, &user);
	if (code)
		return code;
	if (work->sets) {
		buf_printf(&input, "{\"user_id\":%lld,\"is_active\":%s}",
			   (long long)answer_int(json_tree_top(&user), "id"),
			   work->to ? "true" : "false");
		code = answer_ask(c, &users_update, &input, &out, &changed);
		if (!code)
			user_say_done(work->to ? "Enabled " : "Disabled ", work->login);
		return code;
	}
	if (!work->json)
		say_head();
	say_user(json_tree_top(&user), work->json);
	return CLI_OK;
}

static int run_on_login(struct cli *cli, const char *what, const struct user_arguments *arguments,
			const struct login_work *work)
{
	int code = user_check_options(cli, what, arguments, work->sets ? "" : "--json");
	if (!code)
		code = user_check_login(cli, what);
	if (code)
		return code;
	struct login_work whole = *work;
	whole.login = cli->argv[0];
	whole.json = arguments->json;
	return cli_with_boot(cli, BOOT_READY, show_or_set, &whole);
}

int user_show(struct cli *cli, const void *arg)
{
	return run_on_login(cli, "show", arg, &(struct login_work){ .sets = false });
}

int user_disable(struct cli *cli, const void *arg)
{
	return run_on_login(cli, "disable", arg, &(struct login_work){ .sets = true });
}

int user_enable(struct cli *cli, const void *arg)
{
	return run_on_login(cli, "enable", arg, &(struct login_work){ .sets = true, .to = true });
}
