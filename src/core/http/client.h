/* Whose share of the server a request takes. Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_CLIENT_H
#define CROFT_SRC_CORE_HTTP_CLIENT_H

#include <stdint.h>

struct http_exchange;

/* That of the actor, or of the network it came from: for tally.h and the pool. 0: nobody's. */
uint64_t client_key(const struct http_exchange *x);
/* The same of one who is known by this, the id of an account or a network; 0: nobody. */
uint64_t client_key_of(uint64_t who);

#endif
