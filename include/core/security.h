/*
 * Passwords (argon2id) and signed tokens (JWT), both through libsodium; and the hashes of passwords
 * that came from elsewhere.
 */
#ifndef CROFT_CORE_SECURITY_H
#define CROFT_CORE_SECURITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/config.h"

struct security;

/* How tokens are signed: RFC 7518 §3.2, RFC 8037 §3.1. */
enum security_signing { SIGNING_HS256 = 0, SIGNING_EDDSA };

struct security_options {
	/* Signs tokens; at least 32 bytes, or empty: nothing is signed. */
	const char *secret;
	/* An enum security_signing. */
	int64_t signing;
	/* "iss" and "aud" of our tokens. */
	const char *issuer;
	/* The m of argon2id, in KiB. */
	int64_t hash_memory_kib;
	/* The t of argon2id. */
	int64_t hash_passes;
	/*
	 * Most hashes at once. Each takes hash_memory_kib, or what the stored hash takes that is
	 * checked: see password_verify().
	 */
	int64_t hash_running;
	/* Most that wait for their turn; more are answered 503. */
	int64_t hash_waiting;
};
/* The settings of section [auth]; the auth module adds to it. */
extern const struct option_group security_option_group;

/*
 * Prepares libsodium, the signing key and a decoy hash. APP_INVALID when a value is out of range.
 * Without a secret, as commands that sign nothing have it, security_must_sign() and token_sign()
 * fail and no signature is right.
 */
enum app_err security_new(struct ctx *c, const struct security_options *options,
			  struct security **ret) MUST_USE;
/* Whether a signing secret has so few different bytes that nobody drew it at random. */
bool secret_is_guessable(const char *secret);
/* Wipes the key. */
void security_drop(struct security *security);
/* To be asked before security_sign(). */
enum app_err security_must_sign(struct ctx *c) MUST_USE;

enum { PASSWORD_HASH_ROOM = 128, PASSWORD_MAX_BYTES = 1024 };

/*
 * The most that hashing a password may cost: the bound of the settings, and of a stored hash that
 * is checked, because whoever could write one would else decide how much memory and time a sign-in
 * takes. 2 GiB is the dearest that RFC 9106 §4 recommends; the work, KiB times passes, takes some
 * seconds of one core, as the dearest of other systems' hashes do.
 */
enum {
	PASSWORD_KIB_MAX = 2 * 1024 * 1024,
	PASSWORD_PASSES_MAX = 16,
	PASSWORD_WORK_MAX = 4 * 1024 * 1024,
};

/*
 * What of a password is hashed: its NFC, as RFC 8265 §4.2 has it. Keyboards of some systems send a
 * letter and its mark as one code point, those of others as two. In the arena.
 */
char *password_composed(struct arena *arena, const char *password) MUST_USE;

/*
 * Hashes its NFC with a fresh salt. Slow on purpose and takes hash_memory_kib: only in the lane
 * POOL_HASH.
 */
enum app_err password_hash(struct ctx *c, const char *password,
			   char ret_hash[PASSWORD_HASH_ROOM]) MUST_USE;

/*
 * *ret_matches: whether the password does, in NFC or, where that is another text, as it came: then
 * a wrong one costs twice, whoever asks. `hash` may be NULL (no such user, or no password set):
 * then a decoy is checked, and the answer is false. Whatever the hash, it costs as much as the
 * dearest that was checked since the start, and no less than a new one: neither NULL nor a hash
 * that was made at other settings can be told by the time. The same holds for hashes of other
 * systems (docs/moving-in.md), of each kind by itself: once one was checked, all sign-ins do its
 * work.
 *
 * Takes one core, and at one moment hash_memory_kib, or what `hash` takes if that is argon2
 * (PASSWORD_KIB_MAX at most), or 256 MiB at most once one of yescrypt or scrypt was checked.
 * Where that cannot be had it is APP_UNAVAILABLE, be the password right or wrong; for want of what
 * these two take, whoever asks.
 */
enum app_err password_verify(struct ctx *c, const char *hash, const char *password,
			     bool *ret_matches) MUST_USE;
/* Whether the hash is another system's, or was made with other cost settings than today's. */
bool password_is_outdated(struct ctx *c, const char *hash);
/*
 * Why the hash is not to be stored when it comes from elsewhere, as a sentence: no sign-in could
 * check it, or it takes more than 256 MiB; NULL: it is.
 */
const char *password_hash_fault(const char *hash);

/*
 * Signs bytes for a purpose of our own ("cursor"), so that we know them again: the first
 * SIGNATURE_BYTES of an HMAC-SHA-256 under a key derived from the secret and the purpose. Purposes
 * never accept each other's signatures.
 */
enum { SIGNATURE_BYTES = 16 };
void security_sign(const struct security *security, const char *purpose, const void *bytes,
		   size_t len, unsigned char ret[SIGNATURE_BYTES]);
/* In constant time. */
bool security_verify(const struct security *security, const char *purpose, const void *bytes,
		     size_t len, const unsigned char signature[SIGNATURE_BYTES]) MUST_USE;

/* What an access token says. Times are seconds since 1970, as in RFC 7519. */
struct token {
	/* "sub" */
	int64_t user_id;
	/* "ver": what the account, or the key, said of itself when the token was given. */
	int64_t version;
	/* "sid": the session that it belongs to; 0: to none, but to a key. */
	int64_t session_id;
	int64_t issued_at, expires_at;
	/* "jti" */
	char id[32];
	/* "key": the API key that it was given for, in place of a session; 0: for none. */
	int64_t key_id;
};

enum { TOKEN_ROOM = 640 };

/* Signs an access token; ret holds at most TOKEN_ROOM bytes with the NUL. */
enum app_err token_sign(struct ctx *c, const struct token *token, char ret[TOKEN_ROOM]) MUST_USE;
/*
 * Verifies key, signature, algorithm, type, issuer, audience and times (leeway 30 s).
 * Anything wrong is APP_UNAUTHENTICATED; why is recorded as cause, for the log.
 */
enum app_err token_verify(struct ctx *c, const char *text, size_t len, struct token *ret) MUST_USE;

#endif
