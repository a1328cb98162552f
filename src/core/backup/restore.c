/*
 * Putting a backup back, once it is known to be whole, fit for this program, and that no croft
 * process has the database open. The old file stays beside it.
 */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/backup.h"
#include "core/digest.h"
#include "core/sqlite_backup.h"
#include "manifest.h"
#include "target.h"

/* The file's bytes against its manifest; `file` is the backup or the copy that was brought here. */
static enum app_err bytes_check(struct ctx *c, const char *file, const struct manifest *manifest)
{
	char digest[DIGEST_TEXT_ROOM];
	int64_t size;
	enum app_err err = digest_file(c, file, digest, &size);
	if (err)
		return err;
	if (size != manifest->size)
		return ctx_fail(c, APP_CONFLICT,
				"'%s' has %" PRId64 " bytes, and its manifest says %" PRId64
				": it is not the file that was backed up",
				file, size, manifest->size);
	if (!str_eq(digest, manifest->sha256))
		return ctx_fail(c, APP_CONFLICT,
				"the checksum of '%s' is not that of its manifest: it was changed "
				"or damaged since it was backed up",
				file);
	return APP_OK;
}

/* A backup may have brought the fault along; the rows are all there. */
static enum app_err indexes_mend(struct ctx *c, const char *copy, const struct backup_watch *watch)
{
	const char *fault;
	enum app_err err = sqlite_backup_indexes_mend(c, copy, &fault);
	if (!err && fault)
		watch->index_fault(watch->arg, fault);
	return err;
}

static enum app_err copy_check(struct ctx *c, const char *copy, const struct manifest *manifest,
			       const struct backup_watch *watch)
{
	struct sqlite_backup_schema schema;
	enum app_err err = bytes_check(c, copy, manifest);
	if (!err)
		err = sqlite_backup_examine(c, copy, &schema);
	if (!err)
		err = sqlite_backup_schema_check(c, &schema);
	return err ? err : indexes_mend(c, copy, watch);
}

static enum app_err copy_change(struct ctx *c, const char *copy,
				const struct backup_change *const *changes)
{
	enum app_err err = APP_OK;
	for (; !err && *changes; changes++)
		err = sqlite_backup_change(
			c, copy,
			&(struct sqlite_backup_column){ (*changes)->table, (*changes)->column },
			(*changes)->sql);
	return err;
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
			 const struct manifest *manifest,
			 const struct backup_change *const *changes,
			 const struct backup_watch *watch, const char **ret_kept)
{
	AUTO(sqlite_hold) hold = SQLITE_HOLD_NONE;
	enum app_err err = sqlite_hold_alone(c, database, &hold);
	if (err)
		return err;
	const char *beside = arena_printf(c->arena, "%s.restore-part", database);
	const char *kept = kept_path(c, database);
	bool had_one = false;
	unlink(beside); /* left by a restore that was stopped */
	err = sqlite_backup_bring(c, file, beside, database);
	if (err)
		return err;
	err = copy_check(c, beside, manifest, watch);
	if (!err)
		err = copy_change(c, beside, changes);
	if (!err)
		err = sqlite_backup_swap(c, beside, database, kept, &had_one);
	if (err) {
		unlink(beside);
		return err;
	}
	*ret_kept = had_one ? kept : NULL;
	return APP_OK;
}

enum app_err backup_restore(struct ctx *c, const char *url, const char *file,
			    const struct backup_change *const *changes,
			    const struct backup_watch *watch, struct backup_restored *ret)
{
	struct manifest manifest = { 0 };
	const char *database, *kept = NULL;
	enum app_err err = sqlite_backup_database_path(c, url, &database);
	if (!err)
		err = sqlite_backup_place_check(c, database);
	if (!err)
		err = target_regular_check(c, manifest_path(c, file));
	if (!err)
		err = target_regular_check(c, file);
	if (!err)
		err = manifest_read(c, file, &manifest);
	if (!err)
		err = sqlite_backup_schema_check(
			c, &(struct sqlite_backup_schema){ .number = manifest.schema.number,
							   .name = manifest.schema.name,
							   .checksum = manifest.schema.checksum });
	if (!err)
		err = bytes_check(c, file, &manifest);
	if (!err)
		err = swap(c, file, database, &manifest, changes, watch, &kept);
	if (err)
		return err;
	*ret = (struct backup_restored){ .database = database,
					 .kept = kept,
					 .version = manifest.version,
					 .created_at = manifest.created_at };
	return APP_OK;
}
