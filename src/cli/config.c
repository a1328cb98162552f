/*
 * `croft config [check|ini|env]`: the settings as this process sees them, or templates made from
 * the option tables. Opens no database.
 */
#include "core/config.h"
#include "app/exposure.h"
#include "app/modules.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/app.h"

static int config_values(struct boot *boot, void *arg)
{
	(void)arg;
	AUTO(buf) text = { 0 };
	config_print(boot_app(boot)->config, &text);
	cli_print(&text);
	return CLI_OK;
}

/* ---- check ---- */

/* What `croft serve` looks at before it begins. */
static int server_check(struct boot *boot, void *arg)
{
	(void)arg;
	int log = cli_exit_of(exposure_check_log(boot));
	int data = cli_exit_of(exposure_check_data(boot));
	enum app_err err = boot_check(boot);
	if (!err)
		return log ? log : data;
	cli_error("%s", ctx_failure_text(boot_ctx(boot), err));
	return CLI_CONFIG;
}

static int config_check(struct cli *cli, const void *arg)
{
	(void)arg;
	cli->boot.needs_all = true;
	int code = cli_check_arguments(cli, 0);
	if (!code)
		code = cli_with_boot(cli, BOOT_CONFIG, server_check, NULL);
	if (code)
		return code;
	AUTO(buf) text = { 0 };
	buf_add_lit(&text, "The settings are right.\n");
	cli_print(&text);
	return CLI_OK;
}

/* ---- ini, env ---- */

typedef void template_print(const struct option_group *const *groups, struct buf *out);

static int config_template(const struct cli *cli, template_print *print)
{
	int code = cli_check_arguments(cli, 0);
	if (code)
		return code;
	AUTO(buf) text = { 0 };
	print(app_option_groups(), &text);
	cli_print(&text);
	return CLI_OK;
}

static int config_ini(struct cli *cli, const void *arg)
{
	(void)arg;
	return config_template(cli, config_print_ini);
}

static int config_env(struct cli *cli, const void *arg)
{
	(void)arg;
	return config_template(cli, config_print_env);
}

int cli_config(struct cli *cli)
{
	static const struct cli_subcommand commands[] = {
		{ "check", config_check },
		{ "ini", config_ini },
		{ "env", config_env },
		{ 0 },
	};
	int code = cli_take_arguments(cli, cli->argc);
	if (code)
		return code;
	const char *what = cli->argv[0];
	if (!what)
		return cli_with_boot(cli, BOOT_CONFIG, config_values, NULL);
	if (cli_is_setting(what) || str_eq(what, "set"))
		return cli_usage_error(cli, "'config' lists all settings and changes none: they "
					    "are written into app.ini, or given as --set "
					    "SECTION.KEY=VALUE");
	return cli_run_subcommand(cli, commands, NULL);
}
