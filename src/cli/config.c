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

static int config_values(const struct cli *cli)
{
	struct boot *boot = NULL;
	int code = cli_boot_up(cli, BOOT_CONFIG, &boot);
	if (code)
		return code;
	AUTO(buf) text = { 0 };
	config_print(boot_ctx(boot)->app->config, &text);
	cli_print(&text);
	boot_down(boot);
	return CLI_OK;
}

/* What `croft serve` looks at before it begins. */
static int server_check(struct boot *boot)
{
	enum app_err err = boot_check(boot);
	if (!err)
		return CLI_OK;
	cli_error("%s", ctx_failure_text(boot_ctx(boot), err));
	return CLI_CONFIG;
}

static int config_check(struct cli *cli)
{
	struct boot *boot = NULL;
	cli->boot.needs_all = true;
	int code = cli_boot_up(cli, BOOT_CONFIG, &boot);
	if (code)
		return code;
	int exposed = cli_exit_of(exposure_check_data(boot));
	code = server_check(boot);
	if (!code)
		code = exposed;
	boot_down(boot);
	if (code)
		return code;
	AUTO(buf) text = { 0 };
	buf_add_lit(&text, "The settings are right.\n");
	cli_print(&text);
	return CLI_OK;
}

static int config_template(void (*print)(const struct option_group *const *groups, struct buf *out))
{
	AUTO(buf) text = { 0 };
	print(app_option_groups(), &text);
	cli_print(&text);
	return CLI_OK;
}

int cli_config(struct cli *cli)
{
	int code = cli_take_arguments(cli, cli->argc);
	const char *what = cli->argv[0];
	static const char *const kinds[] = { "check", "ini", "env" };
	bool known = false;
	for (size_t i = 0; what && i < COUNT_OF(kinds); i++)
		known |= str_eq(what, kinds[i]);
	if (!code && known)
		code = cli_take_arguments(cli, 1);
	if (code)
		return code;
	if (!what)
		return config_values(cli);
	if (cli_is_setting(what) || str_eq(what, "set"))
		return cli_usage_error(cli, "'config' lists all settings and changes none: they "
					    "are written into app.ini, or given as --set "
					    "SECTION.KEY=VALUE");
	if (str_eq(what, "check"))
		return config_check(cli);
	if (str_eq(what, "ini"))
		return config_template(config_print_ini);
	if (str_eq(what, "env"))
		return config_template(config_print_env);
	return cli_usage_error(cli, "there is no 'config %s'; it is check, ini or env", what);
}
