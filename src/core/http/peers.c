/* The registry of connections; reaper.c ends those past their deadline. */
#include "peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/thread.h"
#include "date.h"
#include "reaper.h"

enum { DRAIN_BYTES = 64 * 1024 };

static void refuse_as(int fd, enum app_err err, const char *text, const char *id)
{
	char body[256], packet[768], date[DATE_ROOM];
	date_text(date, time(NULL));
	int len = snprintf(body, sizeof(body),
			   "{\"detail\":\"%s\",\"code\":\"%s\",\"request_id\":\"%s\"}", text,
			   app_err_slug(err), id);
	len = snprintf(packet, sizeof(packet),
		       "HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: close\r\n"
		       "Content-Type: application/json\r\nX-Request-ID: %s\r\n"
		       "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n%s"
		       "Content-Length: %d\r\n\r\n%s",
		       app_err_status(err), app_err_text(err), date, id,
		       err == APP_UNAVAILABLE ? "Retry-After: 1\r\n" : "", len, body);
	peer_tell(fd, packet, (size_t)len);
}

void peer_refuse(int fd, enum app_err err, const char *text)
{
	char id[ID_ROOM];
	id_new(id);
	refuse_as(fd, err, text, id);
}

void peer_end(struct peer *peer, enum app_err err, const char *text)
{
	if (!peer || atomic_exchange(&peer->is_ended, true))
		return;
	/* first, because the end is logged as soon as the socket is shut down */
	id_new(peer->told_id);
	atomic_store(&peer->told, app_err_status(err));
	refuse_as(peer->fd, err, text, peer->told_id);
	shutdown(peer->fd, SHUT_RDWR);
}

void peer_tell(int fd, const void *bytes, size_t len)
{
	if (send(fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return;
	shutdown(fd, SHUT_WR);
	/* Unread bytes would turn the close into a reset that may overtake the answer. */
	char sink[4096];
	for (size_t got = 0; got < DRAIN_BYTES;) {
		ssize_t n = recv(fd, sink, sizeof(sink), MSG_DONTWAIT);
		if (n <= 0)
			break;
		got += (size_t)n;
	}
}

struct peers *peers_new(const struct http_options *options, const struct networks *trusted,
			struct tally_unsent *unsent, struct refusals *refusals)
{
	struct peers *peers = mem_new(1, sizeof(*peers));
	peers->options = options;
	peers->trusted = trusted;
	peers->unsent = unsent;
	peers->refusals = refusals;
	pthread_mutex_init(&peers->lock, NULL);
	thread_cond_init(&peers->wake);
	if (thread_start(&peers->thread, "http-reaper", reaper_main, peers))
		mem_out(0);
	return peers;
}

void peers_drop(struct peers *peers)
{
	pthread_mutex_lock(&peers->lock);
	peers->stopping = true;
	pthread_cond_signal(&peers->wake);
	pthread_mutex_unlock(&peers->lock);
	pthread_join(peers->thread, NULL);
	pthread_cond_destroy(&peers->wake);
	pthread_mutex_destroy(&peers->lock);
	free(peers);
}

/* What the bound counts; our own proxies, on loopback or named, are exempt: 0. */
static uint64_t network_of(const struct peers *peers, const struct address *address)
{
	if (address_is_loopback(address) || networks_have(peers->trusted, address))
		return 0;
	return address_network(address);
}

/* By a hash nobody can aim at, or one client could fill the bucket of another. */
static long *network_count(struct peers *peers, uint64_t network)
{
	uint64_t hash = map_hash((const char *)&network, sizeof(network));
	return &peers->by_network[hash % ADDRESS_BUCKETS];
}

static bool peers_has_room(struct peers *peers, uint64_t network)
{
	const struct http_options *options = peers->options;
	if (peers->count >= options->max_connections)
		return false;
	return !options->max_connections_per_ip || !network ||
	       *network_count(peers, network) < options->max_connections_per_ip;
}

struct peer *peer_open(struct peers *peers, int fd, const struct sockaddr *address)
{
	struct peer *peer = mem_new(1, sizeof(*peer));
	peer->peers = peers;
	peer->fd = fd;
	peer->is_known = address_of(address, &peer->address);
	peer->network = peer->is_known ? network_of(peers, &peer->address) : 0;
	peer_enter(peer, PEER_IDLE, 0);

	pthread_mutex_lock(&peers->lock);
	bool room = peers_has_room(peers, peer->network);
	if (room) {
		peer->older = peers->newest;
		if (peers->newest)
			peers->newest->newer = peer;
		peers->newest = peer;
		peers->count++;
		if (peer->network)
			++*network_count(peers, peer->network);
	}
	pthread_mutex_unlock(&peers->lock);
	if (room)
		return peer;
	free(peer);
	refusals_add(&peers->refusals->connections);
	peer_refuse(fd, APP_UNAVAILABLE, "Too many connections");
	shutdown(fd, SHUT_RDWR);
	return NULL;
}

void peer_close(struct peer *peer)
{
	if (!peer)
		return;
	struct peers *peers = peer->peers;
	pthread_mutex_lock(&peers->lock);
	if (peer->newer)
		peer->newer->older = peer->older;
	else
		peers->newest = peer->older;
	if (peer->older)
		peer->older->newer = peer->newer;
	peers->count--;
	if (peer->network)
		--*network_count(peers, peer->network);
	pthread_mutex_unlock(&peers->lock);
	free(peer);
}

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

void peer_enter(struct peer *peer, enum peer_phase phase, int64_t bytes)
{
	if (!peer)
		return;
	if (peer->last_words)
		peer_last_words(peer, NULL, 0);
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

long peers_count(struct peers *peers)
{
	pthread_mutex_lock(&peers->lock);
	long count = peers->count;
	pthread_mutex_unlock(&peers->lock);
	return count;
}

void peers_cut(struct peers *peers)
{
	pthread_mutex_lock(&peers->lock);
	for (struct peer *peer = peers->newest; peer; peer = peer->older)
		shutdown(peer->fd, SHUT_RDWR);
	pthread_mutex_unlock(&peers->lock);
}
