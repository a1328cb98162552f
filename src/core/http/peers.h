/*
 * The open connections, each with a hard deadline. libmicrohttpd's own timeout restarts with every
 * byte, so a slow client could hold a connection for ever; here a thread shuts the socket down when
 * the deadline of the phase (head, body, work, answer, idle) has passed, whatever trickled in. It
 * also ends connections whose client has hung up before the request was whole, which the library
 * misses when that came with other bytes, and those that do not take their answers while there is
 * no room for more. Connections are counted, in all and by address. Private to core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_PEERS_H
#define CROFT_SRC_CORE_HTTP_PEERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"
#include "core/http.h"
#include "parse/networks.h"

struct peer;
struct peers;
struct refusals;
struct tally_unsent;

/* A commit under way at the deadline is not given up: see core/postgres/commit.c. */
enum { PEER_WORK_GRACE_S = 15 };

enum peer_phase {
	PEER_HEAD,    /* request line seen, headers under way */
	PEER_BODY,    /* body under way; `bytes` of it may come */
	PEER_SWALLOW, /* the body of a refused request, read before the answer */
	PEER_LINGER,  /* the same behind the answer */
	/* working; a moment longer than the request's own deadline, so that it can be told */
	PEER_WORK,
	PEER_ANSWER, /* sending `bytes` of the answer */
	PEER_IDLE,   /* waiting for a request */
};

/* All are kept. */
struct peers *peers_new(const struct http_options *options, const struct networks *trusted,
			struct tally_unsent *unsent, struct refusals *refusals);
/* Stops the thread; every peer must be gone. */
void peers_drop(struct peers *peers);

/*
 * A connection was accepted. NULL when there are too many in all or from this address: a 503 has
 * then been sent and the socket shut down, and the caller has nothing to drop.
 */
struct peer *peer_open(struct peers *peers, int fd, const struct sockaddr *address);
/* Called before the descriptor is closed; after it the reaper cannot touch the number again. */
void peer_close(struct peer *peer);

/*
 * The peer may be NULL (one that was refused). `bytes`: how much is to be read or sent; 0 when not
 * known yet.
 */
void peer_enter(struct peer *peer, enum peer_phase phase, int64_t bytes);
/*
 * What is told instead of a 408 when the deadline of this phase passes: a whole answer, which ends
 * with the connection. It is read from another thread until the next phase is entered, so it must
 * live until then.
 */
void peer_last_words(struct peer *peer, const void *bytes, size_t len);
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
long peers_count(struct peers *peers);

/* Shuts every socket down: the end of a graceful stop whose time is up. */
void peers_cut(struct peers *peers);

/*
 * Writes a whole JSON error answer to the socket past libmicrohttpd, and shuts it down for writing.
 * For the few moments at which the library cannot answer. At most one packet; never blocks. Its
 * request id is new: the log has none.
 */
void peer_refuse(int fd, enum app_err err, const char *text);
/* The same for an answer of the caller's making. */
void peer_tell(int fd, const void *bytes, size_t len);

#endif
