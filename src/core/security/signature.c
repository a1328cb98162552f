/*
 * The signatures of tokens: HMAC-SHA-256 (RFC 7518 §3.2), or Ed25519 (RFC 8037 §3.1). A key has
 * one of the two, so no token can choose.
 */
#include "signature.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"
#include "internal.h"

enum {
	MAC_BYTES = crypto_auth_hmacsha256_BYTES,
	MAC_TEXT_LEN = 43,
	ED25519_TEXT_LEN = 86,
};

static_assert(SIGNATURE_TEXT_ROOM == ED25519_TEXT_LEN + 1, "the longer one fits");

static void mac_make(const struct token_key *key, const char *text, size_t len,
		     unsigned char ret_mac[MAC_BYTES])
{
	crypto_auth_hmacsha256_state state = key->mac;
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, len);
	crypto_auth_hmacsha256_final(&state, ret_mac);
	sodium_memzero(&state, sizeof(state));
}

size_t signature_make(const struct token_key *key, const char *text, size_t len,
		      char ret[SIGNATURE_TEXT_ROOM])
{
	unsigned char bytes[crypto_sign_BYTES];
	if (key->signing == SIGNING_EDDSA)
		crypto_sign_detached(bytes, NULL, (const unsigned char *)text, len, key->secret);
	else
		mac_make(key, text, len, bytes);
	return str_base64url(bytes, key->signing == SIGNING_EDDSA ? crypto_sign_BYTES : MAC_BYTES,
			     ret);
}

size_t signature_len(const struct token_key *key)
{
	return key->signing == SIGNING_EDDSA ? ED25519_TEXT_LEN : MAC_TEXT_LEN;
}

static bool mac_is_right(const struct token_key *key, const char *text, size_t signed_len,
			 const unsigned char *signature)
{
	unsigned char ours[MAC_BYTES];
	mac_make(key, text, signed_len, ours);
	return sodium_memcmp(signature, ours, sizeof(ours)) == 0;
}

bool signature_is_right(const struct token_key *key, const char *text, size_t len)
{
	unsigned char given[crypto_sign_BYTES];
	size_t text_len = signature_len(key), signed_len = len - text_len - 1, given_len;
	if (text[signed_len] != '.' || !str_base64url_decode(text + signed_len + 1, text_len, given,
							     sizeof(given), &given_len))
		return false;
	if (key->signing == SIGNING_HS256)
		return mac_is_right(key, text, signed_len, given);
	return !crypto_sign_verify_detached(given, (const unsigned char *)text, signed_len,
					    key->public);
}
