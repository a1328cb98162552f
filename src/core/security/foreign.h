/*
 * Hashes of passwords that other systems made: read, checked, and worked at in vain. Each text
 * begins with its scheme; argon2, which is ours, is not among them. What is done with them at a
 * sign-in is password.c's.
 */
#ifndef CROFT_SRC_CORE_SECURITY_FOREIGN_H
#define CROFT_SRC_CORE_SECURITY_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* What is computed: work of one kind takes a time that grows with its amount. */
enum foreign_kind {
	/* 2 to the power of the cost. */
	FOREIGN_BCRYPT,
	/* MiB of memory, a power of two. */
	FOREIGN_YESCRYPT,
	/* Rounds. */
	FOREIGN_SHA256_CRYPT,
	FOREIGN_SHA512_CRYPT,
	/* Iterations. */
	FOREIGN_PBKDF2_SHA1,
	FOREIGN_PBKDF2_SHA256,
	FOREIGN_PBKDF2_SHA512,
	/* Blocks of 128 bytes that are filled: N times r times p. */
	FOREIGN_SCRYPT,
	FOREIGN_KINDS,
};

/* Bytes of derived keys; a salt is any text in Django. */
enum { FOREIGN_SALT_MAX = 128, FOREIGN_DIGEST_MAX = 64 };

struct foreign_hash {
	enum foreign_kind kind;
	uint64_t work;
	/* As crypt(3) has it; NULL: it is a derived key. */
	const char *crypted;
	/* The password is hashed by SHA-256 first, as Django does for bcrypt. */
	bool is_digested;
	/* Of scrypt alone; RFC 7914. */
	uint64_t scrypt_n;
	uint32_t scrypt_r, scrypt_p;
	size_t salt_len, digest_len;
	unsigned char salt[FOREIGN_SALT_MAX], digest[FOREIGN_DIGEST_MAX];
};

enum hash_reading { HASH_READ = 0, HASH_UNKNOWN, HASH_BROKEN, HASH_TOO_DEAR };

/*
 * Reads a hash, which must last as long as the result. HASH_TOO_DEAR: of it the kind is known,
 * and its work is more than foreign_work_max(), or else too much. Nothing is computed.
 */
enum hash_reading foreign_read(const char *hash, struct foreign_hash *ret) MUST_USE;
/* Some seconds of one core; for yescrypt and scrypt 256 MiB of memory, too. */
uint64_t foreign_work_max(enum foreign_kind kind);

/* The parameters that crypt_gensalt() gives: of 1 MiB, 2 MiB, 4 MiB and so on. */
enum { FOREIGN_YESCRYPT_SIZES = 11 };
extern const char *const foreign_yescrypt[FOREIGN_YESCRYPT_SIZES];

/*
 * Does the work, and compares in constant time. bcrypt sees 72 bytes of a password, as ever.
 * *lacks_memory becomes true, and the answer is false, where the work's memory cannot be had.
 */
bool foreign_matches(const struct foreign_hash *hash, const char *password, bool *lacks_memory);
/*
 * Does so much work on the password in vain; what is less than the least that there is of the kind
 * is left out. *lacks_memory as there.
 */
void foreign_spend(enum foreign_kind kind, uint64_t work, const char *password, bool *lacks_memory);

#endif
