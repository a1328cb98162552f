/*
 * `croft seed`: fills the database with plausible data to try things out with. The rows are made
 * in core/seed.
 */
#include <inttypes.h>

#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/app.h"
#include "core/seed.h"
#include "progress.h"

enum { USERS_PRESET = 100, POSTS_PRESET = 500, ROWS_MAX = 10000000 };

struct seed_arguments {
	const char *users, *posts, *seed;
	bool yes;
};

static int number_read(const struct cli *cli, const char *name, const char *text, int64_t *ret)
{
	if (!text)
		return 0;
	if (str_to_int64(text, ret) && *ret >= 0 && *ret <= ROWS_MAX)
		return 0;
	return cli_usage_error(cli, "%s takes a number from 0 to %d, not '%s'", name, ROWS_MAX,
			       text);
}

static void tell(void *arg, const char *what, int64_t done, int64_t total)
{
	struct progress *progress = arg;
	progress->what = what;
	progress_tell(progress, done, total);
}

static int seed(struct boot *boot, struct seed_plan *plan, bool yes)
{
	struct ctx *c = boot_ctx(boot);
	const char *live = boot_live_reason(boot);
	if (live && !yes) {
		cli_error("%s: --yes adds made-up data to it all the same", live);
		return CLI_FAILED;
	}
	struct progress progress = { .unit = "rows" };
	progress_start(&progress);
	plan->now = ctx_now(c);
	plan->tell = tell;
	plan->arg = &progress;
	enum app_err err = seed_run(c, plan);
	progress_end(&progress);
	if (err)
		return cli_failure(c, err, "seed");
	AUTO(buf) text = { 0 };
	buf_printf(&text, "Added %" PRId64 " users, who have no password, and %" PRId64 " posts.\n",
		   plan->users, plan->posts);
	cli_print(&text);
	return CLI_OK;
}

int cli_seed(struct cli *cli)
{
	struct seed_arguments arguments = { 0 };
	const struct cli_option options[] = {
		{ .name = "--users", .value = &arguments.users },
		{ .name = "--posts", .value = &arguments.posts },
		{ .name = "--seed", .value = &arguments.seed },
		{ .name = "--yes", .flag = &arguments.yes },
		{ 0 },
	};
	struct seed_plan plan = { .users = USERS_PRESET, .posts = POSTS_PRESET };
	int64_t number = 1;
	int code = cli_take_options(cli, options, false);
	if (!code && cli->argc)
		code = cli_usage_error(cli,
				       "'%s' is one argument too many: 'seed' takes --users N "
				       "--posts M",
				       cli->argv[0]);
	if (!code)
		code = number_read(cli, "--users", arguments.users, &plan.users);
	if (!code)
		code = number_read(cli, "--posts", arguments.posts, &plan.posts);
	if (!code)
		code = number_read(cli, "--seed", arguments.seed, &number);
	if (code)
		return code;
	plan.seed = (uint64_t)number;
	struct boot *boot = NULL;
	code = cli_boot_up(cli, BOOT_READY, &boot);
	if (code)
		return code;
	code = seed(boot, &plan, arguments.yes);
	boot_down(boot);
	return code;
}
