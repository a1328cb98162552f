/* The registry of connections and the thread that ends those past their deadline. */
#include "peers.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/map.h"
#include "base/mem.h"
#include "date.h"

enum {
	REAP_EVERY_MS = 250,
	LOOK_EVERY = 4, /* rounds: who hung up is looked for once a second */
	LOOK_AT_ONCE = 256,
	ADDRESS_BUCKETS = 1024,
	DRAIN_BYTES = 64 * 1024,
};

struct peer {
	struct peers *peers;
	struct peer *newer, *older;
	int fd;
	_Atomic enum peer_phase phase;
	atomic_int_fast64_t deadline_us; /* monotonic */
	atomic_uint turn;                /* grows with each phase */
	unsigned gone_turn;              /* the turn in which its end was seen; 0: none */
	uint64_t network;                /* what the bound by address counts; 0: exempt */
	bool is_known;
	struct address address;
	const void *start;
};

struct peers {
	const struct http_options *options;
	const struct networks *trusted;
	pthread_mutex_t lock; /* the list, the counts, and every descriptor while it is used here */
	pthread_cond_t wake;
	pthread_t thread;
	bool stopping;
	struct peer *newest;
	long count;
	long by_network
		[ADDRESS_BUCKETS]; /* by hash: sharing a bucket only makes the bound stricter */
};

static int64_t monotonic_us(void)
{
	return clock_system.monotonic_us(&clock_system);
}

void peer_refuse(int fd, int status, const char *reason, const char *slug, const char *text)
{
	char body[256], packet[768], date[DATE_ROOM], id[ID_ROOM];
	id_new(id);
	date_text(date, time(NULL));
	int len = snprintf(body, sizeof(body),
			   "{\"detail\":\"%s\",\"code\":\"%s\",\"request_id\":\"%s\"}", text, slug,
			   id);
	len = snprintf(packet, sizeof(packet),
		       "HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: close\r\n"
		       "Content-Type: application/json\r\nX-Request-ID: %s\r\n"
		       "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n%s"
		       "Content-Length: %d\r\n\r\n%s",
		       status, reason, date, id, status == 503 ? "Retry-After: 1\r\n" : "", len,
		       body);
	peer_tell(fd, packet, (size_t)len);
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

static void peer_reap(struct peer *peer)
{
	enum peer_phase phase = atomic_load_explicit(&peer->phase, memory_order_relaxed);
	if (phase == PEER_HEAD || phase == PEER_BODY || phase == PEER_SWALLOW)
		peer_refuse(peer->fd, 408, "Request Timeout", "request_timeout",
			    "The request did not arrive in time");
	shutdown(peer->fd, SHUT_RDWR);
	atomic_store_explicit(&peer->deadline_us, INT64_MAX, memory_order_relaxed);
}

static bool peer_waits_for_client(const struct peer *peer)
{
	enum peer_phase phase = atomic_load_explicit(&peer->phase, memory_order_relaxed);
	return phase != PEER_WORK && phase != PEER_ANSWER;
}

/*
 * The client has hung up and all it sent was read. If we still wait for more of it a second later, nobody is left to wait
 * for; one that has sent a whole request is being answered by then.
 */
static void peer_note_end(struct peer *peer)
{
	char byte;
	unsigned turn = atomic_load_explicit(&peer->turn, memory_order_relaxed);
	if (recv(peer->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0)
		return;
	if (peer->gone_turn == turn && peer_waits_for_client(peer))
		shutdown(peer->fd, SHUT_RDWR);
	peer->gone_turn = turn;
}

static struct peer *look_at_some(struct peer *peer)
{
	struct pollfd ends[LOOK_AT_ONCE];
	struct peer *looked_at[LOOK_AT_ONCE];
	nfds_t count = 0;
	for (; peer && count < LOOK_AT_ONCE; peer = peer->older) {
		if (!peer_waits_for_client(peer))
			continue;
		looked_at[count] = peer;
		ends[count++] = (struct pollfd){ .fd = peer->fd, .events = POLLRDHUP };
	}
	if (count && poll(ends, count, 0) > 0)
		for (nfds_t i = 0; i < count; i++)
			if (ends[i].revents & POLLRDHUP)
				peer_note_end(looked_at[i]);
	return peer;
}

static void look_for_ends(struct peers *peers)
{
	struct peer *peer = peers->newest;
	while (peer)
		peer = look_at_some(peer);
}

static void *reaper_main(void *arg)
{
	struct peers *peers = arg;
	pthread_setname_np(pthread_self(), "http-reaper");
	pthread_mutex_lock(&peers->lock);
	for (unsigned round = 1; !peers->stopping; round++) {
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += (long)REAP_EVERY_MS * 1000000;
		if (until.tv_nsec >= 1000000000) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000;
		}
		pthread_cond_timedwait(&peers->wake, &peers->lock, &until);
		int64_t now = monotonic_us();
		for (struct peer *peer = peers->newest; peer; peer = peer->older)
			if (atomic_load_explicit(&peer->deadline_us, memory_order_relaxed) <= now)
				peer_reap(peer);
		if (round % LOOK_EVERY == 0)
			look_for_ends(peers);
	}
	pthread_mutex_unlock(&peers->lock);
	return NULL;
}

struct peers *peers_new(const struct http_options *options, const struct networks *trusted)
{
	struct peers *peers = mem_new(1, sizeof(*peers));
	peers->options = options;
	peers->trusted = trusted;
	pthread_mutex_init(&peers->lock, NULL);
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&peers->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&peers->thread, NULL, reaper_main, peers) != 0)
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
	peer_refuse(fd, 503, "Service Unavailable", "unavailable", "Too many connections");
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

void peer_enter(struct peer *peer, enum peer_phase phase, int64_t bytes)
{
	if (!peer)
		return;
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
	atomic_store_explicit(&peer->phase, phase, memory_order_relaxed);
	atomic_fetch_add_explicit(&peer->turn, 1, memory_order_relaxed);
	atomic_store_explicit(&peer->deadline_us, monotonic_us() + SECONDS_US(seconds),
			      memory_order_relaxed);
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
