/*
 * The settings of section [app]: what the process is called, where it runs and where it keeps its
 * files.
 */
#include "options.h"

#include "base/app_name.h"
#include "core/app.h"

const char *const app_environment_names[] =
	CHOICES([ENV_LOCAL] = "local", [ENV_TESTING] = "testing", [ENV_STAGING] = "staging",
		[ENV_PRODUCTION] = "production");

static void check_group(struct config_check *check, const void *values)
{
	const struct app_options *options = values;
	if (!*options->data_dir)
		config_check_fault(check, "data_dir", "it must name a folder");
}

OPTION_GROUP_CHECKED(
	app_option_group, "app", struct app_options, "The application as a whole.", check_group,
	OPTION(struct app_options, name, .preset = APP_NAME,
	       .doc = "Name of the application, as in the API document."),
	OPTION(struct app_options, environment, .preset = "local", .choices = app_environment_names,
	       .doc = "Where this runs. production demands the secrets it needs, applies no "
		      "migration by itself and serves no API document unless told to. testing "
		      "reads .env.test in place of .env, unless it is .env that says testing."),
	OPTION(struct app_options, data_dir, .preset = "data",
	       .doc = "Folder for the files the server keeps: the database and a generated "
		      "secret."),
	OPTION(struct app_options, debuggable, .preset = "false",
	       .doc = "Lets debuggers attach and core files be written. Both then show secrets and "
		      "passwords: only while a fault is looked for."));
