/* Reads and compares addresses and networks; walks X-Forwarded-For from its end. Pure functions. */
#include "networks.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/str.h"
#include "host.h"

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

static bool is_v4(const struct address *address)
{
	return memcmp(address->bytes, mapped, sizeof(mapped)) == 0;
}

/* Just the address, nothing around it. */
static bool read_bare(const char *text, size_t len, struct address *ret)
{
	char copy[ADDRESS_ROOM];
	struct address address;
	if (len == 0 || len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (strlen(copy) != len)
		return false;
	memcpy(address.bytes, mapped, sizeof(mapped));
	if (inet_pton(AF_INET, copy, address.bytes + sizeof(mapped)) != 1 &&
	    inet_pton(AF_INET6, copy, address.bytes) != 1)
		return false;
	*ret = address;
	return true;
}

/* ":8080" */
static bool is_port_part(const char *text, size_t len)
{
	return len && text[0] == ':' && port_is_valid(text + 1, len - 1);
}

bool address_read(const char *text, size_t len, struct address *ret)
{
	const char *bracket = len && text[0] == '[' ? memchr(text, ']', len) : NULL;
	if (bracket) {
		size_t inner = (size_t)(bracket - text) - 1, rest = len - inner - 2;
		return memchr(text + 1, ':', inner) && (!rest || is_port_part(bracket + 1, rest)) &&
		       read_bare(text + 1, inner, ret);
	}
	const char *colon = memchr(text, ':', len);
	size_t before = colon ? (size_t)(colon - text) : len;
	/* one colon, and dots before it: IPv4 with a port */
	if (colon && memchr(text, '.', before) && is_port_part(colon, len - before))
		return read_bare(text, before, ret);
	return read_bare(text, len, ret);
}

bool address_of(const struct sockaddr *socket_address, struct address *ret)
{
	const void *any = socket_address;
	if (socket_address && socket_address->sa_family == AF_INET) {
		memcpy(ret->bytes, mapped, sizeof(mapped));
		memcpy(ret->bytes + sizeof(mapped), &((const struct sockaddr_in *)any)->sin_addr,
		       4);
		return true;
	}
	if (socket_address && socket_address->sa_family == AF_INET6) {
		memcpy(ret->bytes, &((const struct sockaddr_in6 *)any)->sin6_addr, 16);
		return true;
	}
	return false;
}

void address_print(const struct address *address, char out[ADDRESS_ROOM])
{
	if (is_v4(address))
		inet_ntop(AF_INET, address->bytes + sizeof(mapped), out, ADDRESS_ROOM);
	else
		inet_ntop(AF_INET6, address->bytes, out, ADDRESS_ROOM);
}

uint64_t address_network(const struct address *address)
{
	uint64_t network;
	memcpy(&network, address->bytes, sizeof(network));
	if (is_v4(address)) {
		uint32_t ip;
		memcpy(&ip, address->bytes + sizeof(mapped), sizeof(ip));
		network = ip;
	}
	return network ? network : 1;
}

bool address_is_loopback(const struct address *address)
{
	static const unsigned char one[16] = { [15] = 1 };
	return is_v4(address) ? address->bytes[sizeof(mapped)] == 127
			      : memcmp(address->bytes, one, sizeof(one)) == 0;
}

/* ---- networks ---- */

static bool has_bits_past(const struct network *network)
{
	for (unsigned bit = network->bits; bit < 128; bit++)
		if (network->base.bytes[bit / 8] >> (7 - bit % 8) & 1)
			return true;
	return false;
}

/* What is wrong with "address/bits", or NULL. */
static const char *read_network(const char *text, size_t len, struct network *ret)
{
	const char *slash = memchr(text, '/', len);
	size_t before = slash ? (size_t)(slash - text) : len;
	if (!read_bare(text, before, &ret->base))
		return "is no IPv4 or IPv6 address or network";
	int64_t most = is_v4(&ret->base) && !memchr(text, ':', before) ? 32 : 128, bits;
	ret->bits = 128;
	if (!slash)
		return NULL;
	size_t digits = len - before - 1;
	if (digits < 1 || digits > 3 || str_read_digits(slash + 1, digits, &bits) != digits)
		return "has no number of bits behind the slash";
	if (bits > most)
		return "has more bits than such an address";
	ret->bits = (unsigned)(bits + 128 - most);
	return has_bits_past(ret) ? "has bits set behind those of the network" : NULL;
}

enum app_err networks_read(struct ctx *c, const char *setting, struct networks *ret)
{
	static const char between[] = " ,\t";
	struct networks networks = { 0 };
	for (const char *at = setting + strspn(setting, between); *at;) {
		size_t len = strcspn(at, between);
		if (networks.count == NETWORKS_MAX)
			return ctx_fail(c, APP_INVALID, "has more than %d entries", NETWORKS_MAX);
		const char *fault = read_network(at, len, &networks.list[networks.count++]);
		if (fault)
			return ctx_fail(c, APP_INVALID, "\"%.*s\" %s", (int)len, at, fault);
		at += len;
		at += strspn(at, between);
	}
	*ret = networks;
	return APP_OK;
}

static bool network_has(const struct network *network, const struct address *address)
{
	unsigned whole = network->bits / 8, rest = network->bits % 8;
	if (memcmp(network->base.bytes, address->bytes, whole) != 0)
		return false;
	return !rest || ((network->base.bytes[whole] ^ address->bytes[whole]) >> (8 - rest)) == 0;
}

bool networks_have(const struct networks *networks, const struct address *address)
{
	for (size_t i = 0; i < networks->count; i++)
		if (network_has(&networks->list[i], address))
			return true;
	return false;
}

/* ---- X-Forwarded-For ---- */

/*
 * The last entry of line[0 … *len), which is then taken off it with its comma; *has_more: there was
 * one, so another entry stands before, if only an empty one. False when it is no address.
 */
static bool take_last(const char *line, size_t *len, bool *has_more, struct address *ret)
{
	size_t end = *len;
	while (end && (line[end - 1] == ' ' || line[end - 1] == '\t'))
		end--;
	size_t begin = end;
	while (begin && line[begin - 1] != ',')
		begin--;
	*has_more = begin > 0;
	*len = begin ? begin - 1 : 0;
	while (begin < end && (line[begin] == ' ' || line[begin] == '\t'))
		begin++;
	return address_read(line + begin, end - begin, ret);
}

struct address networks_client(const struct networks *trusted, struct address peer,
			       const char *const *lines, size_t count)
{
	while (count-- > 0) {
		size_t len = strlen(lines[count]);
		bool has_more = true;
		while (has_more)
			if (!networks_have(trusted, &peer) ||
			    !take_last(lines[count], &len, &has_more, &peer))
				return peer;
	}
	return peer;
}
