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

#include <sys/socket.h>

#include "base/err.h"
#include "parse/networks.h"

struct http_options;
struct peer;
struct peers;
struct refusals;
struct tally_unsent;

/* All are kept. */
struct peers *peers_new(const struct http_options *options, const struct networks *trusted,
			struct tally_unsent *unsent, struct refusals *refusals);
/* Stops the thread; every peer must be gone. */
void peers_drop(struct peers *peers);

/*
 * A connection was accepted. NULL when there are too many in all or from this address: a 503 has
 * then been sent and the socket shut down, and the caller has nothing to drop.
 */
struct peer *peers_add(struct peers *peers, int fd, const struct sockaddr *address);
/* Called before the descriptor is closed; after it the reaper cannot touch the number again. */
void peers_remove(struct peer *peer);

/*
 * Tells one that was not let in why, past libmicrohttpd, and shuts the socket down. Its request id
 * is new: the log has none.
 */
void peers_refuse(int fd, enum app_err err, const char *text);

long peers_count(struct peers *peers);
/* Of these, those whose client has not begun its first request yet. */
long peers_count_new(struct peers *peers);

/* Shuts every socket down: the end of a graceful stop whose time is up. */
void peers_cut(struct peers *peers);

#endif
