/*
 * A plain HTTP client over a socket that can also send what no proper client would. Never hangs:
 * every read has a bound of CLIENT_WAIT_S seconds, after which the reply has status 0.
 */
#ifndef CROFT_TESTING_CLIENT_H
#define CROFT_TESTING_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "testing/server.h"

enum { CLIENT_WAIT_S = 120 };

struct reply {
	/* 0: nothing legible came */
	int status;
	/* status line and headers */
	char *head;
	/* NUL-terminated */
	char *body;
	size_t body_len;
	/* the server has closed the connection after it */
	bool closed;
};

/*
 * Aborts when nobody listens: of a server that may be killed meanwhile, open the connections first.
 */
int client_open(const struct server *server);
/* ignores a closed connection */
void client_send(int fd, const void *bytes, size_t len);
/* Reads one reply; `head_only` for HEAD. Free it with reply_done(). */
void client_read(int fd, bool head_only, struct reply *ret);
/* Whether the server closes the connection (within the wait), having sent nothing more. */
bool client_sees_close(int fd);
void reply_done(struct reply *reply);

/* The value of a header, NULL if absent; valid until the next call. */
const char *reply_header(const struct reply *reply, const char *name);

/*
 * One request on a connection of its own. `headers` are whole lines ending in \r\n, or NULL; with
 * `body`, Content-Type: application/json is sent unless headers name one. `token`: Authorization,
 * or NULL. The body has its quotes swapped, as in json.h.
 */
struct request {
	const char *method, *target, *headers, *body, *token;
};
void client_call(const struct server *server, const struct request *request, struct reply *ret);
/*
 * The same as the first superuser, once server_sign_in() was called; `body` may be NULL. Free it
 * with reply_done().
 */
struct reply client_ask(const struct server *server, const char *method, const char *target,
			const char *body);
/* The status of a GET without a token. */
int client_status(const struct server *server, const char *target);
/* Sends raw bytes and reads one reply. */
void client_raw(const struct server *server, const void *bytes, size_t len, struct reply *ret);

/* What the first member of that name in the body is: a text, else ""; a number, else -1. */
const char *reply_text(const struct reply *reply, const char *name, char *out, size_t room);
long reply_int(const struct reply *reply, const char *name);

#endif
