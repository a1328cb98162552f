/*
 * Reads what other systems store of a password: the forms of crypt(3), Django's and passlib's.
 * Strict: what is read here can be computed, and at a bounded cost. Computes nothing.
 */
#include <sodium.h>
#include <string.h>

#include "base/str.h"
#include "foreign.h"

static const char crypt_letters[] =
	"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

enum {
	BCRYPT_REST = 53, /* salt and digest */
	SHA256_CRYPT_DIGEST = 43,
	SHA512_CRYPT_DIGEST = 86,
	SHA_CRYPT_SALT_MAX = 16,
	SHA_CRYPT_ROUNDS = 5000, /* where none are said */
	SHA_CRYPT_ROUNDS_MIN = 1000,
	YESCRYPT_DIGEST = 43,
	YESCRYPT_SALT_MAX = 86,
};

uint64_t foreign_work_max(enum foreign_kind kind)
{
	static const uint64_t most[FOREIGN_KINDS] = {
		[FOREIGN_BCRYPT] = 1 << 16,        [FOREIGN_YESCRYPT] = 256,
		[FOREIGN_SHA256_CRYPT] = 5000000,  [FOREIGN_SHA512_CRYPT] = 5000000,
		[FOREIGN_PBKDF2_SHA1] = 10000000,  [FOREIGN_PBKDF2_SHA256] = 10000000,
		[FOREIGN_PBKDF2_SHA512] = 5000000,
	};
	return most[kind];
}

/* ---- parts ---- */

/* The rest of the text is so many letters of crypt(3). */
static bool is_letters(const char *text, size_t len)
{
	return strlen(text) == len && strspn(text, crypt_letters) == len;
}

/* A decimal number without leading zeros, up to the sign; NULL: there is none. */
static const char *read_number(const char *text, char sign, uint64_t *ret)
{
	int64_t number;
	size_t digits = str_read_digits(text, strlen(text), &number);
	if (!digits || text[0] == '0' || text[digits] != sign)
		return NULL;
	*ret = (uint64_t)number;
	return text + digits + 1;
}

static enum hash_reading read_with_work(struct foreign_hash *ret)
{
	return ret->work > foreign_work_max(ret->kind) ? HASH_TOO_DEAR : HASH_READ;
}

/* ---- crypt(3) ---- */

/* $2b$12$ and salt and digest in one. */
static enum hash_reading read_bcrypt(const char *text, struct foreign_hash *ret)
{
	static const char variants[] = "abxy";
	ret->crypted = text;
	if (text[0] != '$' || text[1] != '2' || !text[2] || !strchr(variants, text[2]) ||
	    text[3] != '$' || !str_is_digit(text[4]) || !str_is_digit(text[5]) || text[6] != '$')
		return HASH_BROKEN;
	int cost = (text[4] - '0') * 10 + text[5] - '0';
	if (cost < 4 || cost > 31 || !is_letters(text + 7, BCRYPT_REST))
		return HASH_BROKEN;
	ret->work = (uint64_t)1 << cost;
	return read_with_work(ret);
}

static enum hash_reading read_sha_crypt(const char *text, struct foreign_hash *ret)
{
	static const char rounds[] = "rounds=";
	const char *at = text + strlen("$6$");
	ret->crypted = text;
	ret->work = SHA_CRYPT_ROUNDS;
	if (str_starts(at, rounds))
		at = read_number(at + strlen(rounds), '$', &ret->work);
	size_t salt = at ? strspn(at, crypt_letters) : 0;
	if (!at || salt > SHA_CRYPT_SALT_MAX || at[salt] != '$' ||
	    ret->work < SHA_CRYPT_ROUNDS_MIN ||
	    !is_letters(at + salt + 1, ret->kind == FOREIGN_SHA256_CRYPT ? SHA256_CRYPT_DIGEST
									 : SHA512_CRYPT_DIGEST))
		return HASH_BROKEN;
	return read_with_work(ret);
}

