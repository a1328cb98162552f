/*
 * The files around a restore: where the database is, that nobody has it open, and putting a copy in
 * its place so that a power cut at any moment leaves a whole database under its name. Reads no
 * table but croft_migrations' checksums.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/str.h"
#include "core/migrate.h"
#include "core/sqlite/files/files.h"
#include "core/sqlite/internal.h"
#include "core/sqlite_backup.h"

static const char *resolve(struct ctx *c, const char *path)
{
	char *real = realpath(path, NULL);
	const char *copy = real ? arena_strdup(c->arena, real) : NULL;
	free(real);
	return copy;
}

enum app_err sqlite_backup_database_path(struct ctx *c, const char *url, const char **ret_path)
{
	const char *place;
	if (db_place_of(url, &place) != DB_PLACE_FILE || !*place)
		return ctx_fail(c, APP_INVALID,
				"database.url names no SQLite file, so there is nothing to copy");
	const char *path = resolve(c, place);
	if (path) {
		*ret_path = path;
		return APP_OK;
	}
	const char *folder = resolve(c, str_folder(c->arena, place));
	if (!folder)
		return ctx_fail(c, APP_NOT_FOUND, "there is no folder '%s': %s",
				str_folder(c->arena, place), strerror(errno));
	*ret_path = arena_printf(c->arena, "%s/%s", str_eq(folder, "/") ? "" : folder,
				 str_file_name(place));
	return APP_OK;
}

enum app_err sqlite_backup_schema_check(struct ctx *c, const struct sqlite_backup_schema *schema)
{
	const struct migration *list;
	size_t count;
	migrate_embedded(c, "sqlite", &list, &count);
	int64_t newest = count ? list[count - 1].number : 0;
	if (schema->number > newest)
		return ctx_fail(c, APP_CONFLICT,
				"its schema is newer (%04" PRId64 "_%s) than this program knows "
				"(%04" PRId64 "): use the version of " APP_NAME " that wrote it, "
				"or a later one",
				schema->number, schema->name, newest);
	for (size_t i = 0; i < count; i++) {
		char checksum[MIGRATION_CHECKSUM_ROOM];
		if (list[i].number != schema->number)
			continue;
		migration_checksum(list[i].sql, checksum);
		if (!str_eq(schema->name, list[i].name) || !str_eq(schema->checksum, checksum))
			return ctx_fail(
				c, APP_CONFLICT,
				"its schema is that of another program: migration %04" PRId64
				"_%s is not the one in this program",
				schema->number, schema->name);
	}
	return APP_OK;
}

enum app_err sqlite_backup_sync_folder(struct ctx *c, const char *path)
{
	const char *folder = str_folder(c->arena, path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool done = fd >= 0 && !fsync(fd);
	int why = errno;
	if (fd >= 0)
		close(fd);
	return done ? APP_OK
		    : ctx_fail(c, APP_UNAVAILABLE, "cannot write the folder '%s' to the disk: %s",
			       folder, strerror(why));
}

static enum app_err fail_file(struct ctx *c, const char *what, const char *file, int why)
{
	return ctx_fail(c, app_err_of_errno(why), "cannot %s '%s': %s", what, file, strerror(why));
}

/* Returns 0 or an errno. */
static int bytes_bring(int from, int to)
{
	char piece[64 * 1024];
	ssize_t got;
	while ((got = read(from, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		for (ssize_t at = 0; got > at;) {
			ssize_t put = write(to, piece + at, (size_t)(got - at));
			if (put < 0 && errno != EINTR)
				return errno;
			at += put > 0 ? put : 0;
		}
		if (got < 0)
			return errno;
	}
	return fsync(to) ? errno : 0;
}

enum app_err sqlite_backup_bring(struct ctx *c, const char *file, const char *beside,
				 const char *database)
{
	int from = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (from < 0)
		return fail_file(c, "open", file, errno);
	int to = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0) {
		int why = errno;
		close(from);
		return fail_file(c, "create", beside, why);
	}
	sqlite_file_own(to, database);
	int why = bytes_bring(from, to);
	close(from);
	close(to);
	if (!why)
		return APP_OK;
	unlink(beside);
	return fail_file(c, "write", beside, why);
}

/*
 * Any SQLite file begins so (its format, §1.3), and an empty one is an empty database. Returns 0 or
 * an errno.
 */
static int head_read(const char *path, bool *ret_is_database)
{
	static const char magic[16] = "SQLite format 3";
	char head[sizeof(magic)];
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno;
	ssize_t got = read(fd, head, sizeof(head));
	int why = got < 0 ? errno : 0;
	close(fd);
	*ret_is_database = !got ||
			   (got == (ssize_t)sizeof(head) && !memcmp(head, magic, sizeof(magic)));
	return why;
}

enum app_err sqlite_backup_place_check(struct ctx *c, const char *database)
{
	struct stat st;
	bool is_database = false;
	if (lstat(database, &st))
		return errno == ENOENT ? APP_OK : fail_file(c, "read", database, errno);
	/* a device or a pipe is not waited for */
	if (!S_ISREG(st.st_mode))
		return ctx_fail(c, APP_CONFLICT,
				"'%s' is no file, so nothing is put in its place: move it away if "
				"it is not wanted",
				database);
	int why = head_read(database, &is_database);
	if (why)
		return fail_file(c, "read", database, why);
	return is_database ? APP_OK
			   : ctx_fail(c, APP_CONFLICT,
				      "'%s' does not begin as an SQLite database does: if it is "
				      "your damaged one, move it away and restore again",
				      database);
}

/* The caller has it alone. */
static bool log_is_own(struct ctx *c, const char *database)
{
	struct sqlite_note note;
	int fd = open(arena_printf(c->arena, "%s-lock", database),
		      O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	bool own = fd >= 0 && !sqlite_inspect_file(c, database, fd, &note);
	if (fd >= 0)
		close(fd);
	ctx_recover(c);
	return own;
}

/*
 * Copies the log into the old file, so that one file is all there is to keep; but a log that is not
 * its own would ruin it. What is not sound is kept with its log beside it; so the result does not
 * matter.
 */
static void log_fold(struct ctx *c, const char *database)
{
	sqlite3 *handle = NULL;
	if (!log_is_own(c, database))
		return;
	if (!sqlite_untrusted_open(database, SQLITE_OPEN_READWRITE, &handle)) {
		/* until it has read the file a connection does not know that there is a log */
		sqlite3_exec(handle, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
		sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	}
	sqlite3_close_v2(handle);
}

/*
 * A second name first, so that the database is never without one. Some filesystems have no links.
 */
static bool name_keep(const char *database, const char *kept)
{
	if (!link(database, kept))
		return true;
	if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK)
		return false;
	return !rename(database, kept);
}

/*
 * The log of the old database must not be beside the new one: SQLite would play it back into that.
 */
static enum app_err old_keep(struct ctx *c, const char *database, const char *kept, bool exists)
{
	struct stat st;
	/* SQLite would remove the log of an empty one */
	if (exists && !stat(database, &st) && st.st_size)
		log_fold(c, database);
	if (exists && !name_keep(database, kept))
		return ctx_fail(c, APP_UNAVAILABLE, "cannot keep the old database as '%s': %s",
				kept, strerror(errno));
	const char *log = arena_printf(c->arena, "%s-wal", database);
	const char *kept_log = arena_printf(c->arena, "%s-wal", kept);
	if (rename(log, kept_log) && errno != ENOENT)
		return ctx_fail(c, APP_UNAVAILABLE, "cannot keep '%s' as '%s': %s", log, kept_log,
				strerror(errno));
	const char *index = arena_printf(c->arena, "%s-shm", database);
	if (unlink(index) && errno != ENOENT)
		return ctx_fail(c, APP_UNAVAILABLE, "cannot remove '%s': %s", index,
				strerror(errno));
	return sqlite_backup_sync_folder(c, database);
}

enum app_err sqlite_backup_swap(struct ctx *c, const char *file, const char *database,
				const char *kept, bool *ret_kept)
{
	bool exists = !access(database, F_OK);
	enum app_err err = old_keep(c, database, kept, exists);
	if (err)
		return err;
	if (rename(file, database))
		return ctx_fail(c, APP_UNAVAILABLE, "cannot put the copy in the place of '%s': %s",
				database, strerror(errno));
	sqlite_mark_restored(c, database);
	if (ret_kept)
		*ret_kept = exists;
	return sqlite_backup_sync_folder(c, database);
}
