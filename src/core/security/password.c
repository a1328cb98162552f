/*
 * Passwords by argon2id. Both functions take tens of milliseconds and hash_memory_kib: callers run
 * them in the lane POOL_HASH, never on an event loop. Rules about what makes a good password are
 * not here.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/app.h"
#include "core/log.h"
#include "internal.h"

static_assert(PASSWORD_HASH_ROOM >= crypto_pwhash_STRBYTES, "a hash must fit its room");

enum app_err password_hash(struct ctx *c, const char *password, char ret_hash[PASSWORD_HASH_ROOM])
{
	const struct security *security = c->app->security;
	if (strlen(password) > PASSWORD_MAX_BYTES)
		return ctx_fail(c, APP_INVALID, "A password has at most %d bytes",
				PASSWORD_MAX_BYTES);
	char hash[crypto_pwhash_STRBYTES];
	int failed = crypto_pwhash_str_alg(hash, password, strlen(password), security->passes,
					   security->memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
	sodium_stackzero(STACK_TOUCHED);
	if (failed)
		return ctx_fail_cause(c, APP_UNAVAILABLE,
				      "hashing a password failed: %zu KiB of memory cannot be had",
				      security->memory_bytes / 1024);
	memcpy(ret_hash, hash, sizeof(hash));
	return APP_OK;
}

/* Within what the settings may be, not what they are: these can be lowered. */
static bool cost_is_bounded(const char *hash)
{
	unsigned long long kib, passes;
	const char *at = strstr(hash, "$m=");
	if (!at || sscanf(at, "$m=%10llu,t=%10llu,", &kib, &passes) != 2)
		return false;
	return kib <= PASSWORD_KIB_MAX && passes <= PASSWORD_PASSES_MAX;
}

/*
 * Whether libsodium can read the hash; if not, verifying would return at once and so tell that it
 * cannot.
 */
static bool hash_is_readable(const struct security *security, const char *hash)
{
	return hash &&
	       crypto_pwhash_str_needs_rehash(hash, security->passes, security->memory_bytes) >= 0;
}

bool password_matches(struct ctx *c, const char *hash, const char *password)
{
	const struct security *security = c->app->security;
	size_t len = strlen(password);
	bool readable = hash_is_readable(security, hash);
	bool bounded = readable && cost_is_bounded(hash);
	if (readable && !bounded)
		log_warn(c, "a stored password hash costs too much to check and is refused");
	bool may_match = bounded && len <= PASSWORD_MAX_BYTES;
	if (!may_match)
		hash = security->decoy;
	if (len > PASSWORD_MAX_BYTES)
		len = 0;
	bool matched = crypto_pwhash_str_verify(hash, password, len) == 0;
	sodium_stackzero(STACK_TOUCHED);
	return matched && may_match;
}

bool password_is_outdated(struct ctx *c, const char *hash)
{
	const struct security *security = c->app->security;
	return crypto_pwhash_str_needs_rehash(hash, security->passes, security->memory_bytes) != 0;
}