const char *const foreign_yescrypt[FOREIGN_YESCRYPT_SIZES] = { "j75", "j85", "j7T", "j8T",
							       "j9T", "jAT", "jBT", "jCT",
							       "jDT", "jET", "jFT" };

/* $y$j9T$salt$digest */
static enum hash_reading read_yescrypt(const char *text, struct foreign_hash *ret)
{
	const char *at = text + strlen("$y$");
	ret->crypted = text;
	for (size_t i = 0; i < FOREIGN_YESCRYPT_SIZES && !ret->work; i++)
		if (str_starts(at, foreign_yescrypt[i]) && at[3] == '$')
			ret->work = (uint64_t)1 << i;
	size_t salt = ret->work ? strspn(at + 4, crypt_letters) : 0;
	if (!salt || salt > YESCRYPT_SALT_MAX || at[4 + salt] != '$' ||
	    !is_letters(at + 4 + salt + 1, YESCRYPT_DIGEST))
		return HASH_BROKEN;
	return read_with_work(ret);
}

/* Django's form of bcrypt has its own name in front. */
static enum hash_reading read_named_bcrypt(const char *text, struct foreign_hash *ret)
{
	return read_bcrypt(text + strlen("bcrypt$"), ret);
}

static enum hash_reading read_digested_bcrypt(const char *text, struct foreign_hash *ret)
{
	ret->is_digested = true;
	return read_bcrypt(text + strlen("bcrypt_sha256$"), ret);
}

/* ---- PBKDF2 ---- */

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
	return read_with_work(ret);
}

/* pbkdf2_sha256$260000$salt$digest: the salt is the text that it is. */
static enum hash_reading read_django(const char *text, struct foreign_hash *ret)
{
	const char *at = read_number(strchr(text, '$') + 1, '$', &ret->work);
	size_t len = at ? strcspn(at, "$") : 0;
	if (!len || len > FOREIGN_SALT_MAX || !at[len])
		return HASH_BROKEN;
	memcpy(ret->salt, at, len);
	ret->salt_len = len;
	return read_digest(at + len + 1, sodium_base64_VARIANT_ORIGINAL, ret);
}

enum { PASSLIB_ROOM = 256 };

/* $pbkdf2-sha256$29000$salt$digest: both in base64 with a full stop for the plus sign. */
static enum hash_reading read_passlib(const char *text, struct foreign_hash *ret)
{
	char copy[PASSLIB_ROOM];
	const char *at = read_number(strchr(text + 1, '$') + 1, '$', &ret->work);
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

/* ---- all of them ---- */

struct form {
	const char *prefix;
	enum foreign_kind kind;
	enum hash_reading (*read)(const char *text, struct foreign_hash *ret);
};

static const struct form forms[] = {
	{ "$2", FOREIGN_BCRYPT, read_bcrypt },
	{ "bcrypt$", FOREIGN_BCRYPT, read_named_bcrypt },
	{ "bcrypt_sha256$", FOREIGN_BCRYPT, read_digested_bcrypt },
	{ "$5$", FOREIGN_SHA256_CRYPT, read_sha_crypt },
	{ "$6$", FOREIGN_SHA512_CRYPT, read_sha_crypt },
	{ "$y$", FOREIGN_YESCRYPT, read_yescrypt },
	{ "pbkdf2_sha1$", FOREIGN_PBKDF2_SHA1, read_django },
	{ "pbkdf2_sha256$", FOREIGN_PBKDF2_SHA256, read_django },
	{ "$pbkdf2$", FOREIGN_PBKDF2_SHA1, read_passlib },
	{ "$pbkdf2-sha256$", FOREIGN_PBKDF2_SHA256, read_passlib },
	{ "$pbkdf2-sha512$", FOREIGN_PBKDF2_SHA512, read_passlib },
};

enum hash_reading foreign_read(const char *hash, struct foreign_hash *ret)
{
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		if (!str_starts(hash, forms[i].prefix))
			continue;
		*ret = (struct foreign_hash){ .kind = forms[i].kind };
		return forms[i].read(hash, ret);
	}
	return HASH_UNKNOWN;
}
