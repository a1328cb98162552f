/*
 * Reads the forms of crypt(3). Strict: libxcrypt computes what is read here, and its answer begins
 * with the same setting; it says of one that it refuses what it says where memory is short.
 */
#include <stddef.h>
#include <string.h>

#include "base/str.h"
#include "foreign_form.h"

static const char crypt_letters[] =
	"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

enum {
	BCRYPT_SALT = 22,
	BCRYPT_DIGEST = 31,
	SHA256_CRYPT_DIGEST = 43,
	SHA512_CRYPT_DIGEST = 86,
	SHA_CRYPT_SALT_MAX = 16,
	SHA_CRYPT_ROUNDS = 5000, /* where none are said */
	SHA_CRYPT_ROUNDS_MIN = 1000,
	YESCRYPT_DIGEST = 43,
	YESCRYPT_SALT_MAX = 86,
};

/* The rest of the text is so many letters of crypt(3). */
static bool is_letters(const char *text, size_t len)
{
	return strlen(text) == len && strspn(text, crypt_letters) == len;
}

/*
 * So many letters are bytes, six bits in each letter, the lowest first: none is left that would be
 * part of a byte.
 */
static bool is_bytes(const char *text, size_t len)
{
	/* by the letters of the last four; one alone has too few bits */
	static const ptrdiff_t values[] = { 64, 0, 4, 16 };
	return len && strchr(crypt_letters, text[len - 1]) - crypt_letters < values[len % 4];
}

/* The rest of the text is so many letters, which are bytes. */
static bool is_digest(const char *text, size_t len)
{
	return is_letters(text, len) && is_bytes(text, len);
}

/*
 * The rest of the text is salt and digest of bcrypt, the highest bits first: the last letter of
 * each has some over. What crypt(3) gives never has them set.
 */
static bool is_bcrypt_rest(const char *text)
{
	return is_letters(text, BCRYPT_SALT + BCRYPT_DIGEST) &&
	       strchr(".Oeu", text[BCRYPT_SALT - 1]) &&
	       strchr(".CGKOSWaeimquy26", text[BCRYPT_SALT + BCRYPT_DIGEST - 1]);
}

/* $2b$12$ and salt and digest in one. */
enum hash_reading foreign_form_bcrypt(const char *text, struct foreign_hash *ret)
{
	static const char variants[] = "abxy";
	ret->crypted = text;
	if (text[0] != '$' || text[1] != '2' || !text[2] || !strchr(variants, text[2]) ||
	    text[3] != '$' || !str_is_digit(text[4]) || !str_is_digit(text[5]) || text[6] != '$')
		return HASH_BROKEN;
	int cost = (text[4] - '0') * 10 + text[5] - '0';
	if (cost < 4 || cost > 31 || !is_bcrypt_rest(text + 7))
		return HASH_BROKEN;
	ret->work = (uint64_t)1 << cost;
	return foreign_form_bounded(ret);
}

enum hash_reading foreign_form_sha_crypt(const char *text, struct foreign_hash *ret)
{
	static const char rounds[] = "rounds=";
	const char *at = text + strlen("$6$");
	ret->crypted = text;
	ret->work = SHA_CRYPT_ROUNDS;
	if (str_starts(at, rounds))
		at = foreign_form_number(at + strlen(rounds), '$', &ret->work);
	size_t salt = at ? strspn(at, crypt_letters) : 0;
	if (!at || salt > SHA_CRYPT_SALT_MAX || at[salt] != '$' ||
	    ret->work < SHA_CRYPT_ROUNDS_MIN ||
	    !is_digest(at + salt + 1, ret->kind == FOREIGN_SHA256_CRYPT ? SHA256_CRYPT_DIGEST
									: SHA512_CRYPT_DIGEST))
		return HASH_BROKEN;
	return foreign_form_bounded(ret);
}

const char *const foreign_yescrypt[FOREIGN_YESCRYPT_SIZES] = { "j75", "j85", "j7T", "j8T",
							       "j9T", "jAT", "jBT", "jCT",
							       "jDT", "jET", "jFT" };

/* $y$j9T$salt$digest */
enum hash_reading foreign_form_yescrypt(const char *text, struct foreign_hash *ret)
{
	const char *at = text + strlen("$y$");
	ret->crypted = text;
	for (size_t i = 0; i < FOREIGN_YESCRYPT_SIZES && !ret->work; i++)
		if (str_starts(at, foreign_yescrypt[i]) && at[3] == '$')
			ret->work = (uint64_t)1 << i;
	size_t salt = ret->work ? strspn(at + 4, crypt_letters) : 0;
	if (salt > YESCRYPT_SALT_MAX || !is_bytes(at + 4, salt) || at[4 + salt] != '$' ||
	    !is_digest(at + 4 + salt + 1, YESCRYPT_DIGEST))
		return HASH_BROKEN;
	return foreign_form_bounded(ret);
}

/* Django's form of bcrypt has its own name in front. */
enum hash_reading foreign_form_named_bcrypt(const char *text, struct foreign_hash *ret)
{
	return foreign_form_bcrypt(text + strlen("bcrypt$"), ret);
}

enum hash_reading foreign_form_digested_bcrypt(const char *text, struct foreign_hash *ret)
{
	ret->is_digested = true;
	return foreign_form_bcrypt(text + strlen("bcrypt_sha256$"), ret);
}
