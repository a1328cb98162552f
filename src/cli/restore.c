/*
 * `croft restore FILE`: puts a backup in the place of the SQLite database, once it is known to be
 * whole, fit for this program, and that no croft process has the database open. The old file
 * stays beside it.
 */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/backup.h"
#include "core/digest.h"
#include "manifest.h"

/* The file's bytes against its manifest; `file` is the backup or the copy that was brought here. */
static enum app_err bytes_check(struct ctx *c, const char *file, const struct manifest *manifest)
{
	char digest[DIGEST_TEXT_ROOM];
	int64_t size;
	enum app_err err = digest_file(c, file, digest, &size);
	if (err)
		return err;
	if (size != manifest->size)
		return app_fail(c, APP_CONFLICT,
				"'%s' has %" PRId64 " bytes, and its manifest says %" PRId64
				": it is not the file that was backed up",
				file, size, manifest->size);
	if (!str_eq(digest, manifest->sha256))
		return app_fail(c, APP_CONFLICT,
				"the checksum of '%s' is not that of its manifest: it was changed "
				"or damaged since it was backed up",
				file);
	return APP_OK;
}

/* A backup may have brought the fault along; the rows are all there. */
static enum app_err indexes_mend(struct ctx *c, const char *copy)
{
	const char *fault;
	enum app_err err = backup_indexes_mend(c, copy, &fault);
	if (!err && fault)
		cli_error("%s: the next start makes it anew, and rows are found as it goes on",
			  fault);
	return err;
}

static enum app_err copy_check(struct ctx *c, const char *copy, const struct manifest *manifest)
{
	struct backup_schema schema;
	enum app_err err = bytes_check(c, copy, manifest);
	if (!err)
		err = backup_examine(c, copy, &schema);
	if (!err)
		err = backup_schema_check(c, &schema);
	return err ? err : indexes_mend(c, copy);
}

static bool is_free(struct ctx *c, const char *path)
{
	struct stat st;
	return lstat(path, &st) && lstat(arena_printf(c->arena, "%s-wal", path), &st);
}

/*
 * croft.db.before-restore-20260102T030405Z, and -2, -3, … behind it when there was another in
 * that second, or the clock was set back: none is lost. The caller holds the database, so nobody
 * else takes the name.
 */
static const char *kept_path(struct ctx *c, const char *database)
{
	char when[INSTANT_TEXT_ROOM];
	instant_text((struct instant){ ctx_now(c).us / 1000000 * 1000000 }, when);
	char *out = when;
	for (const char *at = when; *at; at++)
		if (*at != '-' && *at != ':')
			*out++ = *at;
	*out = '\0';
	const char *path = arena_printf(c->arena, "%s.before-restore-%s", database, when);
	const char *kept = path;
	for (int i = 2; !is_free(c, kept); i++)
		kept = arena_printf(c->arena, "%s-%d", path, i);
	return kept;
}

static enum app_err swap(struct ctx *c, const char *file, const char *database,
			 const struct manifest *manifest, const char **ret_kept)
{
	AUTO(backup_hold) hold = BACKUP_HOLD_NONE;
	enum app_err err = backup_hold_take(c, database, &hold);
	if (err)
		return err;
	const char *beside = arena_printf(c->arena, "%s.restore-part", database);
	const char *kept = kept_path(c, database);
	bool had_one = false;
	unlink(beside); /* left by a restore that was stopped */
	err = backup_bring(c, file, beside, database);
	if (err)
		return err;
	err = copy_check(c, beside, manifest);
	if (!err)
		err = backup_swap(c, beside, database, kept, &had_one);
	if (err) {
		unlink(beside);
		return err;
	}
	*ret_kept = had_one ? kept : NULL;
	return APP_OK;
}

static void print_done(const char *file, const char *database, const char *kept,
		       const struct manifest *manifest)
{
	AUTO(buf) text = { 0 };
	char when[INSTANT_TEXT_ROOM];
	instant_text(manifest->created_at, when);
	buf_printf(&text, "Restored %s from %s, backed up at %s by croft %s.\n", database, file,
		   when, manifest->version);
	if (kept)
		buf_printf(&text, "The old database is kept as %s.\n", kept);
	cli_print(&text);
}

static int restore(struct boot *boot, const char *file)
{
	struct ctx *c = boot_ctx(boot);
	const char *url = boot_database_url(boot);
	enum boot_result exposed = exposure_check_data(boot);
	if (!exposed)
		exposed = exposure_check_file(boot, file, EXPOSURE_DATA);
	if (!exposed)
		exposed = exposure_check_file(boot, manifest_path(c, file), EXPOSURE_SETTINGS);
	if (exposed)
		return cli_exit_of(exposed);
	enum app_err err = boot_become_owner(boot);
	if (err)
		return cli_failure(c, err, "restore");
	struct manifest manifest = { 0 };
	const char *database, *kept = NULL;
	err = backup_database_path(c, url, &database);
	if (!err)
		err = manifest_read(c, file, &manifest);
	if (!err)
		err = backup_schema_check(
			c, &(struct backup_schema){ .number = manifest.schema.number,
						    .name = manifest.schema.name,
						    .checksum = manifest.schema.checksum });
	if (!err)
		err = bytes_check(c, file, &manifest);
	if (!err)
		err = swap(c, file, database, &manifest, &kept);
	if (err)
		return cli_failure(c, err, "restore");
	print_done(file, database, kept, &manifest);
	return CLI_OK;
}

int cli_restore(struct cli *cli)
{
	int code = cli_take_arguments(cli, 1);
	if (code)
		return code;
	if (!cli->argc)
		return cli_usage_error(cli, "'restore' needs the name of a backup");
	struct boot *boot = NULL;
	code = cli_boot_up(cli, BOOT_CONFIG, &boot);
	if (code)
		return code;
	if (str_starts(boot_database_url(boot), "sqlite:")) {
		code = restore(boot, cli->argv[0]);
	} else {
		cli_error(
			"the database is no SQLite file: restore PostgreSQL with pg_restore, from "
			"what pg_dump wrote");
		code = CLI_FAILED;
	}
	boot_down(boot);
	return code;
}
