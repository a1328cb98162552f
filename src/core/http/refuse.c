/*
 * Writes an answer to the socket past libmicrohttpd; see refuse.h for when. What comes in behind
 * it wire.c throws away.
 */
#include "refuse.h"

#include "exchange.h"
#include "packet.h"
#include "peer.h"
#include "wire.h"

/* The answer, in the arena. */
static struct buf refusal(struct http_exchange *x)
{
	const struct packet packet = { .answer = &x->answer,
				       .reason = wire_reason(x->answer.status),
				       .request_id = x->request_id,
				       .is_head = x->is_head };
	return packet_make(&packet, &x->arena);
}

void refuse_later(struct http_exchange *x)
{
	exchange_enter(x, EXCHANGE_SWALLOWING);
	peer_enter(x->peer, PEER_SWALLOW, 0);
	if (x->answer.status < 400)
		return;
	const struct buf out = refusal(x);
	peer_last_words(x->peer, out.data, out.len);
}

void refuse_now(struct http_exchange *x)
{
	const struct buf out = refusal(x);
	exchange_enter(x, EXCHANGE_REFUSED);
	x->close = true;
	peer_enter(x->peer, PEER_LINGER, 0);
	packet_send(peer_fd(x->peer), out.data, out.len);
}
