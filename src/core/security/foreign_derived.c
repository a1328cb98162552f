/*
 * Reads hashes that are derived keys: Django's and passlib's. Strict: what is read here can be
 * computed, and at a bounded cost.
 */
#include <sodium.h>
#include <string.h>

#include "base/str.h"
#include "foreign_form.h"

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

/* pbkdf2_sha256$260000$salt$digest: the salt is the text that it is. */
enum hash_reading foreign_form_django(const char *text, struct foreign_hash *ret)
{
	const char *at = foreign_form_number(strchr(text, '$') + 1, '$', &ret->work);
	size_t len = at ? strcspn(at, "$") : 0;
	if (!len || len > FOREIGN_SALT_MAX || !at[len])
		return HASH_BROKEN;
	memcpy(ret->salt, at, len);
	ret->salt_len = len;
	return read_digest(at + len + 1, sodium_base64_VARIANT_ORIGINAL, ret);
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
