/* Hosts and ports as requests name them (RFC 9110 §7.2). Pure functions. */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_HOST_H
#define CROFT_SRC_CORE_HTTP_PARSE_HOST_H

#include <stdbool.h>
#include <stddef.h>

/* A name, an IPv4 or a bracketed IPv6 address, perhaps with a port. */
bool host_is_valid(const char *text, size_t len);
/* One to five digits, at most 65535. */
bool port_is_valid(const char *digits, size_t len);

#endif
