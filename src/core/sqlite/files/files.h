/*
 * The database's files: which one was opened, who has it open, how it was left, and whether it is
 * sound and still the same.
 */
#ifndef CROFT_SRC_CORE_SQLITE_FILES_FILES_H
#define CROFT_SRC_CORE_SQLITE_FILES_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include "core/db_driver.h"
#include "core/sqlite/library.h"
#include "core/sqlite_backup.h"

struct sqlite;

/* What a start finds: see mark.c. */
enum sqlite_mark_state {
	/* nothing is known of the file */
	SQLITE_MARK_NONE,
	SQLITE_MARK_SAME,
	SQLITE_MARK_OTHER,
};

/* files beside the database */
enum { SQLITE_BESIDE = 3 };

/* A result code of our own, for what overwrite.c finds. */
enum { SQLITE_READONLY_OVERWRITTEN = SQLITE_READONLY | (255 << 8) };

/* Of the database file: size and time of change. They stay while nothing writes it. */
struct sqlite_stamp {
	int64_t bytes;
	struct timespec changed;
};

/*
 * The database file, and what the index of the log said of checkpoints, when both were looked at
 * last: overwrite.c.
 */
struct sqlite_ground {
	bool known;
	struct sqlite_stamp stamp;
	uint32_t salt[2], changes, frames, attempted;
};

/* How the log was left: mark.c. */
struct sqlite_note {
	uint32_t salt[2], sums[2];
	/* committed into the log; of them in the file */
	uint32_t frames, copied;
	/* not 0: another log may have begun */
	uint32_t begins;
	/* not 0: a checkpoint may have changed the file */
	uint32_t copying;
};

/* ---- file.c ---- */

/* The database, and what SQLite and we keep beside it. */
void sqlite_files(struct ctx *c, const struct db_options *options, const char *place,
		  db_file_fn *tell, void *arg);

/* Whether a database can be at `path`; APP_INVALID says why not. Makes nothing. */
enum app_err sqlite_file_check(struct ctx *c, const char *path) MUST_USE;
/*
 * Creates the folder (0700) and the file (0600) if missing, unless what is beside it shows that
 * this would bury another. Sets the two paths of `s`.
 */
enum app_err sqlite_file_prepare(struct ctx *c, struct sqlite *s, const char *place) MUST_USE;

/* Remembers which file the path names; and whether it names another one now, or none. */
enum app_err sqlite_file_remember(struct ctx *c, struct sqlite *s) MUST_USE;
bool sqlite_file_moved(struct sqlite *s);
/* The writer, in a transaction that has changed something: all files are there now. */
void sqlite_file_remember_beside(struct sqlite *s);
/* Logs an error with the path of the file, from any thread. */
void sqlite_file_tell(const struct sqlite *s, const char *event);
/* SQLite says that the file is damaged, or that it is none of its own. */
void sqlite_file_damaged(struct sqlite *s);

/* ---- stamp.c ---- */

struct sqlite_stamp sqlite_stamp_of(const struct stat *st);
bool sqlite_stamp_same(const struct sqlite_stamp *a, const struct sqlite_stamp *b);

/* ---- owner.c ---- */

/*
 * Run by root: gives a file that was made beside the database to whoever owns that, or its folder.
 */
void sqlite_file_own(int fd, const char *database);

/* ---- overwrite.c ---- */

/*
 * Whether the file or its log was written past SQLite, seen through a connection of the calling
 * thread. Stays so until the next start.
 */
bool sqlite_file_overwritten(struct sqlite *s, sqlite3 *handle);
/*
 * The same for whoever stumbled over what is in them: where another is looking, or the index moves,
 * that does not leave it open. During a checkpoint of our own it does.
 */
