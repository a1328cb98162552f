/*
 * The work of other systems' hashes: crypt(3) by libxcrypt, PBKDF2 by nettle, scrypt by
 * libsodium. Any thread may call
 * it; slow on purpose, so only in the lane POOL_HASH.
 */
#include <crypt.h>
#include <errno.h>
#include <nettle/pbkdf2.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "foreign.h"

enum {
	BCRYPT_SEES = 72,
	BCRYPT_WORK_MIN = 16,
	SHA_CRYPT_WORK_MIN = 1000,
	SETTING_ROOM = 64,
	SCRYPT_BLOCKS = 8,
};

typedef void pbkdf2_fn(size_t key_len, const uint8_t *key, unsigned iterations, size_t salt_len,
		       const uint8_t *salt, size_t len, uint8_t *ret);

/* NULL: it is not PBKDF2. */
static pbkdf2_fn *const derive[FOREIGN_KINDS] = {
	[FOREIGN_PBKDF2_SHA1] = pbkdf2_hmac_sha1,
	[FOREIGN_PBKDF2_SHA256] = pbkdf2_hmac_sha256,
	[FOREIGN_PBKDF2_SHA512] = pbkdf2_hmac_sha512,
};

static bool pbkdf2_matches(const struct foreign_hash *hash, const char *password)
{
	unsigned char made[FOREIGN_DIGEST_MAX];
	derive[hash->kind](strlen(password), (const uint8_t *)password, (unsigned)hash->work,
			   hash->salt_len, hash->salt, hash->digest_len, made);
	return sodium_memcmp(made, hash->digest, hash->digest_len) == 0;
}

static bool scrypt_matches(const struct foreign_hash *hash, const char *password,
			   bool *lacks_memory)
{
	unsigned char made[FOREIGN_DIGEST_MAX];
	if (crypto_pwhash_scryptsalsa208sha256_ll(
		    (const uint8_t *)password, strlen(password), hash->salt, hash->salt_len,
		    hash->scrypt_n, hash->scrypt_r, hash->scrypt_p, made, hash->digest_len)) {
		*lacks_memory = true;
		return false;
	}
	return sodium_memcmp(made, hash->digest, hash->digest_len) == 0;
}

/*
 * A setting is the beginning of a hash, up to the digest, or all of it. Settings are read strictly
 * before, so what fails otherwise than by a password too long (ERANGE) is memory.
 */
static bool crypt_gives(const char *setting, const char *password, const char *hash,
			bool *lacks_memory)
{
	struct crypt_data *data = mem_new(1, sizeof(*data));
	const char *made = crypt_rn(password, setting, data, sizeof(*data));
	*lacks_memory |= !made && errno != ERANGE;
	bool is_same = made && strlen(made) == strlen(hash) &&
		       sodium_memcmp(made, hash, strlen(hash)) == 0;
	mem_drop(data, sizeof(*data));
	return is_same;
}

static bool digested_matches(const char *hash, const char *password, bool *lacks_memory)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	char text[2 * sizeof(digest) + 1];
	crypto_hash_sha256(digest, (const unsigned char *)password, strlen(password));
	sodium_bin2hex(text, sizeof(text), digest, sizeof(digest));
	bool is_same = crypt_gives(hash, text, hash, lacks_memory);
	sodium_memzero(digest, sizeof(digest));
	sodium_memzero(text, sizeof(text));
	return is_same;
}

/* crypt(3) takes no more than 511 bytes, though of a longer one the first 72 count. */
static bool bcrypt_matches(const char *hash, const char *password, bool *lacks_memory)
{
	char seen[BCRYPT_SEES + 1];
	size_t len = strnlen(password, BCRYPT_SEES);
	memcpy(seen, password, len);
	seen[len] = '\0';
	bool is_same = crypt_gives(hash, seen, hash, lacks_memory);
	sodium_memzero(seen, sizeof(seen));
	return is_same;
}

