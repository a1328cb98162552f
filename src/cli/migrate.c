/*
 * `croft migrate up|down [N]|redo|status|verify|new NAME`: core/migrate on the command line. Runs
 * the migrations that are embedded in this binary; starts no module.
 */
#include <inttypes.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/app.h"
#include "core/db.h"
#include "core/migrate.h"

/* What `new` writes below, in the folder the author works in. */
static const char sql_dir[] = "sql";

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
	if (cli->argc > 1 && (!str_to_int64(cli->argv[1], &steps) || steps < 1))
		return cli_usage_error(cli, "'%s' is no number of migrations", cli->argv[1]);
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
		err = ctx_fail(
			c, APP_CONFLICT,
			"migrations are pending: run 'croft migrate up' first, so that it is clear "
			"which one is done again");
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
	int64_t pending = 0;
	enum app_err err = migrate_pending(c, all.list, all.count, &pending);
	if (!err && pending)
		err = ctx_fail(c, APP_CONFLICT,
			       "%" PRId64 " migration%s pending: run 'croft migrate up'", pending,
			       pending == 1 ? " is" : "s are");
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

static void print_state(const struct migration_state *state, struct buf *out)
{
	char when[INSTANT_TEXT_ROOM] = "";
	if (state->applied)
		instant_text(state->applied_at, when);
	buf_printf(out, "%04" PRId64 "  %-7s  %-27s  %s\n", state->number, state_text(state), when,
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
	AUTO(buf) text = { 0 };
	for (size_t i = 0; i < count; i++) {
		print_state(&states[i], &text);
		faulty |= states[i].applied && (!states[i].known || states[i].changed);
	}
	cli_print(&text);
	return faulty ? CLI_FAILED : CLI_OK;
}

static int run_new(const struct cli *cli)
{
	if (cli->argc < 2)
		return cli_usage_error(cli, "'migrate new' needs a name for the migration");
	AUTO(arena) arena = { 0 };
	AUTO(buf) paths = { 0 };
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	enum app_err err = migrate_new(&c, sql_dir, cli->argv[1], &paths);
	if (err)
		return cli_failure(&c, err, "migrate new");
	cli_print(&paths);
	return CLI_OK;
}

typedef int run_fn(struct ctx *c, const struct cli *cli);

static int with_database(const struct cli *cli, run_fn *run)
{
	struct boot *boot = NULL;
	int code = cli_boot_up(cli, BOOT_DATABASE, &boot);
	if (code)
		return code;
	code = run(boot_ctx(boot), cli);
	boot_down(boot);
	return code;
}

/* Taking back a migration drops what it made, with the rows in it. */
static int take_back(const struct cli *cli, bool yes, run_fn *run)
{
	struct boot *boot = NULL;
	int code = cli_boot_up(cli, BOOT_DATABASE, &boot);
	if (code)
		return code;
	const char *live = boot_live_reason(boot);
	if (live && !yes) {
		cli_error(
			"%s, and tables that are taken back lose their rows: make a backup; --yes "
			"does it all the same",
			live);
		code = CLI_FAILED;
	} else {
		code = run(boot_ctx(boot), cli);
	}
	boot_down(boot);
	return code;
}

int cli_migrate(struct cli *cli)
{
	bool yes = false;
	const struct cli_option options[] = { { .name = "--yes", .flag = &yes }, { 0 } };
	int code = cli_take_options(cli, options, false);
	if (code)
		return code;
	const char *what = cli->argv[0];
	if (!what)
		return cli_usage_error(cli, "'migrate' needs to know what to do: up, down, redo, "
					    "status, verify or new");
	int most = str_eq(what, "new") || str_eq(what, "down") ? 2 : 1;
	if (cli->argc > most)
		return cli_usage_error(cli, "'%s' is one argument too many", cli->argv[most]);
	if (str_eq(what, "down"))
		return take_back(cli, yes, run_down);
	if (str_eq(what, "redo"))
		return take_back(cli, yes, run_redo);
	if (yes)
		return cli_usage_error(cli, "--yes is for 'migrate down' and 'migrate redo'");
	if (str_eq(what, "new"))
		return run_new(cli);
	if (str_eq(what, "up"))
		return with_database(cli, run_up);
	if (str_eq(what, "status"))
		return with_database(cli, run_status);
	if (str_eq(what, "verify"))
		return with_database(cli, run_verify);
	return cli_usage_error(cli,
			       "there is no 'migrate %s'; it is up, down, redo, status, verify or "
			       "new",
			       what);
}
