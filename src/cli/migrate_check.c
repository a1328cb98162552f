/* `croft migrate check`: all in which the tables of the database and the models disagree. */
#include "migrate.h"

#include "base/app_name.h"
#include "core/app.h"
#include "core/module.h"
#include "core/tables.h"

/* With tables that are right it is left to ask for models that no module lists. */
static int look(struct boot *boot, void *arg)
{
	struct ctx *c = boot_ctx(boot);
	const struct module *const *modules = c->app->modules;
	const struct model *const *models = modules_models(c, modules);
	struct model_faults faults;
	(void)arg;
	c->reads_primary = true;
	enum app_err err = tables_faults(c, models, true, &faults);
	if (!err && !faults.count)
		err = modules_check_tables(c, modules);
	if (err)
		return cli_failure(c, err, "migrate check");
	for (size_t i = 0; i < faults.count; i++)
		cli_say("%s", faults.at[i]);
	if (faults.count) {
		cli_error("the tables and the models disagree in what is said above (%zu). Apply "
			  "what is pending (" APP_NAME " migrate up), write the migration that is "
			  "missing (" APP_NAME " migrate new NAME --auto), or set the models "
			  "right",
			  faults.count);
		return CLI_FAILED;
	}
	cli_say("The tables of the database are as the models say.");
	return CLI_OK;
}

int migrate_check(struct cli *cli, const void *options)
{
	int code = migrate_check_options(cli, options, 0, 0);
	return code ? code : cli_with_boot(cli, BOOT_DATABASE, look, NULL);
}
