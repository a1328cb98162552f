/*
 * What a key looks like: the name of this program, "_", the key's id, "_", 26 random characters and
 * 6 of a checksum, as in croft_12_k3v…. The characters are those of base32 (RFC 4648 §6) in lower
 * case, five bits each: so 130 bits are secret, and by the checksum, the first 30 bits of the
 * SHA-256 of what stands between the name and it, whoever looks for lost secrets knows a key from a
 * text that only looks like one.
 */
#include <stdio.h>
#include <string.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/random.h"
#include "base/str.h"
#include "internal.h"

#define PREFIX APP_NAME "_"

enum {
	PREFIX_LEN = sizeof(PREFIX) - 1,
	SECRET_LEN = 26,
	CHECKSUM_LEN = 6,
	TAIL_LEN = SECRET_LEN + CHECKSUM_LEN,
	ID_DIGITS_MAX = 18,
};

_Static_assert(KEY_TEXT_ROOM > PREFIX_LEN + ID_DIGITS_MAX + 1 + TAIL_LEN, "a key has room");

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

static char character(unsigned five_bits)
{
	return alphabet[five_bits & 31];
}

static bool is_character(char at)
{
	return (at >= 'a' && at <= 'z') || (at >= '2' && at <= '7');
}

/* Of what stands behind the name. */
static void checksum(const char *text, size_t len, char ret[CHECKSUM_LEN])
{
	unsigned char digest[DIGEST_BYTES];
	digest_bytes(text, len, digest);
	uint32_t bits = (uint32_t)digest[0] << 24 | (uint32_t)digest[1] << 16 |
			(uint32_t)digest[2] << 8 | digest[3];
	for (size_t i = 0; i < CHECKSUM_LEN; i++)
		ret[i] = character(bits >> (27 - 5 * i));
}

/* ---- written ---- */

void key_secret_draw(char ret[KEY_SECRET_ROOM])
{
	unsigned char bytes[SECRET_LEN];
	_Static_assert(KEY_SECRET_ROOM == SECRET_LEN + 1, "a secret has room");
	random_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < SECRET_LEN; i++)
		ret[i] = character(bytes[i]);
	ret[SECRET_LEN] = '\0';
	explicit_bzero(bytes, sizeof(bytes));
}

void key_text_write(int64_t id, const char *secret, char ret[KEY_TEXT_ROOM])
{
	int len = snprintf(ret, KEY_TEXT_ROOM, PREFIX "%lld_%s", (long long)id, secret);
	checksum(ret + PREFIX_LEN, (size_t)len - PREFIX_LEN, ret + len);
	ret[len + CHECKSUM_LEN] = '\0';
}

/* ---- read ---- */

bool key_claim_is_meant(const char *text, size_t len)
{
	return len >= PREFIX_LEN && memcmp(text, PREFIX, PREFIX_LEN) == 0;
}

/* Digits without zeroes before them, so that a key has one spelling. */
static bool read_id(const char *digits, size_t len, int64_t *ret)
{
	return len && len <= ID_DIGITS_MAX && *digits >= '1' && *digits <= '9' &&
	       str_span_to_int64(digits, len, ret);
}

static bool has_checksum(const char *text, size_t len)
{
	char want[CHECKSUM_LEN];
	checksum(text + PREFIX_LEN, len - PREFIX_LEN - CHECKSUM_LEN, want);
	return memcmp(text + len - CHECKSUM_LEN, want, CHECKSUM_LEN) == 0;
}

bool key_claim_read(const char *text, size_t len, struct key_claim *ret)
{
	if (!key_claim_is_meant(text, len) || len >= KEY_TEXT_ROOM || len < PREFIX_LEN + TAIL_LEN)
		return false;
	const char *tail = text + len - TAIL_LEN;
	const char *digits = text + PREFIX_LEN;
	for (size_t i = 0; i < TAIL_LEN; i++)
		if (!is_character(tail[i]))
			return false;
	if (tail - digits < 2 || tail[-1] != '_' ||
	    !read_id(digits, (size_t)(tail - 1 - digits), &ret->id) || !has_checksum(text, len))
		return false;
	digest_text(tail, SECRET_LEN, ret->hash);
	return true;
}

/* ---- as a client ---- */

const char *keys_client_id(struct arena *arena, int64_t key_id)
{
	return arena_printf(arena, PREFIX "%lld", (long long)key_id);
}

/* Whether the key begins with the client's name and goes on with its secret. */
static bool is_of_client(const char *key, const char *client_id)
{
	size_t len = strlen(client_id);
	return str_starts(key, client_id) && key[len] == '_' && strlen(key) == len + 1 + TAIL_LEN;
}

void key_claim_of_client(const char *client_id, const char *secret, struct key_claim *ret)
{
	/* no id is 0, and no digest is this */
	if (!key_claim_read(secret, strlen(secret), ret) || !is_of_client(secret, client_id))
		*ret = (struct key_claim){ 0 };
}

void key_secret_hash(const char *secret, char ret[DIGEST_TEXT_ROOM])
{
	digest_text(secret, SECRET_LEN, ret);
}
