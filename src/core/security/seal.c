/* Sealing: libsodium's secretbox (XSalsa20, Poly1305) under a random nonce, which goes in front. */
#include "seal.h"

#include <assert.h>
#include <string.h>

#include "internal.h"

void seal_close(const struct security *security, const char *purpose, const void *bytes, size_t len,
		unsigned char *ret)
{
	unsigned char key[crypto_auth_hmacsha256_BYTES];
	static_assert(sizeof(key) == crypto_secretbox_KEYBYTES, "a derived key is one of these");
	security_derive(&security->key, purpose, key);
	randombytes_buf(ret, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(ret + crypto_secretbox_NONCEBYTES, bytes, len, ret, key);
	sodium_memzero(key, sizeof(key));
}

bool seal_open(const struct security *security, const char *purpose, const unsigned char *sealed,
	       size_t len, unsigned char *ret)
{
	unsigned char key[crypto_auth_hmacsha256_BYTES];
	if (len < SEAL_BYTES)
		return false;
	security_derive(&security->key, purpose, key);
	bool opens = !crypto_secretbox_open_easy(ret, sealed + crypto_secretbox_NONCEBYTES,
						 len - crypto_secretbox_NONCEBYTES, sealed, key);
	sodium_memzero(key, sizeof(key));
	return opens;
}
