/* threaded */
/*
 * Who is counted as whom: the bound of connections by address, whatever form the address came in.
 */
#include "testing/rows.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/http.h"
#include "core/http/peers.h"
#include "core/http/refusals.h"
#include "core/http/tally.h"

enum { BOUND = 3, TRIES = 5 };

struct count_case {
	const char *address, *trusted;
	int taken; /* of TRIES */
};

static void address_make(const char *text, struct sockaddr_storage *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (strchr(text, ':')) {
		struct sockaddr_in6 *six = (struct sockaddr_in6 *)ret;
		six->sin6_family = AF_INET6;
		assert_int_equal(inet_pton(AF_INET6, text, &six->sin6_addr), 1);
	} else {
		struct sockaddr_in *four = (struct sockaddr_in *)ret;
		four->sin_family = AF_INET;
		assert_int_equal(inet_pton(AF_INET, text, &four->sin_addr), 1);
	}
}

static void connections_are_counted(void **state)
{
	const struct count_case *row = *state;
	const struct http_options options = { .max_connections = 100,
					      .max_connections_per_ip = BOUND,
					      .idle_seconds = 3600 };
	struct networks trusted = { 0 };
	struct tally_unsent unsent = { 0 };
	struct refusals refusals = { 0 };
	struct ctx c;
	ctx_init(&c, NULL, NULL);
	if (row->trusted)
		assert_int_equal(networks_read(&c, row->trusted, &trusted), APP_OK);
	struct peers *peers = peers_new(&options, &trusted, &unsent, &refusals);
	struct sockaddr_storage address;
	address_make(row->address, &address);
	struct peer *open[TRIES];
	int fds[TRIES][2], taken = 0;
	for (int i = 0; i < TRIES; i++) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds[i]), 0);
		open[i] = peers_add(peers, fds[i][0], (struct sockaddr *)&address);
		taken += open[i] != NULL;
	}
	assert_int_equal(taken, row->taken);
	assert_int_equal(peers_count(peers), row->taken);
	for (int i = 0; i < TRIES; i++) {
		peers_remove(open[i]);
		close(fds[i][0]);
		close(fds[i][1]);
	}
	peers_drop(peers);
}

#define COUNTED(sentence, ...) \
	ROW_OF(sentence, connections_are_counted, (&(struct count_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		COUNTED("an IPv4 client is bounded", .address = "192.0.2.1", .taken = BOUND),
		COUNTED("one that came to an IPv6 socket is, too", .address = "::ffff:192.0.2.1",
			.taken = BOUND),
		COUNTED("an IPv6 client is bounded", .address = "2001:db8::1", .taken = BOUND),
		COUNTED("loopback is exempt", .address = "127.0.0.1", .taken = TRIES),
		COUNTED("loopback is exempt on an IPv6 socket", .address = "::ffff:127.8.9.1",
			.taken = TRIES),
		COUNTED("IPv6's loopback is exempt", .address = "::1", .taken = TRIES),
		COUNTED("a trusted proxy is exempt", .address = "::ffff:10.1.2.3",
			.trusted = "10.0.0.0/8", .taken = TRIES),
		COUNTED("its neighbour is not", .address = "11.1.2.3", .trusted = "10.0.0.0/8",
			.taken = BOUND),
	};
	return rows_run("core/http/peers", rows, COUNT_OF(rows));
}
