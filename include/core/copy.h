/*
 * Copies every row of one database into another, from SQLite to PostgreSQL, back, or from file to
 * file; then both are read again and compared. Copies rows alone: the target's migrations make
 * its tables. One side at least is an SQLite file.
 */
#ifndef CROFT_CORE_COPY_H
#define CROFT_CORE_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

enum copy_phase { COPY_WRITES, COPY_COMPARES };

/* Told of each table in both phases; tell() now and then how many of its rows are done. */
struct copy_progress {
	void (*begin)(void *arg, const char *table, enum copy_phase phase);
	void (*tell)(void *arg, int64_t done, int64_t total);
	void (*end)(void *arg);
	void *arg;
};

struct copy_plan {
	/* URLs of databases that are open nowhere else. */
	const char *from, *to;
	/* Go on with a copy that was stopped, at whatever point. */
	bool resume;
	struct copy_progress progress;
};

struct copy_result {
	size_t tables;
	int64_t rows;
};

/*
 * Opens both with the settings of c->app, but without the deadlines of its statements. Applies
 * migrations to a target that is empty or resumed. APP_CONFLICT when the target has rows already,
 * schemas differ, rows do not fit, or both do not hold the same afterwards; what was copied
 * stays, and `resume` goes on with it.
 */
enum app_err copy_database(struct ctx *c, const struct copy_plan *plan,
			   struct copy_result *ret) MUST_USE;

/* Whether both urls name one file. */
bool copy_is_one_file(const char *from, const char *to);

#endif
