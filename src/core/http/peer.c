/*
 * One connection: the phase that it is in, until when, and what its client was told past the
 * library.
 */
#include "peer.h"

#include <sys/socket.h>

#include "base/clock.h"
#include "core/http.h"
#include "packet.h"
#include "peers_state.h"

/* What a transfer of that size is granted beside the fixed time. */
static int64_t transfer_seconds(const struct http_options *options, int64_t bytes)
{
	return options->body_min_rate ? bytes / options->body_min_rate : 0;
}

void peer_last_words(struct peer *peer, const void *bytes, size_t len)
{
	if (!peer)
		return;
	pthread_mutex_lock(&peer->peers->lock);
	peer->last_words = bytes;
	peer->last_words_len = len;
	pthread_mutex_unlock(&peer->peers->lock);
}

void peer_forget_last_words(struct peer *peer)
{
	if (peer && peer->last_words)
		peer_last_words(peer, NULL, 0);
}

void peer_enter(struct peer *peer, enum peer_phase phase, int64_t bytes)
{
	if (!peer)
		return;
	peer_forget_last_words(peer);
	const struct http_options *options = peer->peers->options;
	int64_t seconds = options->header_seconds;
	switch (phase) {
	case PEER_HEAD: break;
	case PEER_BODY: seconds = options->body_seconds + transfer_seconds(options, bytes); break;
	case PEER_SWALLOW:
	case PEER_LINGER: seconds = options->refused_seconds; break;
	case PEER_WORK: seconds = options->total_seconds + PEER_WORK_GRACE_S; break;
	case PEER_ANSWER:
		seconds = options->total_seconds + transfer_seconds(options, bytes);
		break;
	case PEER_IDLE: seconds = options->idle_seconds; break;
	}
	atomic_store_explicit(&peer->holds, 0, memory_order_relaxed);
	atomic_store_explicit(&peer->phase, phase, memory_order_relaxed);
	atomic_fetch_add_explicit(&peer->turn, 1, memory_order_relaxed);
	atomic_store_explicit(&peer->deadline_us, clock_monotonic_us() + SECONDS_US(seconds),
			      memory_order_relaxed);
}

void peer_holds(struct peer *peer, int64_t bytes)
{
	if (!peer)
		return;
	atomic_store_explicit(&peer->since_us, clock_monotonic_us(), memory_order_relaxed);
	atomic_store_explicit(&peer->holds, bytes, memory_order_relaxed);
}

void peer_end(struct peer *peer, enum app_err err, const char *text)
{
	if (!peer || atomic_exchange(&peer->is_ended, true))
		return;
	/* first, because the end is logged as soon as the socket is shut down */
	id_new(peer->told_id);
	atomic_store(&peer->told, app_err_status(err));
	packet_send_error(peer->fd, err, text, peer->told_id);
	shutdown(peer->fd, SHUT_RDWR);
}

int peer_told(const struct peer *peer, const char **ret_id)
{
	int status = peer ? atomic_load(&peer->told) : 0;
	if (status)
		*ret_id = peer->told_id;
	return status;
}

int peer_fd(const struct peer *peer)
{
	return peer ? peer->fd : -1;
}

bool peer_address(const struct peer *peer, struct address *ret)
{
	if (!peer || !peer->is_known)
		return false;
	*ret = peer->address;
	return true;
}

const void **peer_start(struct peer *peer)
{
	return &peer->start;
}
