/*
 * The thread that ends connections: those past the deadline of their phase, those whose client has
 * hung up before the request was whole, and while there is no room for answers those whose clients
 * do not take theirs, the slowest first. It also tells how many were turned away.
 */
#include "reaper.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/thread.h"
#include "core/http.h"
#include "packet.h"
#include "peers_state.h"

enum {
	REAP_EVERY_MS = 250,
	/* rounds: who hung up, who reads and who was turned away is looked for once a second */
	LOOK_EVERY = 4,
	LOOK_AT_ONCE = 256,
	CUT_AT_ONCE = 64,
};

/* What is known of a request by its head is told, also when its body did not come. */
static void peer_reap(struct peer *peer)
{
	enum peer_phase phase = atomic_load_explicit(&peer->phase, memory_order_relaxed);
	if (peer->last_words)
		packet_send(peer->fd, peer->last_words, peer->last_words_len);
	else if (phase == PEER_HEAD || phase == PEER_BODY || phase == PEER_SWALLOW)
		peer_end(peer, APP_REQUEST_TIMEOUT, "The request did not arrive in time");
	shutdown(peer->fd, SHUT_RDWR);
	atomic_store_explicit(&peer->deadline_us, INT64_MAX, memory_order_relaxed);
}

static bool peer_waits_for_client(const struct peer *peer)
{
	enum peer_phase phase = atomic_load_explicit(&peer->phase, memory_order_relaxed);
	return phase != PEER_WORK && phase != PEER_ANSWER;
}

/*
 * The client has hung up and all it sent was read. If we still wait for more of it a second later,
 * nobody is left to wait for; one that has sent a whole request is being answered by then.
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

static struct peer *look_for_some_ends(struct peer *peer)
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
		peer = look_for_some_ends(peer);
}

/* ---- who takes his answer ---- */

/* Of the connection, as its client's system has told; -1: this one does not know. */
static int64_t bytes_taken(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t size = sizeof(info);
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
	    size < offsetof(struct tcp_info, tcpi_bytes_acked) + sizeof(info.tcpi_bytes_acked))
		return -1;
	return (int64_t)info.tcpi_bytes_acked;
}

/*
 * A client that takes what is expected in one second need not take more for server.unread_seconds.
 */
static void note_taken(struct peer *peer, int64_t enough, int64_t now_us)
{
	unsigned turn = atomic_load_explicit(&peer->turn, memory_order_relaxed);
	int64_t taken = bytes_taken(peer->fd);
	bool is_new = peer->taken_turn != turn;
	if (!is_new && taken >= 0 && taken - peer->taken < enough)
		return;
	peer->taken = taken;
	peer->taken_turn = turn;
	if (!is_new)
		atomic_store_explicit(&peer->since_us, now_us, memory_order_relaxed);
}

static void look_for_readers(struct peers *peers, int64_t now_us)
{
	int64_t rate = peers->options->body_min_rate;
	for (struct peer *peer = peers->newest; peer; peer = peer->older)
		if (atomic_load_explicit(&peer->holds, memory_order_relaxed))
			note_taken(peer, rate ? rate : 1, now_us);
}

/* Who has not taken enough for longest, and not since `until_us`; NULL: nobody. */
static struct peer *slowest_reader(struct peers *peers, int64_t until_us)
{
	struct peer *slowest = NULL;
	for (struct peer *peer = peers->newest; peer; peer = peer->older) {
		int64_t since = atomic_load_explicit(&peer->since_us, memory_order_relaxed);
		if (since > until_us || peer->is_cut ||
		    !atomic_load_explicit(&peer->holds, memory_order_relaxed))
			continue;
		until_us = since;
		slowest = peer;
	}
	return slowest;
}

/* With a reset: what the kernel has of its answer is given back as well. Returns what it held. */
static int64_t cut_off(struct peer *peer)
{
	struct linger at_once = { .l_onoff = 1 };
	setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	shutdown(peer->fd, SHUT_RDWR);
	peer->is_cut = true;
	return atomic_load_explicit(&peer->holds, memory_order_relaxed);
}

/* What those hold who were cut and are not gone yet. */
static int64_t held_by_cut(const struct peers *peers)
{
	int64_t bytes = 0;
	for (const struct peer *peer = peers->newest; peer; peer = peer->older)
		if (peer->is_cut)
			bytes += atomic_load_explicit(&peer->holds, memory_order_relaxed);
	return bytes;
}

/* While others are refused for it. */
static void make_room_for_answers(struct peers *peers, int64_t now_us)
{
	int64_t lack = tally_lacks(peers->unsent, peers->options->answer_memory);
	if (lack <= 0)
		return;
	int64_t until_us = now_us - SECONDS_US(peers->options->unread_seconds);
	struct peer *peer;
	lack -= held_by_cut(peers);
	for (int i = 0; lack > 0 && i < CUT_AT_ONCE && (peer = slowest_reader(peers, until_us));
	     i++)
		lack -= cut_off(peer);
}

void *reaper_main(void *arg)
{
	struct peers *peers = arg;
	pthread_mutex_lock(&peers->lock);
	for (unsigned round = 1; !peers->stopping; round++) {
		thread_wait(&peers->wake, &peers->lock,
			    clock_monotonic_us() + MILLISECONDS_US(REAP_EVERY_MS));
		int64_t now = clock_monotonic_us();
		for (struct peer *peer = peers->newest; peer; peer = peer->older)
			if (atomic_load_explicit(&peer->deadline_us, memory_order_relaxed) <= now)
				peer_reap(peer);
		if (round % LOOK_EVERY == 0) {
			look_for_ends(peers);
			look_for_readers(peers, now);
			refusals_tell(peers->refusals);
		}
		make_room_for_answers(peers, now);
	}
	pthread_mutex_unlock(&peers->lock);
	refusals_tell(peers->refusals);
	return NULL;
}
