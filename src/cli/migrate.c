/*
 * `croft migrate up|down [N]|redo|status|verify`: core/migrate on the command line. Runs the
 * migrations that are embedded in this binary; starts no module. The commands that look at models,
 * too, have files of their own.
 */
#include "migrate.h"

#include <inttypes.h>

#include "base/app_name.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/app.h"
#include "core/db.h"
#include "core/migrate.h"

struct migrations {
	const struct migration *list;
	size_t count;
};

static struct migrations migrations_of(struct ctx *c)
{
	struct migrations all;
	migrate_embedded(c, db_driver(c->app->db), &all.list, &all.count);
	return all;
}

static void print_done(const char *done, int64_t count, const char *nothing)
{
	AUTO(buf) text = { 0 };
	if (count)
		buf_printf(&text, "%s %" PRId64 " migration%s.\n", done, count,
			   count == 1 ? "" : "s");
	else
		buf_printf(&text, "%s\n", nothing);
	cli_print(&text);
}

static int run_up(struct ctx *c, const struct cli *cli)
{
	(void)cli;
	struct migrations all = migrations_of(c);
	int64_t done = 0;
	enum app_err err = migrate_up(c, all.list, all.count, &done);
	if (!err || done)
		print_done("Applied", done, "Nothing to do: every migration is applied.");
	return err ? cli_failure(c, err, "migrate up") : CLI_OK;
}

/* More than there are is a slip of the hand, and would take everything. */
static enum app_err steps_check(struct ctx *c, const struct migrations *all, int64_t steps)
{
	struct migration_state *states;
	size_t count;
	int64_t applied = 0;
	enum app_err err = migrate_status(c, all->list, all->count, &states, &count);
	for (size_t i = 0; !err && i < count; i++)
		applied += states[i].applied;
	if (!err && applied && steps > applied)
		err = ctx_fail(c, APP_CONFLICT,
			       "only %" PRId64 " migration%s applied, so %" PRId64
			       " cannot be taken back; nothing was done",
			       applied, applied == 1 ? " is" : "s are", steps);
	return err;
}

static int run_down(struct ctx *c, const struct cli *cli)
{
	struct migrations all = migrations_of(c);
	int64_t steps = 1, done = 0;
	if (cli->argc && (!str_to_int64(cli->argv[0], &steps) || steps < 1))
		return cli_usage_error(cli, "'%s' is no number of migrations", cli->argv[0]);
	enum app_err err = steps_check(c, &all, steps);
	if (!err)
		err = migrate_down(c, all.list, all.count, steps, &done);
	if (!err || done)
		print_done("Took back", done, "Nothing to do: no migration is applied.");
	return err ? cli_failure(c, err, "migrate down") : CLI_OK;
}

/* Tries the way down and up of the newest migration, as its author does before it is published. */
static int run_redo(struct ctx *c, const struct cli *cli)
{
	(void)cli;
	struct migrations all = migrations_of(c);
	int64_t down = 0, up = 0, pending = 0;
	enum app_err err = migrate_pending(c, all.list, all.count, &pending);
	if (!err && pending)
		err = ctx_fail(c, APP_CONFLICT,
			       "migrations are pending: run '" APP_NAME " migrate up' first, so "
			       "that it is clear which one is done again");
	if (!err)
		err = migrate_down(c, all.list, all.count, 1, &down);
	if (!err && down)
		err = migrate_up(c, all.list, all.count, &up);
	if (err)
		return cli_failure(c, err, "migrate redo");
	print_done("Took back and applied", down, "Nothing to do: there is no migration.");
	return CLI_OK;
}

static int run_verify(struct ctx *c, const struct cli *cli)
{
	(void)cli;
	struct migrations all = migrations_of(c);
	enum app_err err = migrate_verify(c, all.list, all.count);
	if (err)
		return cli_failure(c, err, "migrate verify");
	AUTO(buf) text = { 0 };
	buf_printf(&text, "All %zu migrations are applied, as this program has them.\n", all.count);
	cli_print(&text);
	return CLI_OK;
}

