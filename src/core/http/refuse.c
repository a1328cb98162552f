/*
 * Writes an answer to the socket past libmicrohttpd; see refuse.h for when. What comes in behind
 * it wire.c throws away.
 */
#include "refuse.h"

#include <stdio.h>
#include <sys/socket.h>

#include "date.h"
#include "exchange.h"
#include "peers.h"
#include "server.h"
#include "wire.h"

static bool add_line(void *to, const char *name, const char *value)
{
	buf_printf(to, "%s: %s\r\n", name, value);
	return true;
}

/* The answer as bytes of a connection that ends with it, in the arena. */
static struct buf packet_make(struct http_exchange *x)
{
	const struct answer *answer = &x->answer;
	struct buf out;
	char date[DATE_ROOM];
	buf_init(&out, &x->arena);
	date_text(date, time(NULL));
	buf_printf(&out, "HTTP/1.1 %d %s\r\n", answer->status, wire_reason(answer->status));
	add_line(&out, "Date", date);
	wire_answer_headers(x, add_line, &out);
	buf_printf(&out, "Connection: close\r\nContent-Length: %zu\r\n\r\n", answer->len);
	if (!x->is_head)
		buf_add(&out, answer->body, answer->len);
	return out;
}

void refuse_later(struct http_exchange *x)
{
	exchange_enter(x, EXCHANGE_SWALLOWING);
	peer_enter(x->peer, PEER_SWALLOW, 0);
	if (x->answer.status < 400)
		return;
	const struct buf out = packet_make(x);
	peer_last_words(x->peer, out.data, out.len);
}

void refuse_now(struct http_exchange *x)
{
	const struct buf out = packet_make(x);
	exchange_enter(x, EXCHANGE_REFUSED);
	x->close = true;
	peer_enter(x->peer, PEER_LINGER, 0);
	peer_tell(peer_fd(x->peer), out.data, out.len);
}
