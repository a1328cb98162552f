/*
 * The sums of what is held for answers that are not sent yet. Private to core/http; see unsent.c.
 */
#ifndef CROFT_CORE_HTTP_UNSENT_H
#define CROFT_CORE_HTTP_UNSENT_H

#include <stdatomic.h>
#include <stdint.h>

#include "tally.h"

struct unsent {
	atomic_int_fast64_t held; /* bytes */
	/* what an answer would have taken for which there was no room; 0: none */
	atomic_int_fast64_t wanted;
	struct tally_clients by_client;
};

/*
 * How many bytes should go, for what was wanted last to fit; 0 or less when it does, and it is
 * wanted no more.
 */
int64_t unsent_lacks(struct unsent *unsent, int64_t answer_memory);

#endif
