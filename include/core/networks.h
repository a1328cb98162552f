/*
 * Networks of addresses (RFC 4632, RFC 4291 §2.3), such as a setting names them. IPv4 is kept as
 * IPv4-mapped IPv6, so that one that came to an IPv6 socket is the same.
 */
#ifndef CROFT_CORE_NETWORKS_H
#define CROFT_CORE_NETWORKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"

enum { NETWORKS_MAX = 64 };

struct address {
	unsigned char bytes[16];
};

struct network {
	struct address base;
	/* Of 128. */
	unsigned bits;
};

struct networks {
	struct network list[NETWORKS_MAX];
	size_t count;
};

/* "10.0.0.0/8 ::1", separated by spaces or commas. APP_INVALID with a text that names the entry. */
enum app_err networks_read(struct ctx *c, const char *setting, struct networks *ret) MUST_USE;
bool networks_have(const struct networks *networks, const struct address *address);

#endif
