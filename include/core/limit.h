/*
 * How often somebody may do something: a limit, and a table of who has used how much of his. By the
 * generic cell rate algorithm all that is known of a key is one time, until which it owes: each
 * use adds what one takes, and time alone takes it off again. The table never grows.
 */
#ifndef CROFT_CORE_LIMIT_H
#define CROFT_CORE_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* LIMIT(30, 60): 30 a minute, which may come at once. */
struct limit {
	/* Zero: whoever asks decides. LIMIT_COUNT_NONE: there is no limit. */
	int32_t count;
	int32_t seconds;
	/* How many may come at once; 0: all. */
	int32_t burst;
};

#define LIMIT(count_, seconds_, ...) \
	{ \
		.count = (count_), .seconds = (seconds_)__VA_OPT__(, ) __VA_ARGS__ \
	}
enum { LIMIT_COUNT_NONE = -1 };
#define LIMIT_NONE \
	{ \
		.count = LIMIT_COUNT_NONE \
	}

/* Whether anything is said, but that there is none. */
bool limit_is_set(const struct limit *limit);
/* Whether one can be counted by it: its numbers are in order. */
bool limit_is_fine(const struct limit *limit);

/* 16,384 lines are 1 MiB. */
enum { LIMIT_TABLE_LINES = 16384 };

struct limit_table;

/* `lines` is a power of two. NULL is fine for limit_table_drop(). */
struct limit_table *limit_table_new(size_t lines) MUST_USE;
void limit_table_drop(struct limit_table *table);

/* Who does what; hashed under a secret of the table, so that nobody can aim at others. */
struct limit_key {
	uint64_t hash;
};
struct limit_key limit_key(const struct limit_table *table, uint64_t what, uint64_t who);

/* The same of a text. */
struct limit_key limit_key_text(const struct limit_table *table, uint64_t what, const char *text,
				size_t len);

struct limit_answer {
	bool allowed;
	/* How many may come now. */
	int32_t remaining;
	/* Until nothing is owed; until one may come, 0 when it may. */
	int64_t reset_us, retry_us;
};

/*
 * Takes one, if that is allowed; times are monotonic. A key for which there is no room takes over
 * the place of the one that owes least, with what that owes (up to the whole limit): whoever floods
 * the table makes limits stricter, and never looser. Any thread may call it.
 */
struct limit_answer limit_take(struct limit_table *table, struct limit_key key,
			       const struct limit *limit, int64_t now_us);

/*
 * For costs that are not the same each time: what the key owes, 0 without a place; adds to it, up
 * to `most_us` in all, and returns what it owes then; and has it owe nothing.
 */
int64_t limit_owed(struct limit_table *table, struct limit_key key, int64_t now_us);
int64_t limit_charge(struct limit_table *table, struct limit_key key, int64_t cost_us,
		     int64_t most_us, int64_t now_us);
void limit_forgive(struct limit_table *table, struct limit_key key);

#endif
