/*
 * The settings of section [app]: what the process is called, where it runs and where it keeps its
 * files.
 */
#include "options.h"

#include <string.h>

#include "base/app_name.h"
#include "base/str.h"
#include "core/app.h"

const char *const app_environment_names[] =
	CHOICES([ENV_LOCAL] = "local", [ENV_TESTING] = "testing", [ENV_STAGING] = "staging",
		[ENV_PRODUCTION] = "production");

/* A link is made of it, in letters that others read. */
static bool is_base_url(const char *url)
{
	size_t scheme = str_starts(url, "https://") ? 8 : str_starts(url, "http://") ? 7 : 0;
	if (!scheme || !url[scheme] || url[scheme] == '/' || str_ends(url, "/"))
		return false;
	for (; *url; url++)
		if (*url <= ' ' || *url > '~' || strchr("\"<>?#@\\", *url))
			return false;
	return true;
}

static void check_group(struct config_check *check, const void *values)
{
	const struct app_options *options = values;
	if (*options->base_url && !is_base_url(options->base_url))
		config_check_fault(check, "base_url",
				   "it must be a URL such as https://app.example.com, without a "
				   "slash at its end");
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
	OPTION(struct app_options, base_url, .preset = "",
	       .doc = "Where your pages are, such as https://app.example.com: links in letters "
		      "begin with it, whatever a request says. Empty: letters have a code to copy, "
		      "and no link."),
	OPTION(struct app_options, debuggable, .preset = "false",
	       .doc = "Lets debuggers attach and core files be written. Both then show secrets and "
		      "passwords: only while a fault is looked for."));
