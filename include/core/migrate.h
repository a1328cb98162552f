/*
 * Versioned migrations: SQL files sql/<driver>/NNNN_name.sql, embedded in the binary. A file has
 * two parts, headed by lines "-- migrate:up" and "-- migrate:down". Each migration runs in a
 * transaction of its own; a lock keeps a second starter out. What is applied is kept, with a
 * checksum, in the table croft_migrations.
 *
 * Beside SQL there are two kinds of steps, each on a line of its own: "-- migrate:fold
 * users.username into username_key" fills a column of every row with text_fold() of another (null
 * stays null; the table has an integer id). With "unique" after it, or "unique where deleted_at IS
 * NULL", rows that would have the same key are named in an APP_CONFLICT instead. With "beyond
 * ascii" rows whose text is ASCII are left as they are, as the column of a .folded field wants it.
 * And "-- migrate:keys last", of SQLite alone: while the part runs foreign keys are not looked at,
 * so that a table which others refer to can be made anew, and when it is done all are; APP_CONFLICT
 * names a row that refers to none.
 */
#ifndef CROFT_CORE_MIGRATE_H
#define CROFT_CORE_MIGRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/ctx.h"

struct migration {
	int64_t number;
	/* "users" where the file is 0001_users.sql. */
	const char *name;
	/* The whole file, NUL-terminated. */
	const char *sql;
};

struct migration_state {
	int64_t number;
	const char *name;
	/* This database has it; this binary has its file. */
	bool applied, known;
	/* It is applied, and the file differs from what was applied. */
	bool changed;
	/* Since when it is applied. */
	struct instant applied_at;
};

/* The migrations in this binary for a driver ("sqlite"), by number; the list is in the arena. */
void migrate_embedded(struct ctx *c, const char *driver, const struct migration **ret_list,
		      size_t *ret_count);

/*
 * Lists are sorted by number, each number once (APP_CONFLICT else).
 *
 * Applies every pending migration in order, or reverts the newest `steps`. *ret_done counts what
 * was done, also when a later one failed. A changed, missing or misplaced applied file is
 * APP_CONFLICT and named; a failing statement is APP_INTERNAL with the file, and that migration is
 * rolled back. The list is usually migrate_embedded(); tests pass their own.
 */
enum app_err migrate_up(struct ctx *c, const struct migration *list, size_t count,
			int64_t *ret_done) MUST_USE;
enum app_err migrate_down(struct ctx *c, const struct migration *list, size_t count, int64_t steps,
			  int64_t *ret_done) MUST_USE;
/* All known and applied migrations by number, in the arena. Only reads. */
enum app_err migrate_status(struct ctx *c, const struct migration *list, size_t count,
			    struct migration_state **ret_states, size_t *ret_count) MUST_USE;
/* APP_CONFLICT names what is pending, changed, missing or misplaced. Only reads. */
enum app_err migrate_verify(struct ctx *c, const struct migration *list, size_t count) MUST_USE;
/* How many are pending, with the same checks as migrate_up(). */
enum app_err migrate_pending(struct ctx *c, const struct migration *list, size_t count,
			     int64_t *ret_pending) MUST_USE;

enum { MIGRATION_CHECKSUM_ROOM = 17 };
/*
 * FNV-1a of the text with CRLF read as LF, in hex: a checkout with other line ends is the same
 * file. It tells an accident, and is no defence against an attacker, who could as well change the
 * table it is kept in.
 */
void migration_checksum(const char *sql, char out[MIGRATION_CHECKSUM_ROOM]);

/* Whether a migration may have the name, such as "add_posts". */
enum app_err migrate_name_check(struct ctx *c, const char *name) MUST_USE;
/*
 * What a new migration's file is called in each driver folder under `sql_dir`, with the next free
 * number: "0009_books.sql", in the arena.
 */
enum app_err migrate_next_file(struct ctx *c, const char *sql_dir, const char *name,
			       const char **ret) MUST_USE;

/*
 * Writes an empty migration with the next free number for each driver folder under `sql_dir`, for
 * all or for none; prints its paths to `out`.
 */
struct buf;
enum app_err migrate_new(struct ctx *c, const char *sql_dir, const char *name,
			 struct buf *out) MUST_USE;

#endif
