/* `croft backup FILE [--force]`: core/backup on the command line. Applies no migration. */
#include "core/backup.h"

#include <inttypes.h>

#include "app/exposure.h"
#include "base/app_name.h"
#include "cli.h"
#include "core/db_tools.h"
#include "progress.h"

static void index_fault(void *arg, const char *text)
{
	(void)arg;
	cli_error("%s: the backup holds every row, but searches may miss some; '" APP_NAME " db "
		  "reindex' makes the index anew",
		  text);
}

static void print_done(const char *file, const struct backup_made *made)
{
	if (made->schema)
		cli_say("Backed up %s into %s: %" PRId64 " bytes, schema %04" PRId64 "_%s.",
			made->database, file, made->size, made->schema, made->schema_name);
	else
		cli_say("Backed up %s into %s: %" PRId64 " bytes, no migration is applied.",
			made->database, file, made->size);
}

/* What is written. */
struct backup_arguments {
	const char *file;
	bool force;
};

static enum app_err make(struct boot *boot, const struct backup_arguments *arguments)
{
	struct progress progress = { .what = "backup", .unit = "pages" };
	const struct backup_watch watch = { progress_tell, index_fault, &progress };
	struct backup_made made;
	progress_start(&progress);
	enum app_err err = backup_make(boot_ctx(boot), boot_database_url(boot), arguments->file,
				       arguments->force, &watch, &made);
	progress_end(&progress);
	if (!err)
		print_done(arguments->file, &made);
	return err;
}

static int backup(struct boot *boot, void *arg)
{
	const struct backup_arguments *arguments = arg;
	const char *instead = db_tools_of(boot_database_url(boot))->backup;
	if (instead) {
		cli_error("the database is no SQLite file: %s", instead);
		return CLI_FAILED;
	}
	enum boot_result exposed = exposure_check_data(boot);
	if (!exposed)
		exposed = exposure_check_place(boot, arguments->file);
	if (exposed)
		return cli_exit_of(exposed);
	enum app_err err = boot_become_owner(boot);
	if (!err)
		err = make(boot, arguments);
	return err ? cli_failure(boot_ctx(boot), err, "backup") : CLI_OK;
}

int cli_backup(struct cli *cli)
{
	struct backup_arguments arguments = { 0 };
	const struct cli_option options[] = { { .name = "--force", .flag = &arguments.force },
					      { 0 } };
	int code = cli_take_options(cli, options, false);
	if (code)
		return code;
	if (cli->argc != 1)
		return cli_usage_error(cli, "'backup' needs the name of one file to write");
	arguments.file = cli->argv[0];
	return cli_with_boot(cli, BOOT_CONFIG, backup, &arguments);
}
