/*
 * The socket that listens: taken early by http_listener_open(), so that nothing is begun in vain
 * when another program has the address, and open for clients once the server is ready. Private to
 * core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_LISTENER_H
#define CROFT_SRC_CORE_HTTP_LISTENER_H

#include "base/attr.h"
#include "base/err.h"
#include "core/http.h"

/* Whether server.host is an address of this machine; a server that runs may have the port. */
enum app_err listener_check(struct ctx *c, const struct http_options *options) MUST_USE;
/*
 * From now on clients can connect to options.listener, or to one that is opened here. *ret_fd is
 * set as soon as there is a socket, so that the caller can close it after a failure, too.
 */
enum app_err listener_listen(struct ctx *c, const struct http_options *options, int *ret_fd,
			     int *ret_port) MUST_USE;

#endif
