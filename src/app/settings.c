/* The settings of the process and its log. What a setting means is told by its group. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/conceal.h"
#include "app/modules.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
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

/* ---- the log ---- */

static const struct log_options *log_options_of(const struct boot *boot)
{
	return config_group(boot->app.config, &log_option_group);
}

/* With errno, if not. */
static bool takes_lines(struct arena *arena, const char *path)
{
	struct stat st;
	if (stat(path, &st))
		return errno == ENOENT && !access(str_folder(arena, path), W_OK | X_OK);
	if (!S_ISDIR(st.st_mode))
		return !access(path, W_OK);
	errno = EISDIR;
	return false;
}

static enum app_err log_failed(struct ctx *c, const char *path)
{
	return ctx_fail(c, APP_INVALID, "log.file: cannot log to %s: %s", path, strerror(errno));
}

enum app_err boot_log_check(struct boot *boot)
{
	struct ctx *c = &boot->c;
	const char *path = log_options_of(boot)->file;
	if (!*path)
		return APP_OK;
	enum app_err err = owner_path_check(c, path);
	return err || takes_lines(c->arena, path) ? err : log_failed(c, path);
}

static enum boot_result log_start_in_file(struct boot *boot)
{
	const struct log_options *options = log_options_of(boot);
	enum app_err err = boot_log_check(boot);
	if (!err)
		boot->app.log = log_new_in_file(options);
	if (boot->app.log)
		return BOOT_OK;
	if (!err)
		err = log_failed(&boot->c, options->file);
	boot->args.report->fault(ctx_failure_text(&boot->c, err));
	return BOOT_REFUSED;
}

enum boot_result boot_log_start(struct boot *boot)
{
	const struct log_options *options = log_options_of(boot);
	if (boot->args.serves && *options->file)
		return log_start_in_file(boot);
	boot->app.log = log_new(options, STDERR_FILENO);
	if (boot->app.log)
		return BOOT_OK;
	boot->args.report->fault("cannot start the thread that writes the log");
	return BOOT_FAILED;
}

void boot_log_stop(struct boot *boot)
{
	log_drop(boot->app.log);
	boot->app.log = NULL;
}
