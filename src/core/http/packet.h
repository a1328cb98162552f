/*
 * Answers as bytes of a connection that ends with them, and sending those past libmicrohttpd, for
 * the few moments at which it cannot answer. Private to core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_PACKET_H
#define CROFT_SRC_CORE_HTTP_PACKET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct answer;

struct packet {
	/* Its body is in memory. */
	const struct answer *answer;
	/* The phrase behind the status. */
	const char *reason;
	const char *request_id;
	/* The answer to a HEAD: the body is only told of. */
	bool is_head;
};

/* Its bytes, in the arena. */
struct buf packet_make(const struct packet *packet, struct arena *arena);
/* Writes the bytes to the socket, and shuts it down for writing. Never blocks. */
void packet_send(int fd, const void *bytes, size_t len);
/* Sends a whole JSON error. */
void packet_send_error(int fd, enum app_err err, const char *text, const char *request_id);

#endif
