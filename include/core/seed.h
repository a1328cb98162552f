/* Rows to try things with, made up from a seed: what `croft seed` adds. */
#ifndef CROFT_CORE_SEED_H
#define CROFT_CORE_SEED_H

#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

/* What is asked for. Times lie in the year before `now`. */
struct seed_plan {
	int64_t users, posts;
	uint64_t seed;
	struct instant now;
	void (*tell)(void *arg, const char *what, int64_t done, int64_t total);
	void *arg;
};

/* Adds users without a password, and posts of theirs with tags. Runs its own writes. */
enum app_err seed_run(struct ctx *c, const struct seed_plan *plan) MUST_USE;

#endif
