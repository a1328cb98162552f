/* Which networks hold which addresses, and which client X-Forwarded-For names. */
#include "testing/rows.h"

#include <string.h>

#include "base/arena.h"
#include "core/http/parse/networks.h"
#include "testing/json.h"

#define LINES_MAX 4

struct client_case {
	const char *trusted, *peer;
	const char *lines[LINES_MAX];
	const char *client;
};

static void names_the_client(void **state)
{
	const struct client_case *row = *state;
	struct networks trusted;
	struct address peer;
	struct ctx c;
	char text[ADDRESS_ROOM];
	size_t count = 0;
	ctx_init(&c, NULL, NULL);
	assert_int_equal(networks_read(&c, row->trusted, &trusted), APP_OK);
	assert_true(address_read(row->peer, strlen(row->peer), &peer));
	while (count < LINES_MAX && row->lines[count])
		count++;
	peer = networks_client(&trusted, peer, row->lines, count);
	address_print(&peer, text);
	assert_string_equal(text, row->client);
}

struct setting_case {
	const char *setting, *fault; /* with its quotes swapped; NULL: none */
};

static void reads_the_setting(void **state)
{
	const struct setting_case *row = *state;
	AUTO(arena) arena = { 0 };
	struct networks networks;
	struct ctx c;
	arena_init(&arena, 0);
	ctx_init(&c, NULL, &arena);
	enum app_err err = networks_read(&c, row->setting, &networks);
	assert_int_equal(err, row->fault ? APP_INVALID : APP_OK);
	if (row->fault)
		assert_json_equal(ctx_failure_text(&c, err), row->fault);
}

#define CLIENT(sentence, ...) \
	ROW_OF(sentence, names_the_client, (&(struct client_case){ __VA_ARGS__ }))
#define SETTING(sentence, text, why) \
	ROW_OF(sentence, reads_the_setting, (&(struct setting_case){ text, why }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		CLIENT("nobody is trusted: the peer it is", .trusted = "", .peer = "10.0.0.1",
		       .lines = { "1.2.3.4" }, .client = "10.0.0.1"),
		CLIENT("a trusted proxy names the client", .trusted = "10.0.0.1",
		       .peer = "10.0.0.1", .lines = { "1.2.3.4" }, .client = "1.2.3.4"),
		CLIENT("one that comes to an IPv6 socket is the same", .trusted = "10.0.0.0/8",
		       .peer = "::ffff:10.0.0.1", .lines = { "1.2.3.4" }, .client = "1.2.3.4"),
		CLIENT("what the client wrote itself is passed over", .trusted = "10.0.0.1",
		       .peer = "10.0.0.1", .lines = { "9.9.9.9, 8.8.8.8, 1.2.3.4" },
		       .client = "1.2.3.4"),
		CLIENT("a chain of proxies is walked", .trusted = "10.0.0.0/8", .peer = "10.0.0.1",
		       .lines = { "9.9.9.9,1.2.3.4 ,\t10.0.0.3, 10.0.0.2" }, .client = "1.2.3.4"),
		CLIENT("over lines, the last first", .trusted = "10.0.0.0/8", .peer = "10.0.0.1",
		       .lines = { "9.9.9.9", "1.2.3.4", "10.0.0.2" }, .client = "1.2.3.4"),
		CLIENT("all are trusted: the first of them", .trusted = "10.0.0.0/8",
		       .peer = "10.0.0.1", .lines = { "10.0.0.3, 10.0.0.2" }, .client = "10.0.0.3"),
		CLIENT("no header: the proxy", .trusted = "10.0.0.1", .peer = "10.0.0.1",
		       .client = "10.0.0.1"),
		CLIENT("what cannot be read ends at the one before", .trusted = "10.0.0.0/8",
		       .peer = "10.0.0.1", .lines = { "1.2.3.4, unknown, 10.0.0.2" },
		       .client = "10.0.0.2"),
		CLIENT("an empty header, too", .trusted = "10.0.0.1", .peer = "10.0.0.1",
		       .lines = { "" }, .client = "10.0.0.1"),
		CLIENT("an empty entry, too", .trusted = "10.0.0.1", .peer = "10.0.0.1",
		       .lines = { "1.2.3.4, " }, .client = "10.0.0.1"),
		CLIENT("an empty entry at the beginning of a line, too", .trusted = "10.0.0.0/8",
		       .peer = "10.0.0.1", .lines = { "1.2.3.4", ",10.0.0.2" },
		       .client = "10.0.0.2"),
		CLIENT("an entry may have a port", .trusted = "::1", .peer = "::1",
		       .lines = { "1.2.3.4:5678" }, .client = "1.2.3.4"),
		CLIENT("IPv6 may have brackets and a port", .trusted = "::1", .peer = "::1",
		       .lines = { "[2001:db8::7]:99" }, .client = "2001:db8::7"),
		CLIENT("and may go without", .trusted = "::1", .peer = "::1",
		       .lines = { "2001:db8::7" }, .client = "2001:db8::7"),
		CLIENT("a network of IPv6 is compared to the bit", .trusted = "2001:db8::/33",
		       .peer = "2001:db8:7fff::1", .lines = { "2001:db8:8000::1" },
		       .client = "2001:db8:8000::1"),
		CLIENT("IPv4's 0.0.0.0/0 is not all of IPv6", .trusted = "0.0.0.0/0",
		       .peer = "2001:db8::1", .lines = { "1.2.3.4" }, .client = "2001:db8::1"),
		CLIENT("an octal number is no address", .trusted = "::1", .peer = "::1",
		       .lines = { "010.0.0.1" }, .client = "::1"),

		SETTING("nothing is fine", "", NULL),
		SETTING("addresses and networks are", "127.0.0.1, ::1 10.0.0.0/8 fd00::/8", NULL),
		SETTING("a name is refused", "proxy.example",
			"'proxy.example' is no IPv4 or IPv6 address or network"),
		SETTING("a network with too many bits is refused", "10.0.0.0/33",
			"'10.0.0.0/33' has more bits than such an address"),
		SETTING("one without bits is refused", "10.0.0.0/",
			"'10.0.0.0/' has no number of bits behind the slash"),
		SETTING("a signed number of bits is refused", "10.0.0.0/+8",
			"'10.0.0.0/+8' has no number of bits behind the slash"),
		SETTING("bits behind the network are refused", "10.0.0.1/8",
			"'10.0.0.1/8' has bits set behind those of the network"),
		SETTING("an address with a port is refused", "10.0.0.1:80",
			"'10.0.0.1:80' is no IPv4 or IPv6 address or network"),
	};
	return rows_run("core/http/parse/networks", rows, COUNT_OF(rows));
}
