/*
 * The signatures of tokens: HMAC-SHA-256 (RFC 7518 §3.2), or Ed25519 (RFC 8037 §3.1). A key has
 * one of the two, so no token can choose. To verify one of the latter takes some 35 times as long,
 * so each thread remembers those that were right; whether a token has expired, and its key is still
 * there, is asked again each time.
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

/* ---- those that were right ---- */

/*
 * A token is known by its SipHash-128 under a key that nobody knows. Of each place there are some,
 * the last ones first.
 */
enum { PLACES = 256, LAST = 4 };

struct known {
	unsigned char hash[crypto_shorthash_siphashx24_BYTES];
};

static _Thread_local struct known known[PLACES][LAST];

static struct known *known_place(const struct known *token)
{
	static_assert(PLACES == 1 << 8, "a byte says which");
	return known[token->hash[0]];
}

static bool is_known(const struct known *token)
{
	const struct known *at = known_place(token);
	for (size_t i = 0; i < LAST; i++)
		if (!memcmp(&at[i], token, sizeof(*token)))
			return true;
	return false;
}

static void remember(const struct known *token)
{
	struct known *at = known_place(token);
	memmove(at + 1, at, (LAST - 1) * sizeof(*at));
	*at = *token;
}

/* ---- verifying ---- */

static bool ed25519_is_right(const struct security *security, const struct token_key *key,
			     const char *text, size_t len, size_t signed_len,
			     const unsigned char *signature)
{
	struct known token;
	crypto_shorthash_siphashx24(token.hash, (const unsigned char *)text, len,
				    security->known_key);
	if (is_known(&token))
		return true;
	bool is_right = !crypto_sign_verify_detached(signature, (const unsigned char *)text,
						     signed_len, key->public);
	if (is_right)
		remember(&token);
	return is_right;
}

static bool mac_is_right(const struct token_key *key, const char *text, size_t signed_len,
			 const unsigned char *signature)
{
	unsigned char ours[MAC_BYTES];
	mac_make(key, text, signed_len, ours);
	return sodium_memcmp(signature, ours, sizeof(ours)) == 0;
}

bool signature_is_right(const struct security *security, const struct token_key *key,
			const char *text, size_t len)
{
	unsigned char given[crypto_sign_BYTES];
	size_t text_len = signature_len(key), signed_len = len - text_len - 1, given_len;
	if (text[signed_len] != '.' || !str_base64url_decode(text + signed_len + 1, text_len, given,
							     sizeof(given), &given_len))
		return false;
	if (key->signing == SIGNING_EDDSA)
		return ed25519_is_right(security, key, text, len, signed_len, given);
	return mac_is_right(key, text, signed_len, given);
}
