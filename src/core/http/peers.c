/* The registry of connections and the thread that ends those past their deadline. */
#include "peers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

enum {
	REAP_EVERY_MS = 250,
	ADDRESS_BUCKETS = 1024,
	DRAIN_BYTES = 64 * 1024,
	WORK_GRACE_S =
		15, /* a commit under way at the deadline is not given up: see core/postgres/commit.c */
	PEER_ADDRESS_ROOM = INET6_ADDRSTRLEN,
};

struct peer {
	struct peers *peers;
	struct peer *newer, *older;
	int fd;
	_Atomic enum peer_phase phase;
	atomic_int_fast64_t deadline_us; /* monotonic */
	uint64_t network;                /* what the bound by address counts; 0: exempt */
	char address[PEER_ADDRESS_ROOM];
};

struct peers {
	const struct http_options *options;
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
	char body[256], packet[512];
	int len = snprintf(body, sizeof(body), "{\"detail\":\"%s\",\"code\":\"%s\"}", text, slug);
	len = snprintf(packet, sizeof(packet),
		       "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Type: application/json\r\n"
		       "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n%s"
		       "Content-Length: %d\r\n\r\n%s",
		       status, reason, status == 503 ? "Retry-After: 1\r\n" : "", len, body);
	if (send(fd, packet, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
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
	if (phase == PEER_HEAD || phase == PEER_BODY)
		peer_refuse(peer->fd, 408, "Request Timeout", "request_timeout",
			    "The request did not arrive in time");
	shutdown(peer->fd, SHUT_RDWR);
	atomic_store_explicit(&peer->deadline_us, INT64_MAX, memory_order_relaxed);
}

static void *reaper_main(void *arg)
{
	struct peers *peers = arg;
	pthread_setname_np(pthread_self(), "http-reaper");
	pthread_mutex_lock(&peers->lock);
	while (!peers->stopping) {
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
	}
	pthread_mutex_unlock(&peers->lock);
	return NULL;
}

struct peers *peers_new(const struct http_options *options)
{
	struct peers *peers = mem_new(1, sizeof(*peers));
	peers->options = options;
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

/* IPv4 by address, IPv6 by /64, the unit one customer gets. Loopback is exempt: it is our own proxy. */
static uint64_t network_of(const struct sockaddr *address)
{
	uint64_t network = 0;
	if (address && address->sa_family == AF_INET) {
		uint32_t ip = ntohl(
			((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr);
		network = ip >> 24 == 127 ? 0 : ip;
	} else if (address && address->sa_family == AF_INET6) {
		const struct in6_addr *ip =
			&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
		if (!IN6_IS_ADDR_LOOPBACK(ip))
			memcpy(&network, ip->s6_addr, sizeof(network));
	}
	return network;
}

static long *network_count(struct peers *peers, uint64_t network)
{
	return &peers->by_network[network * UINT64_C(0x9E3779B97F4A7C15) >> 54];
}

static void address_text(const struct sockaddr *address, char out[PEER_ADDRESS_ROOM])
{
	out[0] = '\0';
	if (address && address->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr,
			  out, PEER_ADDRESS_ROOM);
	else if (address && address->sa_family == AF_INET6)
		inet_ntop(AF_INET6,
			  &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, out,
			  PEER_ADDRESS_ROOM);
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
	peer->network = network_of(address);
	address_text(address, peer->address);
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
	case PEER_WORK: seconds = options->total_seconds + WORK_GRACE_S; break;
	case PEER_ANSWER:
		seconds = options->total_seconds + transfer_seconds(options, bytes);
		break;
	case PEER_IDLE: seconds = options->idle_seconds; break;
	}
	atomic_store_explicit(&peer->phase, phase, memory_order_relaxed);
	atomic_store_explicit(&peer->deadline_us, monotonic_us() + SECONDS_US(seconds),
			      memory_order_relaxed);
}

int peer_fd(const struct peer *peer)
{
	return peer ? peer->fd : -1;
}

const char *peer_address(const struct peer *peer)
{
	return peer ? peer->address : "";
}

uint64_t peer_network(const struct peer *peer)
{
	return peer ? peer->network : 0;
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
