/* The registry of connections; reaper.c ends those past their deadline. */
#include "peers.h"

#include <stdlib.h>

#include "base/id.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/thread.h"
#include "core/http.h"
#include "packet.h"
#include "peers_state.h"
#include "reaper.h"

/* Of one that has entered no phase but that in which it was added. */
enum { FIRST_TURN = 1 };

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

void peers_refuse(int fd, enum app_err err, const char *text)
{
	char id[ID_ROOM];
	id_new(id);
	packet_send_error(fd, err, text, id);
	shutdown(fd, SHUT_RDWR);
}

struct peer *peers_add(struct peers *peers, int fd, const struct sockaddr *address)
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
	peers_refuse(fd, APP_UNAVAILABLE, "Too many connections");
	return NULL;
}

void peers_remove(struct peer *peer)
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

long peers_count(struct peers *peers)
{
	pthread_mutex_lock(&peers->lock);
	long count = peers->count;
	pthread_mutex_unlock(&peers->lock);
	return count;
}

long peers_count_new(struct peers *peers)
{
	long count = 0;
	pthread_mutex_lock(&peers->lock);
	for (struct peer *peer = peers->newest; peer; peer = peer->older)
		count += atomic_load(&peer->turn) == FIRST_TURN;
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
