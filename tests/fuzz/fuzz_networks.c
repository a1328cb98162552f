/*
 * Fuzz target of addresses: the first line is server.trusted_proxies, the second the peer, the
 * others are X-Forwarded-For. What is printed is read again as the same; networks are compared bit
 * by bit once more; and the client is the one that a walk over all lines joined to one would find
 * (RFC 9110 §5.3: lines of a header are one list).
 */
#include "fuzz/target.h"

#include <arpa/inet.h>

#include "core/http/parse/networks.h"

enum { LINES_MAX = 8 };

static bool bit_of(const struct address *address, unsigned bit)
{
	return address->bytes[bit / 8] & (0x80 >> bit % 8);
}

static bool is_trusted(const struct networks *networks, const struct address *address)
{
	for (size_t i = 0; i < networks->count; i++) {
		unsigned bit = 0, bits = networks->list[i].bits;
		while (bit < bits && bit_of(&networks->list[i].base, bit) == bit_of(address, bit))
			bit++;
		if (bit == bits)
			return true;
	}
	return false;
}

static bool is_same(const struct address *a, const struct address *b)
{
	return !memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

/* Reads the address as inet_pton() alone would, once port and brackets are off. */
static bool address_again(const char *text, struct address *ret)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	char copy[80];
	int end = 0, port = 0;
	unsigned char v4[4];
	if (sscanf(text, "[%64[^]]]%n", copy, &end) == 1 && end && strchr(copy, ':'))
		text += end;
	else if (sscanf(text, "%64[0-9.]%n", copy, &end) == 1 && inet_pton(AF_INET, copy, v4) == 1)
		text += end;
	else if (snprintf(copy, sizeof(copy), "%s", text) < (int)sizeof(copy) && !strchr(text, '['))
		text = "";
	else
		return false;
	if (*text && (sscanf(text, ":%5[0-9]%n", (char[8]){ 0 }, &end) != 1 || text[end] ||
		      sscanf(text, ":%d", &port) != 1 || port > 65535))
		return false;
	memcpy(ret->bytes, mapped, sizeof(mapped));
	return inet_pton(AF_INET, copy, ret->bytes + sizeof(mapped)) == 1 ||
	       inet_pton(AF_INET6, copy, ret->bytes) == 1;
}

static bool address_checked(const char *text, struct address *ret)
{
	struct address again;
	char shown[ADDRESS_ROOM];
	bool is = address_read(text, strlen(text), ret);
	assert(is == address_again(text, &again));
	if (!is)
		return false;
	assert(is_same(ret, &again) && address_network(ret));
	address_print(ret, shown);
	assert(address_read(shown, strlen(shown), &again) && is_same(ret, &again));
	return true;
}

static char *trim(char *text)
{
	text += strspn(text, " \t");
	for (size_t len = strlen(text); len && strchr(" \t", text[len - 1]);)
		text[--len] = '\0';
	return text;
}

/* Off the end of the joined list, entry by entry. */
static struct address client_again(const struct networks *trusted, struct address peer, char *list)
{
	while (list && is_trusted(trusted, &peer)) {
		struct address next;
		char *comma = strrchr(list, ','), *entry = comma ? comma + 1 : list;
		if (!address_checked(trim(entry), &next))
			break;
		peer = next;
		list = comma ? list : NULL;
		if (comma)
			*comma = '\0';
	}
	return peer;
}

static void check_networks(const struct networks *networks)
{
	for (size_t i = 0; i < networks->count; i++) {
		struct address address = networks->list[i].base;
		unsigned bits = networks->list[i].bits;
		assert(bits <= 128 && networks_have(networks, &address));
		for (unsigned bit = 0; bit < 128; bit++) {
			address.bytes[bit / 8] ^= (unsigned char)(0x80 >> bit % 8);
			assert(networks_have(networks, &address) == is_trusted(networks, &address));
			address = networks->list[i].base;
		}
	}
}

static void check_client(const struct networks *trusted, struct address peer, char *rest)
{
	const char *lines[LINES_MAX];
	char *joined = NULL;
	size_t count = 0, room;
	FILE *out = open_memstream(&joined, &room);
	for (; rest && count < LINES_MAX; count++) {
		lines[count] = fuzz_line(&rest);
		fprintf(out, "%s%s", count ? "," : "", lines[count]);
	}
	fclose(out);
	struct address client = networks_client(trusted, peer, lines, count);
	struct address again = client_again(trusted, peer, count ? joined : NULL);
	assert(is_same(&client, &again));
	free(joined);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) arena = { 0 };
	struct networks trusted = { 0 };
	struct address peer;
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	char *text = fuzz_text(data, size), *rest = text;
	if (networks_read(&c, fuzz_line(&rest), &trusted))
		assert(*ctx_failure_text(&c, APP_INVALID) && !trusted.count);
	check_networks(&trusted);
	if (address_checked(fuzz_line(&rest), &peer))
		check_client(&trusted, peer, rest);
	free(text);
	return 0;
}
