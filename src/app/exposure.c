/*
 * Whether others get at files with secrets or data: production refuses to work with them,
 * elsewhere it is a warning. The one place for that; the rule itself is base/exposure.h.
 */
#include "app/exposure.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/config.h"
#include "core/db.h"
#include "core/log.h"
#include "internal.h"

struct watch {
	struct boot *boot;
	struct ctx *c;
	struct exposure_rule rule;
	/* of a server: where warnings go */
	bool in_log;
	/* a folder is looked at for each file in it */
	const char *last;
	int faults;
};

static bool is_production(const struct ctx *c)
{
	return c->app->options->environment == ENV_PRODUCTION;
}

/* Root works on the data of the user whom it belongs to: see owner.c. */
static struct watch watch_begin(struct boot *boot, const char *url)
{
	struct ctx *c = &boot->c;
	struct watch watch = { .boot = boot, .c = c, .in_log = boot->args.serves };
	watch.rule = (struct exposure_rule){ .keeper = geteuid(), .strict = is_production(c) };
	if (!watch.rule.keeper)
		watch.rule.keeper = owner_of_data(c, url);
	return watch;
}

static void warn(const struct watch *watch, const char *fault)
{
	if (watch->in_log)
		log_warn(watch->c, "others get at a file of this server", LOG_TEXT("why", fault));
	else
		watch->boot->args.report->fault(
			arena_printf(watch->c->arena, "warning: %s", fault));
}

static void take(struct watch *watch, const char *fault)
{
	if (!fault || (watch->last && str_eq(fault, watch->last)))
		return;
	watch->last = fault;
	if (!is_production(watch->c)) {
		warn(watch, fault);
		return;
	}
	watch->boot->args.report->fault(fault);
	watch->faults++;
}

static void look(void *arg, const char *path, enum exposure_kind kind)
{
	struct watch *watch = arg;
	take(watch, exposure_of(watch->c->arena, path, kind, &watch->rule));
}

static enum boot_result verdict(const struct watch *watch)
{
	return watch->faults ? BOOT_REFUSED : BOOT_OK;
}

enum boot_result exposure_check_settings(struct boot *boot)
{
	struct ctx *c = &boot->c;
	struct watch watch = watch_begin(boot, boot_database_url(boot));
	for (const struct config_file *file = config_files(c->app->config); file->path; file++) {
		enum exposure_kind kind = file->has_secret ? EXPOSURE_SECRET : EXPOSURE_SETTINGS;
		const char *fault = exposure_of_status(c->arena, file->path, &file->status, kind,
						       &watch.rule);
		if (!fault && (file->has_secret || watch.rule.strict))
			fault = exposure_of(c->arena, file->path, kind, &watch.rule);
		take(&watch, fault);
	}
	return verdict(&watch);
}

enum boot_result exposure_check_data(struct boot *boot)
{
	struct ctx *c = &boot->c;
	struct watch watch = watch_begin(boot, boot_database_url(boot));
	const struct db_options options = boot_database_options(boot);
	const char *folder = c->app->options->data_dir;
	look(&watch, folder, EXPOSURE_FOLDER);
	look(&watch, arena_printf(c->arena, "%s/secret", folder), EXPOSURE_SECRET);
	db_files(c, &options, look, &watch);
	return verdict(&watch);
}

enum boot_result exposure_check_database(struct boot *boot, const char *url)
{
	struct watch watch = watch_begin(boot, url);
	db_files(&boot->c, &(struct db_options){ .url = url }, look, &watch);
	return verdict(&watch);
}

enum boot_result exposure_check_file(struct boot *boot, const char *path, enum exposure_kind kind)
{
	struct watch watch = watch_begin(boot, boot_database_url(boot));
	look(&watch, path, kind);
	return verdict(&watch);
}

enum boot_result exposure_check_place(struct boot *boot, const char *path)
{
	struct watch watch = watch_begin(boot, boot_database_url(boot));
	take(&watch, exposure_around(boot->c.arena, path));
	return verdict(&watch);
}

/*
 * Never refused: it was opened by whoever started us, and a supervisor that reads it would hear
 * nothing else.
 */
static void look_at_standard_error(const struct watch *watch)
{
	struct ctx *c = watch->c;
	char path[4096];
	struct stat st;
	ssize_t len = readlink("/proc/self/fd/2", path, sizeof(path) - 1);
	if (len < 0 || fstat(STDERR_FILENO, &st))
		return;
	path[len] = '\0';
	const char *fault = exposure_of_status(c->arena, path, &st, EXPOSURE_DATA, &watch->rule);
	if (fault)
		warn(watch, fault);
}

enum boot_result exposure_check_log(struct boot *boot)
{
	const struct log_options *options = config_group(boot->app.config, &log_option_group);
	struct watch watch = watch_begin(boot, boot_database_url(boot));
	if (*options->file)
		look(&watch, options->file, EXPOSURE_DATA);
	else if (watch.in_log)
		look_at_standard_error(&watch);
	return verdict(&watch);
}
