/*
 * Copying the write-ahead log back into the file. Only the writer's connection ever does it,
 * between commits and when there is nothing else to do; see files/lock.c for why.
 */
#include "base/clock.h"
#include "core/log.h"
#include "core/sqlite/files/files.h"
#include "core/sqlite/internal.h"
#include "writer.h"

enum {
	/*
	 * New pages in the log that bring a checkpoint. Whoever wants to write waits for it, longer
	 * the more there are to copy.
	 */
	CHECKPOINT_PAGES = 500,
	/* from here on readers are waited for, so that the log can start over */
	LOG_LARGE_PAGES = 20000,
	READERS_WAIT_MS = 100,
	/* while there is no room: each time all is copied again, up to where the file is to grow */
	ROOM_AGAIN_S = 5,
};

/*
 * Somebody reads an old state of the file, and as long as that is so the log can only grow. Nothing
 * can be done about a reader of another program but to say so: once, and again each time the log is
 * twice as long.
 */
static void log_held(struct sqlite_writer *w)
{
	int pages = w->conn->writer.wal_pages;
	if (pages / 2 < w->held_pages)
		return;
	w->held_pages = pages;
	AUTO(ctx_own) own;
	ctx_own_init(&own, w->app);
	log_warn(&own.c,
		 "the write-ahead log grows and cannot be emptied: a transaction is left open",
		 LOG_TEXT("file", w->sqlite->path), LOG_INT("pages", pages));
}

static void room_tell(const struct sqlite_writer *w)
{
	AUTO(ctx_own) own;
	ctx_own_init(&own, w->app);
	if (w->no_room)
		log_warn(&own.c,
			 "the database file cannot grow: no room, or its limit; until it can, the "
			 "write-ahead log grows",
			 LOG_TEXT("file", w->sqlite->path),
			 LOG_INT("pages", w->conn->writer.wal_pages));
	else
		log_info(&own.c, "the database file can grow again",
			 LOG_TEXT("file", w->sqlite->path));
}

/* Of a checkpoint that ended so. Commits go on meanwhile, into the log. */
static void room_note(struct sqlite_writer *w, int code)
{
	bool no_room = code == SQLITE_FULL;
	if ((code && !no_room) || no_room == w->no_room)
		return;
	w->no_room = no_room;
	room_tell(w);
}

static void checkpoint(struct sqlite_writer *w, int mode, int wait_ms)
{
	w->room_at_us = clock_monotonic_us() + SECONDS_US(ROOM_AGAIN_S);
	if (!sqlite_lock_take(w->sqlite, 0))
		return;
	sqlite3 *handle = w->conn->handle;
	if (!sqlite_file_checkpoint_begin(w->sqlite, handle)) {
		/* the log stays as it is: it is not for what is in the file now */
		w->conn->writer.wal_pages = 0;
		sqlite_lock_give(w->sqlite);
		return;
	}
	int pages = 0, copied = 0;
	sqlite3_busy_timeout(handle, wait_ms);
	int code = sqlite3_wal_checkpoint_v2(handle, "main", mode, &pages, &copied);
	code = sqlite_full_code_checkpoint(handle, code);
	sqlite3_busy_timeout(handle, (int)w->sqlite->options->busy_ms);
	sqlite_file_checkpoint_end(w->sqlite, handle);
	sqlite_lock_give(w->sqlite);
	if (!code)
		w->checkpoints++;
	if (!code && mode == SQLITE_CHECKPOINT_TRUNCATE)
		w->conn->writer.wal_pages = 0;
	room_note(w, code);
	if (code == SQLITE_BUSY && mode == SQLITE_CHECKPOINT_RESTART)
		log_held(w);
	/*
	 * What a checkpoint cannot write back stays in the log, so no commit is lost with the
	 * connection.
	 */
	if ((code & 0xff) == SQLITE_IOERR)
		w->conn->suspect = true;
}

bool sqlite_checkpoint_due(struct sqlite_writer *w)
{
	if (!w->conn || w->conn->suspect)
		return false;
	int pages = w->conn->writer.wal_pages;
	/* The log has started over, or this is the first look. */
	if (pages + CHECKPOINT_PAGES < w->checkpoint_at || !w->checkpoint_at) {
		w->checkpoint_at = CHECKPOINT_PAGES;
		w->held_pages = 0;
	}
	if (w->no_room ? clock_monotonic_us() < w->room_at_us : pages < w->checkpoint_at)
		return false;
	if (pages < LOG_LARGE_PAGES)
		checkpoint(w, SQLITE_CHECKPOINT_PASSIVE, 0);
	else
		checkpoint(w, SQLITE_CHECKPOINT_RESTART, READERS_WAIT_MS);
	w->checkpoint_at = pages + CHECKPOINT_PAGES;
	return true;
}

void sqlite_checkpoint_idle(struct sqlite_writer *w)
{
	if (w->conn && !w->conn->suspect && w->conn->writer.wal_pages)
		checkpoint(w, SQLITE_CHECKPOINT_TRUNCATE, 0);
}
