/*
 * `croft new module NAME FIELD…`: a module of one table, in the source tree that the author works
 * in. Starts nothing and opens no database.
 */
#include "new/new.h"
#include "base/arena.h"
#include "base/buf.h"
#include "cli.h"

/* Read, judged and rendered, and only then written. */
static enum app_err module_make(struct ctx *c, const struct cli *cli, const char *singular,
				struct buf *out)
{
	struct new_module m;
	struct new_file files[NEW_FILES_MAX];
	enum app_err err = new_module_read(c, cli->argv[0], singular, cli->argv + 1,
					   (size_t)cli->argc - 1, &m);
	if (!err)
		err = new_root_enter(c);
	if (!err)
		err = new_names_check(c, &m);
	if (!err)
		err = new_module_files(c, &m, files);
	if (!err)
		err = new_files_write(c, files, NEW_FILES_MAX);
	for (size_t i = 0; !err && i < NEW_FILES_MAX; i++)
		buf_printf(out, "%s%s\n", files[i].path, files[i].is_change ? " (changed)" : "");
	if (!err)
		buf_printf(out, "\nNow: make test\n");
	return err;
}

static int module(struct cli *cli, const void *arg)
{
	const char *const *singular = arg;
	if (!cli->argc)
		return cli_usage_error(cli, "'new module' needs a name for the module");
	AUTO(arena) arena = { 0 };
	AUTO(buf) text = { 0 };
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	enum app_err err = module_make(&c, cli, *singular, &text);
	if (err)
		return cli_failure(&c, err, "new module");
	cli_print(&text);
	return CLI_OK;
}

int cli_new(struct cli *cli)
{
	static const struct cli_subcommand commands[] = { { "module", module }, { 0 } };
	const char *singular = NULL;
	const struct cli_option options[] = { { .name = "--singular", .value = &singular }, { 0 } };
	int code = cli_take_options(cli, options, false);
	return code ? code : cli_run_subcommand(cli, commands, &singular);
}
