/*
 * Signatures for what we hand out and take back, such as cursors of lists. Each purpose has a key
 * of its own, derived from the secret, so that nothing signed for one passes for another, nor for a
 * token.
 */
#include <string.h>

#include "internal.h"

/* No token begins with a zero byte, so no token's signature is such a key. */
static const unsigned char label[] = "\0croft purpose:";

void security_derive(const crypto_auth_hmacsha256_state *root, const char *purpose,
		     unsigned char ret_key[crypto_auth_hmacsha256_BYTES])
{
	crypto_auth_hmacsha256_state state = *root;
	crypto_auth_hmacsha256_update(&state, label, sizeof(label));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)purpose, strlen(purpose));
	crypto_auth_hmacsha256_final(&state, ret_key);
	sodium_memzero(&state, sizeof(state));
}

void security_sign(const struct security *security, const char *purpose, const void *bytes,
		   size_t len, unsigned char ret[SIGNATURE_BYTES])
{
	unsigned char key[crypto_auth_hmacsha256_BYTES], mac[crypto_auth_hmacsha256_BYTES];
	security_derive(&security->key, purpose, key);
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, key, sizeof(key));
	crypto_auth_hmacsha256_update(&state, bytes, len);
	crypto_auth_hmacsha256_final(&state, mac);
	memcpy(ret, mac, SIGNATURE_BYTES);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(&state, sizeof(state));
}

bool security_verify(const struct security *security, const char *purpose, const void *bytes,
		     size_t len, const unsigned char signature[SIGNATURE_BYTES])
{
	unsigned char ours[SIGNATURE_BYTES];
	security_sign(security, purpose, bytes, len, ours);
	return security->signs && sodium_memcmp(ours, signature, SIGNATURE_BYTES) == 0;
}