bool foreign_matches(const struct foreign_hash *hash, const char *password, bool *lacks_memory)
{
	if (derive[hash->kind])
		return pbkdf2_matches(hash, password);
	if (hash->kind == FOREIGN_SCRYPT)
		return scrypt_matches(hash, password, lacks_memory);
	if (hash->is_digested)
		return digested_matches(hash->crypted, password, lacks_memory);
	if (hash->kind == FOREIGN_BCRYPT)
		return bcrypt_matches(hash->crypted, password, lacks_memory);
	return crypt_gives(hash->crypted, password, hash->crypted, lacks_memory);
}

/* ---- in vain ---- */

static void crypt_in_vain(const char *setting, const char *password, bool *lacks_memory)
{
	bool is_same = crypt_gives(setting, password, "", lacks_memory);
	(void)is_same;
}

/* Each power of two that is in it, for the work of bcrypt is one. */
static void bcrypt_spend(uint64_t work, const char *password, bool *lacks_memory)
{
	char setting[SETTING_ROOM];
	for (int cost = 4; work >= BCRYPT_WORK_MIN && (uint64_t)1 << cost <= work; cost++) {
		if (!(work & (uint64_t)1 << cost))
			continue;
		snprintf(setting, sizeof(setting), "$2b$%02d$......................", cost);
		bool is_same = bcrypt_matches(setting, password, lacks_memory);
		(void)is_same;
	}
}

static void yescrypt_spend(uint64_t work, const char *password, bool *lacks_memory)
{
	char setting[SETTING_ROOM];
	for (size_t i = 0; i < FOREIGN_YESCRYPT_SIZES; i++) {
		if (!(work & (uint64_t)1 << i))
			continue;
		snprintf(setting, sizeof(setting), "$y$%s$......", foreign_yescrypt[i]);
		crypt_in_vain(setting, password, lacks_memory);
	}
}

static void sha_crypt_spend(const char *prefix, uint64_t work, const char *password,
			    bool *lacks_memory)
{
	char setting[SETTING_ROOM];
	if (work < SHA_CRYPT_WORK_MIN)
		return;
	snprintf(setting, sizeof(setting), "%srounds=%llu$................", prefix,
		 (unsigned long long)work);
	crypt_in_vain(setting, password, lacks_memory);
}

static void pbkdf2_spend(enum foreign_kind kind, uint64_t work, const char *password)
{
	static const uint8_t salt[16];
	uint8_t made[FOREIGN_DIGEST_MAX];
	if (work)
		derive[kind](strlen(password), (const uint8_t *)password, (unsigned)work,
			     sizeof(salt), salt, 1, made);
}

/* Each power of two that is in it, for N is one: no more memory than the work itself may take. */
static void scrypt_spend(uint64_t work, const char *password, bool *lacks_memory)
{
	struct foreign_hash hash = { .scrypt_r = SCRYPT_BLOCKS, .scrypt_p = 1, .digest_len = 1 };
	for (hash.scrypt_n = 2; hash.scrypt_n * SCRYPT_BLOCKS <= work; hash.scrypt_n *= 2)
		if (work & hash.scrypt_n * SCRYPT_BLOCKS) {
			bool is_same = scrypt_matches(&hash, password, lacks_memory);
			(void)is_same;
		}
}

void foreign_spend(enum foreign_kind kind, uint64_t work, const char *password, bool *lacks_memory)
{
	switch (kind) {
	case FOREIGN_BCRYPT: bcrypt_spend(work, password, lacks_memory); return;
	case FOREIGN_YESCRYPT: yescrypt_spend(work, password, lacks_memory); return;
	case FOREIGN_SHA256_CRYPT: sha_crypt_spend("$5$", work, password, lacks_memory); return;
	case FOREIGN_SHA512_CRYPT: sha_crypt_spend("$6$", work, password, lacks_memory); return;
	case FOREIGN_SCRYPT: scrypt_spend(work, password, lacks_memory); return;
	default: pbkdf2_spend(kind, work, password);
	}
}