static const char *state_text(const struct migration_state *state)
{
	if (!state->applied)
		return "pending";
	if (!state->known)
		return "missing";
	return state->changed ? "changed" : "applied";
}

static void print_state(const struct migration_state *state)
{
	char when[INSTANT_TEXT_ROOM] = "";
	if (state->applied)
		instant_text(state->applied_at, when);
	cli_say("%04" PRId64 "  %-7s  %-27s  %s", state->number, state_text(state), when,
		state->name);
}

static int run_status(struct ctx *c, const struct cli *cli)
{
	(void)cli;
	struct migrations all = migrations_of(c);
	struct migration_state *states;
	size_t count;
	enum app_err err = migrate_status(c, all.list, all.count, &states, &count);
	if (err)
		return cli_failure(c, err, "migrate status");
	bool faulty = false;
	for (size_t i = 0; i < count; i++) {
		print_state(&states[i]);
		faulty |= states[i].applied && (!states[i].known || states[i].changed);
	}
	return faulty ? CLI_FAILED : CLI_OK;
}

/* ---- which of them ---- */

typedef int migrate_run(struct ctx *c, const struct cli *cli);

/* What is done with an open database. */
struct migrate_work {
	migrate_run *run;
	const struct cli *cli;
	bool yes;
};

static int work(struct boot *boot, void *arg)
{
	const struct migrate_work *it = arg;
	return it->run(boot_ctx(boot), it->cli);
}

/* Taking back a migration drops what it made, with the rows in it. */
static int work_unless_live(struct boot *boot, void *arg)
{
	const struct migrate_work *it = arg;
	const char *live = boot_live_reason(boot);
	if (!live || it->yes)
		return work(boot, arg);
	cli_error("%s, and tables that are taken back lose their rows: make a backup; --yes does "
		  "it all the same",
		  live);
	return CLI_FAILED;
}

static int with_database(struct cli *cli, const void *options, migrate_run *run)
{
	struct migrate_work it = { .run = run, .cli = cli };
	int code = migrate_check_options(cli, options, 0, 0);
	return code ? code : cli_with_boot(cli, BOOT_DATABASE, work, &it);
}

static int take_back(struct cli *cli, const struct migrate_options *options, int most,
		     migrate_run *run)
{
	struct migrate_work it = { .run = run, .cli = cli, .yes = options->yes };
	int code = migrate_check_options(cli, options, MIGRATE_YES, most);
	return code ? code : cli_with_boot(cli, BOOT_DATABASE, work_unless_live, &it);
}

static int up(struct cli *cli, const void *options)
{
	return with_database(cli, options, run_up);
}

static int down(struct cli *cli, const void *options)
{
	return take_back(cli, options, 1, run_down);
}

static int redo(struct cli *cli, const void *options)
{
	return take_back(cli, options, 0, run_redo);
}

static int status(struct cli *cli, const void *options)
{
	return with_database(cli, options, run_status);
}

static int verify(struct cli *cli, const void *options)
{
	return with_database(cli, options, run_verify);
}

int cli_migrate(struct cli *cli)
{
	static const struct cli_subcommand commands[] = {
		{ "up", up },
		{ "down", down },
		{ "redo", redo },
		{ "status", status },
		{ "verify", verify },
		{ "check", migrate_check },
		{ "new", migrate_new_file },
		{ 0 },
	};
	struct migrate_options given = { 0 };
	const struct cli_option options[] = {
		{ .name = "--yes", .flag = &given.yes },
		{ .name = "--auto", .flag = &given.from_models },
		{ .name = "--drop", .flag = &given.drop },
		{ 0 },
	};
	int code = cli_take_options(cli, options, false);
	return code ? code : cli_run_subcommand(cli, commands, &given);
}
