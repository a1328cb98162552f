/*
 * Sums of what is held in memory for clients, each against a bound, and the share of one client in
 * it.
 */
#ifndef CROFT_SRC_CORE_HTTP_TALLY_H
#define CROFT_SRC_CORE_HTTP_TALLY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	/* by hash: sharing a place only makes the bound stricter */
	TALLY_CLIENTS = 1024,
	/* the part of a budget that one client may have */
	TALLY_SHARE = 4,
	/* the part of it for answers that only what was committed may use */
	TALLY_KEPT_BACK = 8,
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

/* That of the client as client_key() tells it; NULL: somebody unknown on this machine. */
static inline atomic_int_fast64_t *tally_of(struct tally_clients *clients, uint64_t client)
{
	return client ? &clients->sums[(client >> 8) % TALLY_CLIENTS] : NULL;
}

/* ---- answers that nobody has taken yet ---- */

struct tally_unsent {
	/* bytes */
	atomic_int_fast64_t held;
	/* of them what nobody is to get any more, and is still to be wiped */
	atomic_int_fast64_t leaving;
	/* what an answer would have taken for which there was no room; 0: none */
	atomic_int_fast64_t wanted;
	struct tally_clients by_client;
};

static inline int64_t tally_for_queries(int64_t answer_memory)
{
	return answer_memory - answer_memory / TALLY_KEPT_BACK;
}

/*
 * How many bytes should go besides those that do, for what was wanted last to fit; 0 or less when
 * it will. Once it does it is wanted no more.
 */
static inline int64_t tally_lacks(struct tally_unsent *unsent, int64_t answer_memory)
{
	int64_t wanted = atomic_load_explicit(&unsent->wanted, memory_order_relaxed);
	int64_t held = atomic_load_explicit(&unsent->held, memory_order_relaxed);
	int64_t most = wanted ? tally_for_queries(answer_memory) : answer_memory;
	if (wanted && held + wanted <= most)
		atomic_store_explicit(&unsent->wanted, 0, memory_order_relaxed);
	int64_t leaving = atomic_load_explicit(&unsent->leaving, memory_order_relaxed);
	return held - leaving + wanted - most;
}

#endif
