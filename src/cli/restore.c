/* `croft restore FILE`: core/backup on the command line. */
#include "app/exposure.h"
#include "app/modules.h"
#include "base/app_name.h"
#include "base/arena.h"
#include "cli.h"
#include "core/backup.h"
#include "core/db_tools.h"
#include "core/module.h"

static void index_fault(void *arg, const char *text)
{
	(void)arg;
	cli_error("%s: the next start makes it anew, and rows are found as it goes on", text);
}

/* Those of all modules; ends with NULL. */
static const struct backup_change *const *changes_of_modules(struct ctx *c)
{
	size_t count = 0;
	while (app_modules[count])
		count++;
	const struct backup_change **changes = arena_zero(c->arena, (count + 1) * sizeof(*changes));
	const struct backup_change **at = changes;
	for (size_t i = 0; i < count; i++)
		if (app_modules[i]->on_restore)
			*at++ = app_modules[i]->on_restore;
	return changes;
}

static void print_done(const char *file, const struct backup_restored *restored,
		       const struct backup_change *const *changes)
{
	char when[INSTANT_TEXT_ROOM];
	instant_text(restored->created_at, when);
	cli_say("Restored %s from %s, backed up at %s by " APP_NAME " %s.", restored->database,
		file, when, restored->version);
	if (restored->kept)
		cli_say("The old database is kept as %s.", restored->kept);
	for (; *changes; changes++)
		cli_say("%s", (*changes)->note);
}

static int restore_unexposed(struct boot *boot, const char *file)
{
	struct ctx *c = boot_ctx(boot);
	const struct backup_watch watch = { .index_fault = index_fault };
	const struct backup_change *const *changes = changes_of_modules(c);
	struct backup_restored restored;
	enum boot_result exposed = exposure_check_data(boot);
	if (!exposed)
		exposed = exposure_check_file(boot, file, EXPOSURE_DATA);
	if (!exposed)
		exposed = exposure_check_file(boot, backup_manifest_path(c, file),
					      EXPOSURE_SETTINGS);
	if (exposed)
		return cli_exit_of(exposed);
	enum app_err err = boot_become_owner(boot);
	if (!err)
		err = backup_restore(c, boot_database_url(boot), file, changes, &watch, &restored);
	if (err)
		return cli_failure(c, err, "restore");
	print_done(file, &restored, changes);
	return CLI_OK;
}

static int restore(struct boot *boot, void *file)
{
	const char *instead = db_tools_of(boot_database_url(boot))->restore;
	if (!instead)
		return restore_unexposed(boot, file);
	cli_error("the database is no SQLite file: %s", instead);
	return CLI_FAILED;
}

int cli_restore(struct cli *cli)
{
	int code = cli_take_arguments(cli, 1);
	if (code)
		return code;
	if (!cli->argc)
		return cli_usage_error(cli, "'restore' needs the name of a backup");
	return cli_with_boot(cli, BOOT_CONFIG, restore, cli->argv[0]);
}
