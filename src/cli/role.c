/* `croft role …`: its help, options and arguments. What it does is in role_rows.c. */
#include "role.h"

#include <string.h>

#include "base/app_name.h"
#include "base/attr.h"
#include "cli.h"
#include "modules/roles.h"

const char cli_role_usage[] =
	"Usage: " APP_NAME " role list [--json]\n"
	"       " APP_NAME " role show NAME [--json]\n"
	"       " APP_NAME " role permissions [--json]\n"
	"       " APP_NAME " role create NAME [PERMISSION...]\n"
	"       " APP_NAME " role update NAME [--name NEW] [--none|PERMISSION...]\n"
	"       " APP_NAME " role delete NAME\n"
	"\n"
	"Lists and changes the roles: sets of permissions that users hold ('user roles' gives\n"
	"them). A change holds with the next request, on every server.\n"
	"\n"
	"  list         all roles and their permissions\n"
	"  permissions  all that a role may have; '*' is all that there are and will be\n"
	"  update       with permissions: these and no others\n"
	"  delete       the users who hold it lose it\n"
	"\n"
	"  --name NEW   another name; who holds the role keeps it\n"
	"  --none       take all permissions away\n"
	"  --json       print an object a line\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " role create support users.read posts.read.any\n"
	"  " APP_NAME " role update support --name helpdesk\n"
	"  " APP_NAME " role list\n";

/* How a subcommand is called. */
struct role_shape {
	const char *name;
	/* Its options: "--name --none". */
	const char *options;
	bool takes_role, takes_permissions;
	role_run *run;
};

static int check_options(const struct cli *cli, const struct role_shape *shape,
			 const struct role_arguments *arguments)
{
	const struct {
		const char *name;
		bool is_given;
	} options[] = {
		{ "--name", arguments->rename },
		{ "--none", arguments->none },
		{ "--json", arguments->json },
	};
	for (size_t i = 0; i < COUNT_OF(options); i++)
		if (options[i].is_given && !strstr(shape->options, options[i].name))
			return cli_usage_error(cli, "'role %s' takes no %s", shape->name,
					       options[i].name);
	return 0;
}

static int check_arguments(const struct cli *cli, const struct role_shape *shape,
			   const struct role_arguments *arguments)
{
	int code = check_options(cli, shape, arguments);
	if (!code && shape->takes_role && !cli->argc)
		code = cli_usage_error(cli, "'role %s' needs the name of a role", shape->name);
	if (!code && !shape->takes_permissions)
		code = cli_check_arguments(cli, shape->takes_role);
	if (!code && arguments->none && cli->argc > 1)
		code = cli_usage_error(cli, "'role %s' takes either --none or permissions",
				       shape->name);
	if (!code)
		code = cli_check_texts(cli, "argument");
	return code ? code : cli_check_text(cli, "name", arguments->rename);
}

static int run_booted(struct boot *boot, void *arg)
{
	const struct role_work *work = arg;
	struct ctx *c = boot_ctx(boot);
	enum app_err err = roles_ensure_first(c);
	return err ? cli_failure(c, err, "making the first roles") : work->run(c, work);
}

static int start(struct cli *cli, const struct role_arguments *arguments,
		 const struct role_shape *shape)
{
	int code = check_arguments(cli, shape, arguments);
	return code ? code
		    : cli_with_boot(cli, BOOT_READY, run_booted,
				    &(struct role_work){ cli, arguments, shape->run });
}

static int run_list(struct cli *cli, const void *arg)
{
	return start(cli, arg,
		     &(struct role_shape){ "list", "--json", false, false, role_run_list });
}

static int run_show(struct cli *cli, const void *arg)
{
	return start(cli, arg,
		     &(struct role_shape){ "show", "--json", true, false, role_run_show });
}

static int run_permissions(struct cli *cli, const void *arg)
{
	return start(cli, arg,
		     &(struct role_shape){ "permissions", "--json", false, false,
					   role_run_permissions });
}

static int run_create(struct cli *cli, const void *arg)
{
	return start(cli, arg, &(struct role_shape){ "create", "", true, true, role_run_create });
}

static int run_update(struct cli *cli, const void *arg)
{
	const struct role_arguments *arguments = arg;
	if (cli->argc == 1 && !arguments->rename && !arguments->none)
		return cli_usage_error(cli, "'role update' needs --name, --none or permissions");
	return start(
		cli, arg,
		&(struct role_shape){ "update", "--name --none", true, true, role_run_update });
}

static int run_delete(struct cli *cli, const void *arg)
{
	return start(cli, arg, &(struct role_shape){ "delete", "", true, false, role_run_delete });
}

int cli_role(struct cli *cli)
{
	struct role_arguments arguments = { 0 };
	const struct cli_option options[] = {
		{ .name = "--name", .value = &arguments.rename },
		{ .name = "--none", .flag = &arguments.none },
		{ .name = "--json", .flag = &arguments.json },
		{ 0 },
	};
	static const struct cli_subcommand commands[] = {
		{ "list", run_list },
		{ "show", run_show },
		{ "permissions", run_permissions },
		{ "create", run_create },
		{ "update", run_update },
		{ "delete", run_delete },
		{ 0 },
	};
	int code = cli_take_options(cli, options, false);
	return code ? code : cli_run_subcommand(cli, commands, &arguments);
}
