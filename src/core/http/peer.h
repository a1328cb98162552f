/*
 * An open connection: the deadline of what it is doing, and what is known of its client. peers.h
 * has all of them. Private to core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_PEER_H
#define CROFT_SRC_CORE_HTTP_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "parse/networks.h"

struct peer;

/* A commit under way at the deadline is not given up: see core/postgres/commit.c. */
enum { PEER_WORK_GRACE_S = 15 };

enum peer_phase {
	/* request line seen, headers under way */
	PEER_HEAD,
	/* body under way; `bytes` of it may come */
	PEER_BODY,
	/* the body of a refused request, read before the answer */
	PEER_SWALLOW,
	/* the same behind the answer */
	PEER_LINGER,
	/* working; a moment longer than the request's own deadline, so that it can be told */
	PEER_WORK,
	/* sending `bytes` of the answer */
	PEER_ANSWER,
	/* waiting for a request */
	PEER_IDLE,
};

/*
 * The peer may be NULL (one that was refused). `bytes`: how much is to be read or sent; 0 when not
 * known yet.
 */
void peer_enter(struct peer *peer, enum peer_phase phase, int64_t bytes);
/*
 * What is told instead of a 408 when the deadline of this phase passes: a whole answer, which ends
 * with the connection. It is read from another thread until it is forgotten, so it must live until
 * then.
 */
void peer_last_words(struct peer *peer, const void *bytes, size_t len);
/* Before what they are in goes. The next phase forgets them, too. */
void peer_forget_last_words(struct peer *peer);
/* Of the answer that is being sent; who takes none of it may be cut off for the room. */
void peer_holds(struct peer *peer, int64_t bytes);
/*
 * From any thread, once: refuses the request under way past the library, with a request id of its
 * own, and shuts the socket down.
 */
void peer_end(struct peer *peer, enum app_err err, const char *text);
/*
 * The status that peer_end() has told, such as 408, and the request id; 0, and the id is left
 * alone: it was not called. Entering a phase does not forget it.
 */
int peer_told(const struct peer *peer, const char **ret_id);
int peer_fd(const struct peer *peer);
/* False when unknown. */
bool peer_address(const struct peer *peer, struct address *ret);
/*
 * Where its first request began, so that later ones are held against that; NULL before. Kept for
 * the caller, who knows what it means.
 */
const void **peer_start(struct peer *peer);

#endif