bool sqlite_file_ruined(struct sqlite *s, sqlite3 *handle);
/* What the index tells of the log. No frames: there is none. */
void sqlite_log_note(sqlite3 *handle, struct sqlite_note *ret);
/* Around a checkpoint of our own. False: it must not be made, and there is no end to be called. */
bool sqlite_file_checkpoint_begin(struct sqlite *s, sqlite3 *handle) MUST_USE;
void sqlite_file_checkpoint_end(struct sqlite *s, sqlite3 *handle);

/* ---- mark.c ---- */

/* How croft left the file and its log. Zeros when nothing is known. */
enum sqlite_mark_state sqlite_mark_read(const char *database, int lock_fd, struct sqlite_note *ret);
/*
 * The database is open, and sound; a commit is about to be made; a checkpoint begins, and has
 * ended; it is closed.
 */
void sqlite_mark_open(struct sqlite *s);
void sqlite_mark_begins(struct sqlite *s);
void sqlite_mark_copying(struct sqlite *s, bool copying);
void sqlite_mark_close(struct sqlite *s);
/* What was seen of file and log: s->ground is up to date. */
void sqlite_mark_ground(struct sqlite *s, const struct sqlite_note *log);
/* Whether the file, by this very name, is as croft left it, or open now. */
bool sqlite_mark_is_here(struct ctx *c, const char *database) MUST_USE;
/* Another file, which is sound, was put in its place while nobody has it open. */
void sqlite_mark_restored(struct ctx *c, const char *database);

/* ---- inspect.c ---- */

/*
 * Before the first connection: whether the file with its log is sound. Changes nothing; APP_INVALID
 * says what to do.
 */
enum app_err sqlite_inspect(struct ctx *c, struct sqlite *s) MUST_USE;
/* The same of a file that nobody has open, and what was known of it. */
enum app_err sqlite_inspect_file(struct ctx *c, const char *database, int lock_fd,
				 struct sqlite_note *ret_note) MUST_USE;

/* ---- leftover.c ---- */

/*
 * Before a database is opened, and perhaps created: whether that would bury what is left of
 * another.
 */
enum app_err sqlite_leftover_check(struct ctx *c, const char *place) MUST_USE;

/* ---- name_check.c ---- */

/* Refuses (APP_INVALID) a file that could be open by another name, too. Opens nothing. */
enum app_err sqlite_name_check(struct ctx *c, const struct db_options *options,
			       const char *place) MUST_USE;

/* ---- name.c ---- */

/* Tells the file's name in its folder from others; the same after the machine was started anew. */
uint64_t sqlite_name_of(struct ctx *c, const char *database);
/*
 * For as long as *ret_fd is held: that the file is open by this name. APP_CONFLICT when a process
 * has it by another. -1: there is none. To be dropped after the last connection to the file.
 */
enum app_err sqlite_name_take(struct ctx *c, const char *database, int lock_fd,
			      int *ret_fd) MUST_USE;
void sqlite_name_drop(int *fd);

/* ---- lock.c ---- */

/*
 * Keeps other processes of ours from writing or checkpointing meanwhile. False when not had in
 * time.
 */
bool sqlite_lock_take(struct sqlite *s, int64_t wait_ms) MUST_USE;
void sqlite_lock_give(struct sqlite *s);
enum app_err sqlite_lock_open(struct ctx *c, struct sqlite *s) MUST_USE;
bool sqlite_is_shared(struct ctx *c);
bool sqlite_lock_is_shared(const struct sqlite *s);
/* Whether another open -lock file than this one says that the database is in use. */
bool sqlite_hold_is_shared(int lock_fd);
/* Whether another has it open who found it sound; and that one has. */
bool sqlite_hold_is_inspected(int lock_fd);
void sqlite_hold_inspected(int lock_fd);
/*
 * Until it is dropped: that the database is in use, which waits while another process has it alone.
 * `database` is the absolute path. sqlite_hold_alone() is in core/sqlite_backup.h.
 */
enum app_err sqlite_hold_shared(struct ctx *c, const char *database, int64_t wait_ms,
				struct sqlite_hold *ret) MUST_USE;

#endif
