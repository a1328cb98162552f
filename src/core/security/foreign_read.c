/*
 * Reads what other systems store of a password: which form it is, by its beginning. Computes
 * nothing.
 */
#include "base/str.h"
#include "foreign_form.h"

struct form {
	const char *prefix;
	enum foreign_kind kind;
	foreign_form_reader *read;
};

static const struct form forms[] = {
	{ "$2", FOREIGN_BCRYPT, foreign_form_bcrypt },
	{ "bcrypt$", FOREIGN_BCRYPT, foreign_form_named_bcrypt },
	{ "bcrypt_sha256$", FOREIGN_BCRYPT, foreign_form_digested_bcrypt },
	{ "$5$", FOREIGN_SHA256_CRYPT, foreign_form_sha_crypt },
	{ "$6$", FOREIGN_SHA512_CRYPT, foreign_form_sha_crypt },
	{ "$y$", FOREIGN_YESCRYPT, foreign_form_yescrypt },
	{ "pbkdf2_sha1$", FOREIGN_PBKDF2_SHA1, foreign_form_django },
	{ "pbkdf2_sha256$", FOREIGN_PBKDF2_SHA256, foreign_form_django },
	{ "pbkdf2:sha1:", FOREIGN_PBKDF2_SHA1, foreign_form_werkzeug },
	{ "pbkdf2:sha256:", FOREIGN_PBKDF2_SHA256, foreign_form_werkzeug },
	{ "pbkdf2:sha512:", FOREIGN_PBKDF2_SHA512, foreign_form_werkzeug },
	{ "scrypt:", FOREIGN_SCRYPT, foreign_form_werkzeug_scrypt },
	{ "$pbkdf2$", FOREIGN_PBKDF2_SHA1, foreign_form_passlib },
	{ "$pbkdf2-sha256$", FOREIGN_PBKDF2_SHA256, foreign_form_passlib },
	{ "$pbkdf2-sha512$", FOREIGN_PBKDF2_SHA512, foreign_form_passlib },
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
