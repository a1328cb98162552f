/*
 * The state of the connections, as those share it who work on it: peers.c, which has them all,
 * peer.c, which is one of them, and reaper.c, the thread that ends some. Private to these.
 */
#ifndef CROFT_SRC_CORE_HTTP_PEERS_STATE_H
#define CROFT_SRC_CORE_HTTP_PEERS_STATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "parse/networks.h"
#include "peer.h"
#include "refusals.h"
#include "tally.h"

enum { ADDRESS_BUCKETS = 1024 };

struct peer {
	struct peers *peers;
	struct peer *newer, *older;
	int fd;
	_Atomic enum peer_phase phase;
	/* monotonic */
	atomic_int_fast64_t deadline_us;
	/* by peer_end() */
	atomic_bool is_ended;
	/* the request id that went with `told`; written before */
	char told_id[ID_ROOM];
	/* the status that its request was told here; 0: none */
	atomic_int told;
	/* grows with each phase */
	atomic_uint turn;
	/* the turn in which its end was seen; 0: none */
	unsigned gone_turn;
	/* bytes of the answer that is being sent; 0: little */
	atomic_int_fast64_t holds;
	/* when that began, or its client last took enough of it */
	atomic_int_fast64_t since_us;
	/* the turn in which `taken` was looked at; 0: none */
	unsigned taken_turn;
	/* bytes of the connection, at since_us or a little later */
	int64_t taken;
	bool is_cut;
	/* read and written under the lock; NULL: none */
	const void *last_words;
	size_t last_words_len;
	/* what the bound by address counts; 0: exempt */
	uint64_t network;
	bool is_known;
	struct address address;
	const void *start;
};

struct peers {
	const struct http_options *options;
	const struct networks *trusted;
	struct tally_unsent *unsent;
	struct refusals *refusals;
	/* the list, the counts, and every descriptor while it is used here */
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	bool stopping;
	struct peer *newest;
	long count;
	/* by hash: sharing a bucket only makes the bound stricter */
	long by_network[ADDRESS_BUCKETS];
};

#endif
