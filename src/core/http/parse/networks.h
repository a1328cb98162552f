/*
 * Addresses and networks of addresses (RFC 4632, RFC 4291 §2.3): which proxies are trusted, and
 * which client a request comes from behind them. IPv4 is kept as IPv4-mapped IPv6, so that one that
 * came to an IPv6 socket is the same.
 */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_NETWORKS_H
#define CROFT_SRC_CORE_HTTP_PARSE_NETWORKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

struct sockaddr;

enum { ADDRESS_ROOM = 46, NETWORKS_MAX = 64 };

struct address {
	unsigned char bytes[16];
};

struct network {
	struct address base;
	/* of 128 */
	unsigned bits;
};

struct networks {
	struct network list[NETWORKS_MAX];
	size_t count;
};

/* "10.0.0.0/8 ::1", separated by spaces or commas. APP_INVALID with a text that names the entry. */
enum app_err networks_read(struct ctx *c, const char *setting, struct networks *ret) MUST_USE;
bool networks_have(const struct networks *networks, const struct address *address);

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
