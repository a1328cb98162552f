/* The key of a client, by what is known of him by now. */
#include "client.h"

#include "base/map.h"
#include "exchange.h"

/*
 * Mixed, because the pool tells clients apart by the low bits; and nobody can aim at another's
 * turn.
 */
uint64_t client_key_of(uint64_t who)
{
	return who ? map_hash((const char *)&who, sizeof(who)) | 1 << 6 : 0;
}

uint64_t client_key(const struct http_exchange *x)
{
	int64_t user_id = x->c.actor.user_id;
	return client_key_of(user_id ? (uint64_t)user_id : x->client_network);
}
