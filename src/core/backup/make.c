/*
 * Making a backup: both files are written under names for the time being, and get their own when
 * they are whole. Opens the database only to read it.
 */
#include "core/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "core/app.h"
#include "core/digest.h"
#include "core/sqlite_backup.h"
#include "manifest.h"
#include "target.h"

/* All paths of one backup: what is read, what is made, and where it lies until it is complete. */
struct backup_paths {
	const char *database, *file, *manifest;
	const char *file_part, *manifest_part;
	const char *lock; /* is there while the backup is made */
};

/* What is written under these names, and what is removed: files of a backup, and nothing else. */
static enum app_err paths_check(struct ctx *c, const struct backup_paths *paths)
{
	const char *const all[] = { paths->file, paths->manifest, paths->file_part,
				    paths->manifest_part, paths->lock };
	enum app_err err = target_regular_check(c, paths->file);
	if (!err)
		err = target_regular_check(c, paths->manifest);
	for (size_t i = 0; !err && i < COUNT_OF(all); i++)
		err = target_free_check(c, paths->database, all[i]);
	return err;
}

static enum app_err paths_find(struct ctx *c, const char *url, const char *file, bool force,
			       struct backup_paths *ret)
{
	enum app_err err = sqlite_backup_database_path(c, url, &ret->database);
	if (err)
		return err;
	ret->file = file;
	ret->manifest = manifest_path(c, file);
	ret->file_part = arena_printf(c->arena, "%s.part", file);
	ret->manifest_part = arena_printf(c->arena, "%s.part", ret->manifest);
	ret->lock = arena_printf(c->arena, "%s.lock", file);
	err = paths_check(c, ret);
	if (err)
		return err;
	if (!force && (!access(file, F_OK) || !access(ret->manifest, F_OK)))
		return ctx_fail(c, APP_CONFLICT,
				"'%s' or its manifest exists; --force replaces them", file);
	return APP_OK;
}

/* Until the process ends. Another may have unlinked the file since it was opened. */
static bool lock_take(int fd, const char *path)
{
	struct stat open, there;
	return !flock(fd, LOCK_EX | LOCK_NB) && !fstat(fd, &open) && !lstat(path, &there) &&
	       open.st_dev == there.st_dev && open.st_ino == there.st_ino;
}

/* What a backup that was stopped left; false: one that is not stopped. */
static bool left_remove(const struct backup_paths *paths)
{
	int fd = open(paths->lock, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno != ELOOP || !unlink(paths->lock);
	bool left = lock_take(fd, paths->lock) && !unlink(paths->lock);
	close(fd);
	return left;
}

/* Two backups into one file at once would mix. */
static enum app_err parts_lock(struct ctx *c, const struct backup_paths *paths)
{
	const char *path = paths->lock;
	bool alone = left_remove(paths);
	int fd = alone ? open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
	if (alone && fd < 0 && errno != EEXIST)
		return ctx_fail(c, app_err_of_errno(errno), "cannot write '%s': %s", path,
				strerror(errno));
	if (fd >= 0 && lock_take(fd, path)) {
		/* left by a backup that was stopped */
		unlink(paths->file_part);
		unlink(paths->manifest_part);
		return APP_OK;
	}
	if (fd >= 0)
		close(fd);
	return ctx_fail(c, APP_CONFLICT,
			"another backup into '%s' is being made: wait for it, or choose another "
			"name",
			paths->file);
}

/* Makes both files under their names for the time being. */
static enum app_err parts_make(struct ctx *c, const struct backup_paths *paths,
			       const struct backup_watch *watch, struct manifest *ret)
{
	enum app_err err = sqlite_backup_copy(
		c, paths->database, paths->file_part,
		&(struct sqlite_backup_progress){ .tell = watch->tell, .arg = watch->arg });
	struct sqlite_backup_schema schema;
	char digest[DIGEST_TEXT_ROOM];
	if (!err)
		err = sqlite_backup_examine(c, paths->file_part, &schema);
	const char *fault = NULL;
	if (!err)
		err = sqlite_backup_indexes_check(c, paths->file_part, &fault);
	if (!err && fault)
		watch->index_fault(watch->arg, fault);
	if (!err)
		err = digest_file(c, paths->file_part, digest, &ret->size);
	if (err)
		return err;
	ret->version = app_version;
	ret->created_at = ctx_now(c);
	ret->sha256 = arena_strdup(c->arena, digest);
	ret->schema = (struct manifest_schema){ .number = schema.number,
						.name = schema.name,
						.checksum = schema.checksum };
	return manifest_write(c, paths->manifest_part, ret);
}

/* A stop between the two leaves a pair that does not match, which a restore refuses. */
static enum app_err parts_publish(struct ctx *c, const struct backup_paths *paths)
{
	if (rename(paths->file_part, paths->file) || rename(paths->manifest_part, paths->manifest))
		return ctx_fail(c, APP_UNAVAILABLE, "cannot write '%s': %s", paths->file,
				strerror(errno));
	return sqlite_backup_sync_folder(c, paths->file);
}

const char *backup_manifest_path(struct ctx *c, const char *file)
{
	return manifest_path(c, file);
}

enum app_err backup_make(struct ctx *c, const char *url, const char *file, bool force,
			 const struct backup_watch *watch, struct backup_made *ret)
{
	struct backup_paths paths = { 0 };
	struct manifest made = { 0 };
	enum app_err err = paths_find(c, url, file, force, &paths);
	if (!err)
		err = parts_lock(c, &paths);
	if (err)
		return err;
	err = parts_make(c, &paths, watch, &made);
	if (!err)
		err = parts_publish(c, &paths);
	if (err) {
		unlink(paths.file_part);
		unlink(paths.manifest_part);
	}
	unlink(paths.lock);
	if (err)
		return err;
	*ret = (struct backup_made){ .database = paths.database,
				     .size = made.size,
				     .schema = made.schema.number,
				     .schema_name = made.schema.name };
	return APP_OK;
}
