/*
 * Sums of what is held in memory for clients, each against a bound, and the share of one client in
 * it.
 */
#ifndef CROFT_HTTP_TALLY_H
#define CROFT_HTTP_TALLY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TALLY_CLIENTS = 1024, /* by hash: sharing a place only makes the bound stricter */
	TALLY_SHARE = 4,      /* the part of a budget that one client may have */
};

struct tally_clients {
	atomic_int_fast64_t sums[TALLY_CLIENTS];
};

/*
 * Adds `more`, which may be negative. False, and nothing is added, when the sum would grow past
 * `most`.
 */
static inline bool tally_add(atomic_int_fast64_t *sum, int64_t more, int64_t most)
{
	int64_t before = atomic_fetch_add_explicit(sum, more, memory_order_relaxed);
	if (more <= 0 || before <= most - more)
		return true;
	atomic_fetch_sub_explicit(sum, more, memory_order_relaxed);
	return false;
}

/* The same, but whoever has `mine` of the sum and is alone in it may go past `most`. */
static inline bool tally_add_one(atomic_int_fast64_t *sum, int64_t mine, int64_t more, int64_t most)
{
	return tally_add(sum, more, mine + more > most ? mine + more : most);
}

/* That of the client as place_client() tells it; NULL: somebody unknown on this machine. */
static inline atomic_int_fast64_t *tally_of(struct tally_clients *clients, uint64_t client)
{
	return client ? &clients->sums[(client >> 8) % TALLY_CLIENTS] : NULL;
}

#endif
