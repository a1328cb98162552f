/*
 * Tokens of the yardstick: HMAC-SHA256 over base64url text, under a fixed key.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bare.h"

enum { VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

static const unsigned char key[] = "the yardstick signs with a key that is no secret";

static void sign(const char *text, size_t len, unsigned char ret[crypto_auth_hmacsha256_BYTES])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, sizeof(key) - 1);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, len);
	crypto_auth_hmacsha256_final(&state, ret);
}

static void encode(const void *bytes, size_t len, char *ret, size_t room)
{
	sodium_bin2base64(ret, room, bytes, len, VARIANT);
}

void token_make(char ret[BARE_TOKEN_ROOM])
{
	static const char head[] = "{" NAME("alg") QUOTED("HS256") "," NAME("typ")
		QUOTED("JWT") "}";
	char claims[128], head64[64], claims64[192], sign64[64];
	unsigned char signature[crypto_auth_hmacsha256_BYTES];

	int len = snprintf(claims, sizeof(claims),
			   "{" NAME("sub") QUOTED("1") "," NAME("ver") "1," NAME("exp") "%lld}",
			   (long long)time(NULL) + 86400);
	encode(head, sizeof(head) - 1, head64, sizeof(head64));
	encode(claims, (size_t)len, claims64, sizeof(claims64));
	len = snprintf(ret, BARE_TOKEN_ROOM, "%s.%s", head64, claims64);
	sign(ret, (size_t)len, signature);
	encode(signature, sizeof(signature), sign64, sizeof(sign64));
	snprintf(ret + len, BARE_TOKEN_ROOM - (size_t)len, ".%s", sign64);
}

static bool is_fresh(const char *claims64, size_t len)
{
	char claims[256];
	size_t size;

	if (sodium_base642bin((unsigned char *)claims, sizeof(claims) - 1, claims64, len, NULL,
			      &size, NULL, VARIANT) != 0)
		return false;
	claims[size] = '\0';
	const char *expires = strstr(claims, NAME("exp"));
	return expires && strtoll(expires + strlen(NAME("exp")), NULL, 10) > (long long)time(NULL);
}

bool token_is_good(const char *token)
{
	unsigned char given[crypto_auth_hmacsha256_BYTES], ours[crypto_auth_hmacsha256_BYTES];
	const char *claims = strchr(token, '.');
	const char *signature = claims ? strchr(claims + 1, '.') : NULL;
	size_t size;

	if (!signature)
		return false;
	if (sodium_base642bin(given, sizeof(given), signature + 1, strlen(signature + 1), NULL,
			      &size, NULL, VARIANT) != 0 ||
	    size != sizeof(given))
		return false;
	sign(token, (size_t)(signature - token), ours);
	return sodium_memcmp(given, ours, sizeof(ours)) == 0 &&
	       is_fresh(claims + 1, (size_t)(signature - claims - 1));
}
