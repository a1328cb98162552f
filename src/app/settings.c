/* The settings of the process and its log. What a setting means is told by its group. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "app/conceal.h"
#include "app/modules.h"
#include "base/arena.h"
#include "base/buf.h"
#include "core/config.h"
#include "core/log.h"
#include "internal.h"
#include "options.h"

static void faults_report(const struct boot *boot, struct buf *faults)
{
	buf_text(faults);
	char *rest = faults->data;
	for (char *line; (line = strsep(&rest, "\n"));)
		if (*line)
			boot->args.report->fault(line);
}

enum boot_result boot_settings_start(struct boot *boot)
{
	const struct boot_args *args = &boot->args;
	struct config_sources sources = {
		.needs_all = args->needs_all,
		.ini_path = args->config_path,
		.ini_required = args->config_required,
		.env_path = args->env_path,
		.env_required = args->env_required,
		.env_varies = !args->env_required,
		.environ = environ,
		.sets = args->sets,
	};
	AUTO(buf) faults = { 0 };
	struct app *app = &boot->app;
	if (config_load(&boot->c, app_option_groups(), &sources, &faults, &app->config)) {
		faults_report(boot, &faults);
		return BOOT_REFUSED;
	}
	config_sources_forget(app->config, &sources);
	app->options = config_group(app->config, &app_option_group);
	if (app->options->debuggable)
		conceal_end();
	else
		conceal_stay();
	return BOOT_OK;
}

void boot_settings_stop(struct boot *boot)
{
	if (boot->app.config)
		config_drop(boot->app.config);
}

enum boot_result boot_log_start(struct boot *boot)
{
	struct app *app = &boot->app;
	const struct log_options *options = config_group(app->config, &log_option_group);
	bool in_file = boot->args.serves && *options->file;
	app->log = in_file ? log_new_in_file(options) : log_new(options, STDERR_FILENO);
	if (app->log)
		return BOOT_OK;
	boot->args.report->fault(in_file ? arena_printf(&boot->arena,
							"log.file: cannot log to %s: %s",
							options->file, strerror(errno))
					 : "cannot start the thread that writes the log");
	return BOOT_FAILED;
}

void boot_log_stop(struct boot *boot)
{
	log_drop(boot->app.log);
	boot->app.log = NULL;
}
