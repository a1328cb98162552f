/*
 * Whether the database can be read and written, for health checks. The writer remembers whether the
 * disk was full or failed when it wrote last; as long as that is so each check tries a small write,
 * so that the answer is right again as soon as the disk is, also when nobody else writes any more.
 * Whether the file itself can grow is known from the last checkpoint.
 */
#include <sys/statvfs.h>

#include "base/arena.h"
#include "core/app.h"
#include "core/sqlite/files/files.h"
#include "core/sqlite/internal.h"
#include "core/sqlite/rows.h"
#include "writer.h"

void sqlite_health_note(struct sqlite_writer *w, const struct db_write *first,
			const struct db_write *end)
{
	bool failing = !w->conn || w->conn->suspect, any = false;
	for (const struct db_write *at = first; at != end; at = at->next) {
		failing = failing || at->err == APP_STORAGE_FULL;
		any = any || !at->err;
	}
	if (failing || any)
		w->failing = failing;
}

/* Reads a page of the file: SELECT 1 alone would not touch it. */
static enum app_err try_to_read(struct ctx *c)
{
	SQLITE_ROWS rows = { 0 };
	return sqlite_query(c, "SELECT count(*) FROM sqlite_schema", BIND(), &rows);
}

static enum app_err version_of_file(struct ctx *c, int64_t *ret_version)
{
	SQLITE_ROWS rows = { 0 };
	bool has_row = false;
	enum app_err err = sqlite_query(c, "PRAGMA user_version", BIND(), &rows);
	if (!err)
		err = sqlite_rows_next(&rows, &has_row);
	if (!err)
		*ret_version = has_row ? sqlite_column_int(&rows, 0) : 0;
	return err;
}

/*
 * A number in the file's header, which croft does not use, becomes what it is: that writes a page.
 */
static enum app_err run_probe(struct ctx *c, void *arg)
{
	(void)arg;
	int64_t version;
	enum app_err err = version_of_file(c, &version);
	if (err)
		return err;
	const char *sql = arena_printf(c->arena, "PRAGMA user_version = %lld", (long long)version);
	return sqlite_exec(c, sql, BIND(), NULL);
}

/* bytes: the log may have room for a page and for nothing more */
enum { ROOM_LEAST = 1024 * 1024 };

static bool disk_has_room(const struct sqlite *s)
{
	struct statvfs disk;
	if (!s->memory && !sqlite_files_may_grow(s, ROOM_LEAST))
		return false;
	return s->memory || statvfs(s->path, &disk) || disk.f_bavail * disk.f_frsize >= ROOM_LEAST;
}

static enum app_err try_to_write(struct ctx *c, const struct sqlite *s)
{
	if (!disk_has_room(s))
		return ctx_fail(c, APP_STORAGE_FULL, "the storage is full");
	enum app_err err = db_write(c, run_probe, NULL);
	if (err != APP_INTERNAL && !db_outcome_is_unknown(c))
		return err;
	ctx_recover(c);
	return ctx_fail(c, APP_UNAVAILABLE, "the database cannot be written: its disk fails");
}

enum app_err sqlite_ping(struct ctx *c)
{
	struct sqlite *s = c->app->db->state;
	if (sqlite_file_moved(s))
		return sqlite_fail(c, NULL, SQLITE_READONLY_DBMOVED, NULL);
	struct sqlite_conn *conn;
	enum app_err err = sqlite_conn_of(c, &conn);
	if (!err && sqlite_file_overwritten(s, conn->handle))
		return sqlite_fail(c, NULL, SQLITE_READONLY_OVERWRITTEN, NULL);
	if (!err)
		err = try_to_read(c);
	if (!err && s->damaged)
		return ctx_fail(c, APP_UNAVAILABLE, "the database file is damaged");
	if (!err && !c->db && s->writer->failing)
		err = try_to_write(c, s);
	if (!err && s->writer->no_room)
		return ctx_fail(c, APP_STORAGE_FULL,
				"the database file cannot grow: no room, or its limit");
	return err;
}
