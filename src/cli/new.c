/*
 * `croft new module NAME FIELD…`: a module of one table, in the source tree that the author works
 * in; `croft new operation MODULE VERB`: an operation more of one; `croft new app NAME`: a
 * project of one's own. Starts no server and opens no database.
 */
#include "new/new.h"
#include "base/arena.h"
#include "base/buf.h"
#include "cli.h"
#include "new/app.h"
#include "new/operation.h"

/* Read, judged and rendered; nothing is written. */
typedef enum app_err render_files(struct ctx *c, const struct cli *cli, const char *singular,
				  struct new_file ret[NEW_FILES_MAX], size_t *ret_count);

static enum app_err module_render(struct ctx *c, const struct cli *cli, const char *singular,
				  struct new_file ret[NEW_FILES_MAX], size_t *ret_count)
{
	struct new_module m;
	enum app_err err = new_module_read(c, cli->argv[0], singular, cli->argv + 1,
					   (size_t)cli->argc - 1, &m);
	*ret_count = NEW_FILES_MAX;
	if (!err)
		err = new_root_enter(c);
	if (!err)
		err = new_names_check(c, &m);
	return err ? err : new_module_files(c, &m, ret);
}

static enum app_err operation_render(struct ctx *c, const struct cli *cli, const char *singular,
				     struct new_file ret[NEW_FILES_MAX], size_t *ret_count)
{
	(void)singular;
	struct new_operation op;
	enum app_err err = new_operation_read(c, cli->argv[0], cli->argv[1],
					      cli->argc > 2 ? cli->argv[2] : NULL, &op);
	if (!err)
		err = new_root_enter(c);
	if (!err)
		err = new_operation_find(c, &op);
	return err ? err : new_operation_files(c, &op, ret, ret_count);
}

static int make(const struct cli *cli, const char *what, render_files *render, const char *singular)
{
	AUTO(arena) arena = { 0 };
	AUTO(buf) text = { 0 };
	struct ctx c;
	struct new_file files[NEW_FILES_MAX];
	size_t count = 0;
	ctx_init(&c, NULL, &arena);
	enum app_err err = render(&c, cli, singular, files, &count);
	if (!err)
		err = new_files_write(&c, files, count);
	if (err)
		return cli_failure(&c, err, what);
	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "%s%s\n", files[i].path, files[i].is_change ? " (changed)" : "");
	buf_add_lit(&text, "\nNow: make test\n");
	cli_print(&text);
	return CLI_OK;
}

static int module(struct cli *cli, const void *arg)
{
	const char *const *singular = arg;
	if (!cli->argc)
		return cli_usage_error(cli, "'new module' needs a name for the module");
	return make(cli, "new module", module_render, *singular);
}

static int operation(struct cli *cli, const void *arg)
{
	const char *const *singular = arg;
	if (cli->argc < 2)
		return cli_usage_error(cli, "'new operation' needs a module and what the "
					    "operation is to be called");
	if (*singular)
		return cli_usage_error(cli, "--singular is for 'new module'");
	int code = cli_check_arguments(cli, 3);
	return code ? code : make(cli, "new operation", operation_render, NULL);
}

/* What it made, and what went wrong there, is told by the script of the tree. */
static int app(struct cli *cli, const void *arg)
{
	const char *const *singular = arg;
	if (!cli->argc)
		return cli_usage_error(cli, "'new app' needs a name for the project");
	if (*singular)
		return cli_usage_error(cli, "--singular is for 'new module'");
	int code = cli_check_arguments(cli, 1), status = 0;
	if (code)
		return code;
	AUTO(arena) arena = { 0 };
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	enum app_err err = new_app_make(&c, cli->argv[0], &status);
	if (err)
		return cli_failure(&c, err, "new app");
	return status ? CLI_FAILED : CLI_OK;
}

int cli_new(struct cli *cli)
{
	static const struct cli_subcommand commands[] = {
		{ "module", module }, { "operation", operation }, { "app", app }, { 0 }
	};
	const char *singular = NULL;
	const struct cli_option options[] = { { .name = "--singular", .value = &singular }, { 0 } };
	int code = cli_take_options(cli, options, false);
	return code ? code : cli_run_subcommand(cli, commands, &singular);
}
