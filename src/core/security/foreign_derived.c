/*
 * Reads hashes that are derived keys: Django's, passlib's and werkzeug's. Strict: what is read
 * here can be computed, and at a bounded cost.
 */
#include <sodium.h>
#include <string.h>

#include "base/str.h"
#include "foreign_form.h"

enum {
	/* RFC 7914 §2: N is less than 2 to the power of 16 times r. */
	SCRYPT_N_OF_ONE_BLOCK = 1 << 16,
	/* of r times p */
	SCRYPT_BLOCKS_MAX = 1024,
};

static size_t digest_len(enum foreign_kind kind)
{
	return kind == FOREIGN_PBKDF2_SHA1 ? 20 : kind == FOREIGN_PBKDF2_SHA256 ? 32 : 64;
}

/* libsodium also takes some bytes beyond ASCII for letters. */
static bool read_base64(const char *text, size_t len, int variant, unsigned char *ret, size_t room,
			size_t *ret_len)
{
	static const char letters[] = "+/0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz";
	return strspn(text, letters) >= len &&
	       !sodium_base642bin(ret, room, text, len, NULL, ret_len, NULL, variant);
}

/* The digest is all that is left; one of another length would be another number of blocks. */
static enum hash_reading read_digest(const char *text, int variant, struct foreign_hash *ret)
{
	if (!read_base64(text, strlen(text), variant, ret->digest, sizeof(ret->digest),
			 &ret->digest_len) ||
	    ret->digest_len != digest_len(ret->kind))
		return HASH_BROKEN;
	return foreign_form_bounded(ret);
}

/* The salt is the text that it is. Returns what is behind it and its sign; NULL: it is none. */
static const char *read_salt(const char *text, struct foreign_hash *ret)
{
	size_t len = strcspn(text, "$");
	if (!len || len > FOREIGN_SALT_MAX || !text[len])
		return NULL;
	memcpy(ret->salt, text, len);
	ret->salt_len = len;
	return text + len + 1;
}

/* pbkdf2_sha256$260000$salt$digest */
enum hash_reading foreign_form_django(const char *text, struct foreign_hash *ret)
{
	const char *at = foreign_form_number(strchr(text, '$') + 1, '$', &ret->work);
	at = at ? read_salt(at, ret) : NULL;
	return at ? read_digest(at, sodium_base64_VARIANT_ORIGINAL, ret) : HASH_BROKEN;
}

enum { PASSLIB_ROOM = 256 };

/* $pbkdf2-sha256$29000$salt$digest: both in base64 with a full stop for the plus sign. */
enum hash_reading foreign_form_passlib(const char *text, struct foreign_hash *ret)
{
	char copy[PASSLIB_ROOM];
	const char *at = foreign_form_number(strchr(text + 1, '$') + 1, '$', &ret->work);
	if (!at || strlen(at) >= sizeof(copy) || strchr(at, '+'))
		return HASH_BROKEN;
	strcpy(copy, at);
	for (char *dot = copy; (dot = strchr(dot, '.'));)
		*dot = '+';
	char *digest = strchr(copy, '$');
	if (!digest ||
	    !read_base64(copy, (size_t)(digest - copy), sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
			 ret->salt, sizeof(ret->salt), &ret->salt_len))
		return HASH_BROKEN;
	return read_digest(digest + 1, sodium_base64_VARIANT_ORIGINAL_NO_PADDING, ret);
}

/* ---- werkzeug ---- */

/* salt$digest, the digest in hexadecimal; it is compared as a text there, so in small letters. */
static enum hash_reading read_salted(const char *text, struct foreign_hash *ret)
{
	static const char digits[] = "0123456789abcdef";
	size_t len = digest_len(ret->kind);
	const char *at = read_salt(text, ret);
	if (!at || strlen(at) != 2 * len || strspn(at, digits) != 2 * len ||
	    sodium_hex2bin(ret->digest, len, at, 2 * len, NULL, &ret->digest_len, NULL))
		return HASH_BROKEN;
	return foreign_form_bounded(ret);
}

/* pbkdf2:sha256:600000$salt$digest */
enum hash_reading foreign_form_werkzeug(const char *text, struct foreign_hash *ret)
{
	const char *name = strchr(text, ':') + 1;
	const char *at = foreign_form_number(strchr(name, ':') + 1, '$', &ret->work);
	return at ? read_salted(at, ret) : HASH_BROKEN;
}

/*
 * The work of scrypt. Blocks and times are bounded by themselves: each of them costs something
 * beside what is counted.
 */
static enum hash_reading scrypt_work(uint64_t n, uint64_t r, uint64_t p, struct foreign_hash *ret)
{
	bool is_known = n >= 2 && (n & (n - 1)) == 0 && (r > 1 || n < SCRYPT_N_OF_ONE_BLOCK);
	if (!is_known)
		return HASH_BROKEN;
	if (r > SCRYPT_BLOCKS_MAX || p > SCRYPT_BLOCKS_MAX / r ||
	    __builtin_mul_overflow(n, r * p, &ret->work))
		return HASH_TOO_DEAR;
	ret->scrypt_n = n;
	ret->scrypt_r = (uint32_t)r;
	ret->scrypt_p = (uint32_t)p;
	return HASH_READ;
}

/* scrypt:32768:8:1$salt$digest */
enum hash_reading foreign_form_werkzeug_scrypt(const char *text, struct foreign_hash *ret)
{
	uint64_t n, r, p;
	const char *at = foreign_form_number(text + strlen("scrypt:"), ':', &n);
	at = at ? foreign_form_number(at, ':', &r) : NULL;
	at = at ? foreign_form_number(at, '$', &p) : NULL;
	if (!at)
		return HASH_BROKEN;
	enum hash_reading reading = scrypt_work(n, r, p, ret), salted = read_salted(at, ret);
	return reading == HASH_READ || salted == HASH_BROKEN ? salted : reading;
}
