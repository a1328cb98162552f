/*
 * `croft seed`: fills the database with plausible data to try things out with, --NAME rows of each
 * kind that a module has.
 */
#include <inttypes.h>

#include "app/modules.h"
#include "base/app_name.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/module.h"
#include "core/seed.h"
#include "progress.h"

enum { ROWS_MAX = 10000000 };

/* What is given for each task of the plan, as text, and for all. */
struct seed_arguments {
	const char **rows;
	const char *seed;
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

/* "Added 100 users, who have no password, and 500 posts." */
static void print_done(const struct seed_plan *plan)
{
	AUTO(buf) text = { 0 };
	buf_add_lit(&text, "Added ");
	for (size_t i = 0; i < plan->count; i++) {
		const struct seed_task *task = &plan->tasks[i];
		if (i)
			buf_add_text(&text, i + 1 < plan->count ? ", " : " and ");
		buf_printf(&text, "%" PRId64 " %s", task->rows, task->kind->name);
		if (task->kind->note)
			buf_printf(&text, ", %s%s", task->kind->note,
				   i + 2 == plan->count ? "," : "");
	}
	buf_add_lit(&text, ".\n");
	cli_print(&text);
}

/* What is done. */
struct seed_work {
	struct seed_plan plan;
	struct seed_arguments arguments;
};

static int seed(struct boot *boot, void *arg)
{
	struct seed_work *work = arg;
	struct seed_plan *plan = &work->plan;
	struct ctx *c = boot_ctx(boot);
	const char *live = boot_live_reason(boot);
	if (live && !work->arguments.yes) {
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
	print_done(plan);
	return CLI_OK;
}

/* A task for each module that has rows to make, with as many as are made unasked. */
static void plan_make(struct arena *arena, struct seed_plan *ret)
{
	size_t most = 0;
	while (app_modules[most])
		most++;
	ret->tasks = arena_zero(arena, most * sizeof(*ret->tasks));
	for (size_t i = 0; i < most; i++) {
		const struct seed_kind *kind = app_modules[i]->seed;
		if (kind)
			ret->tasks[ret->count++] = (struct seed_task){ .kind = kind,
								       .rows = kind->preset };
	}
}

/* " --users N --posts N" */
static const char *options_text(struct arena *arena, const struct seed_plan *plan)
{
	struct buf text;
	buf_init(&text, arena);
	for (size_t i = 0; i < plan->count; i++)
		buf_printf(&text, " --%s N", plan->tasks[i].kind->name);
	return buf_text(&text);
}

static int arguments_take(struct arena *arena, struct cli *cli, const struct seed_plan *plan,
			  struct seed_arguments *ret)
{
	enum { OTHERS = 2 };
	struct cli_option *options = arena_zero(arena,
						(plan->count + OTHERS + 1) * sizeof(*options));
	ret->rows = arena_zero(arena, plan->count * sizeof(*ret->rows));
	for (size_t i = 0; i < plan->count; i++) {
		options[i].name = arena_printf(arena, "--%s", plan->tasks[i].kind->name);
		options[i].value = &ret->rows[i];
	}
	options[plan->count] = (struct cli_option){ .name = "--seed", .value = &ret->seed };
	options[plan->count + 1] = (struct cli_option){ .name = "--yes", .flag = &ret->yes };
	int code = cli_take_options(cli, options, false);
	if (!code && cli->argc)
		code = cli_usage_error(cli, "'%s' is one argument too many: 'seed' takes%s",
				       cli->argv[0], options_text(arena, plan));
	return code;
}

static int plan_read(struct arena *arena, struct cli *cli, struct seed_plan *plan,
		     struct seed_arguments *arguments)
{
	int64_t number = 1;
	plan_make(arena, plan);
	int code = arguments_take(arena, cli, plan, arguments);
	for (size_t i = 0; !code && i < plan->count; i++) {
		const char *name = arena_printf(arena, "--%s", plan->tasks[i].kind->name);
		code = number_read(cli, name, arguments->rows[i], &plan->tasks[i].rows);
	}
	if (!code)
		code = number_read(cli, "--seed", arguments->seed, &number);
	plan->seed = (uint64_t)number;
	return code;
}

void cli_seed_add_usage(struct buf *out)
{
	AUTO(arena) arena = { 0 };
	struct seed_plan plan = { 0 };
	plan_make(&arena, &plan);
	buf_add_lit(out, "The kinds of this program:\n");
	for (size_t i = 0; i < plan.count; i++) {
		const struct seed_kind *kind = plan.tasks[i].kind;
		buf_printf(out, "  --%s N  how many %s%s%s (%" PRId64 " without it)\n", kind->name,
			   kind->name, kind->note ? ", " : "", kind->note ? kind->note : "",
			   kind->preset);
	}
	buf_add_lit(out, "\nExample:\n  " APP_NAME " seed");
	for (size_t i = 0; i < plan.count; i++)
		buf_printf(out, " --%s %" PRId64, plan.tasks[i].kind->name,
			   plan.tasks[i].kind->preset * 100);
	buf_add_lit(out, "\n");
}

int cli_seed(struct cli *cli)
{
	AUTO(arena) arena = { 0 };
	struct seed_work work = { 0 };
	int code = plan_read(&arena, cli, &work.plan, &work.arguments);
	return code ? code : cli_with_boot(cli, BOOT_READY, seed, &work);
}
