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

/* Of 'new module'. */
struct options {
	const char *singular;
	bool by_hand, permission;
};

/* Read, judged and rendered; nothing is written. */
typedef enum app_err render_files(struct ctx *c, const struct cli *cli,
				  const struct options *options, struct new_file ret[NEW_FILES_MAX],
				  size_t *ret_count);

static enum app_err module_render(struct ctx *c, const struct cli *cli,
				  const struct options *options, struct new_file ret[NEW_FILES_MAX],
				  size_t *ret_count)
{
	struct new_module m;
	enum app_err err = new_module_read(c, cli->argv[0], options->singular, cli->argv + 1,
					   (size_t)cli->argc - 1, &m);
	m.by_hand = options->by_hand;
	m.has_permission = options->permission;
	if (!err)
		err = new_root_enter(c);
	if (!err)
		err = new_names_check(c, &m);
	return err ? err : new_module_files(c, &m, ret, ret_count);
}

static enum app_err operation_render(struct ctx *c, const struct cli *cli,
				     const struct options *options,
				     struct new_file ret[NEW_FILES_MAX], size_t *ret_count)
{
	(void)options;
	struct new_operation op;
	enum app_err err = new_operation_read(c, cli->argv[0], cli->argv[1],
					      cli->argc > 2 ? cli->argv[2] : NULL, &op);
	if (!err)
		err = new_root_enter(c);
	if (!err)
		err = new_operation_find(c, &op);
	return err ? err : new_operation_files(c, &op, ret, ret_count);
}

static int make(const struct cli *cli, const char *what, render_files *render,
		const struct options *options)
{
	AUTO(arena) arena = { 0 };
	AUTO(buf) text = { 0 };
	struct ctx c;
	struct new_file files[NEW_FILES_MAX];
	size_t count = 0;
	ctx_init(&c, NULL, &arena);
	enum app_err err = render(&c, cli, options, files, &count);
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
	if (!cli->argc)
		return cli_usage_error(cli, "'new module' needs a name for the module");
	return make(cli, "new module", module_render, arg);
}

/* Of the others. */
static int options_refuse(const struct cli *cli, const struct options *options)
{
	if (options->singular)
		return cli_usage_error(cli, "--singular is for 'new module'");
	if (options->by_hand)
		return cli_usage_error(cli, "--by-hand is for 'new module'");
	if (options->permission)
		return cli_usage_error(cli, "--permission is for 'new module'");
	return CLI_OK;
}

static int operation(struct cli *cli, const void *arg)
{
	if (cli->argc < 2)
		return cli_usage_error(cli, "'new operation' needs a module and what the "
					    "operation is to be called");
	int code = options_refuse(cli, arg);
	if (!code)
		code = cli_check_arguments(cli, 3);
	return code ? code : make(cli, "new operation", operation_render, NULL);
}

/* What it made, and what went wrong there, is told by the script of the tree. */
static int app(struct cli *cli, const void *arg)
{
	if (!cli->argc)
		return cli_usage_error(cli, "'new app' needs a name for the project");
	int code = options_refuse(cli, arg), status = 0;
	if (!code)
		code = cli_check_arguments(cli, 1);
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
	struct options given = { 0 };
	const struct cli_option options[] = { { .name = "--singular", .value = &given.singular },
					      { .name = "--by-hand", .flag = &given.by_hand },
					      { .name = "--permission", .flag = &given.permission },
					      { 0 } };
	int code = cli_take_options(cli, options, false);
	return code ? code : cli_run_subcommand(cli, commands, &given);
}
