/*
 * Made-up rows to try things out with: what a module says of its own, the random numbers they are
 * drawn with, and the walk through all modules. The same seed on an empty database gives the same
 * rows, their times counted back from now.
 */
#ifndef CROFT_CORE_SEED_H
#define CROFT_CORE_SEED_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/ctx.h"

/* Numbers that follow from the seed alone (splitmix64); not for secrets. */
struct seed_random {
	uint64_t state;
};
/* At least 0 and below `bound`, which is at least 1. */
int64_t seed_below(struct seed_random *random, int64_t bound);

struct word_list {
	const char *const *at;
	size_t count;
};
/* WORD_LIST(array) initialises one. */
#define WORD_LIST(array) \
	{ \
		(array), COUNT_OF(array) \
	}
const char *seed_word(struct seed_random *random, const struct word_list *list);

struct seed_plan;

/* One run, as a module sees it while its rows are made. */
struct seeder {
	const struct seed_plan *plan;
	struct seed_random random;
	/* Rows of the kind under way: asked for, made, and to be made by this write. */
	int64_t total, done, until;
	/* Texts of the write under way; emptied after it. */
	struct arena arena;
	/* The kind's own, from its begin(). */
	void *state;
};

/* Microseconds: the time of the next row, in the year before now, later for each one. */
int64_t seed_time_us(struct seeder *s);

/* The rows of one module. */
struct seed_kind {
	/* Of the table, which has an integer id, and of the option for their number. */
	const char *name;
	/* What there is to know of them, as "who have no password"; or NULL. */
	const char *note;
	/* How many, when nobody says so. */
	int64_t preset;
	/*
	 * Once, when there are rows to make, outside a write; sets s->state, in the arena of `c`.
	 */
	enum app_err (*begin)(struct ctx *c, struct seeder *s);
	/* Inside a write: makes rows until s->done is s->until. */
	enum app_err (*write)(struct ctx *c, struct seeder *s);
};

struct seed_task {
	const struct seed_kind *kind;
	int64_t rows;
	/* The highest id before; seed_run() sets it. */
	int64_t last_id;
};

/* What is asked for. Times lie in the year before `now`. */
struct seed_plan {
	struct seed_task *tasks;
	size_t count;
	uint64_t seed;
	struct instant now;
	/* Told after each write. */
	void (*tell)(void *arg, const char *what, int64_t done, int64_t total);
	void *arg;
};

/* The task of a kind in the plan, or NULL. */
const struct seed_task *seed_task_find(const struct seed_plan *plan, const char *name);

/* Makes the rows of all tasks in their order. Runs its own writes, each with thousands of rows. */
enum app_err seed_run(struct ctx *c, const struct seed_plan *plan) MUST_USE;

#endif
