/*
 * Addresses as text and on sockets, and which client a request comes from behind the proxies that
 * are trusted. Private to core/http; what a network is stands in core/networks.h.
 */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_NETWORKS_H
#define CROFT_SRC_CORE_HTTP_PARSE_NETWORKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/networks.h"

struct sockaddr;

enum { ADDRESS_ROOM = 46 };

/*
 * An address as X-Forwarded-For has it: perhaps with a port, IPv6 perhaps in brackets. False: it is
 * none.
 */
bool address_read(const char *text, size_t len, struct address *ret);
bool address_of(const struct sockaddr *socket_address, struct address *ret);
/* IPv4 in its own form. */
void address_print(const struct address *address, char out[ADDRESS_ROOM]);
/* What bounds count: IPv4 by address, IPv6 by /64, the unit one customer gets. Never 0. */
uint64_t address_network(const struct address *address);
bool address_is_loopback(const struct address *address);

/*
 * Who sent it: `peer`, or if that is trusted the last entry of the lines of X-Forwarded-For that is
 * not itself trusted. What cannot be read ends the search at the address before it.
 */
struct address networks_client(const struct networks *trusted, struct address peer,
			       const char *const *lines, size_t count);

#endif
