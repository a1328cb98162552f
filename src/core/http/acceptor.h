/*
 * A thread that accepts connections for libmicrohttpd, which cannot stop listening without being
 * stopped: for a socket that others have, too. Private to core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_ACCEPTOR_H
#define CROFT_SRC_CORE_HTTP_ACCEPTOR_H

struct http_server;

/* Of connections to the listening socket, which stays the caller's. NULL: there is no thread. */
struct acceptor *acceptor_new(struct http_server *server, int listener);
/* Returns when nobody is accepted any more; NULL is fine. */
void acceptor_drop(struct acceptor *acceptor);

#endif
