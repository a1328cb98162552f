/*
 * Passwords by argon2id. Both functions take tens of milliseconds and hash_memory_kib: callers run
 * them in the lane POOL_HASH, never on an event loop. Rules about what makes a good password are
 * not here.
 */
#include <assert.h>
#include <stdatomic.h>
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

/*
 * What a hash takes to check, in KiB times passes; 0: it does not say, or takes more than the
 * settings may ask for (may, not do: these can be lowered).
 */
static uint64_t cost_of(const char *hash)
{
	unsigned long long kib, passes;
	const char *at = strstr(hash, "$m=");
	if (!at || sscanf(at, "$m=%10llu,t=%10llu,", &kib, &passes) != 2)
		return 0;
	return kib <= PASSWORD_KIB_MAX && passes <= PASSWORD_PASSES_MAX ? kib * passes : 0;
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

/* The cost of the dearest hash that was checked, this one included. */
static uint64_t dearest_with(struct security *security, uint64_t cost)
{
	uint_fast64_t dearest = atomic_load(&security->dearest);
	while (dearest < cost && !atomic_compare_exchange_weak(&security->dearest, &dearest, cost))
		continue;
	return dearest < cost ? cost : dearest;
}

/*
 * Hashes nothing at the cost that is left to that of the dearest hash, in no more memory than the
 * settings give: a hash made while they were others would tell by its time that there is one.
 */
static void spend_rest(struct security *security, uint64_t spent)
{
	static const unsigned char salt[crypto_pwhash_SALTBYTES];
	const uint64_t ours = security->memory_bytes / 1024;
	const uint64_t least = crypto_pwhash_MEMLIMIT_MIN / 1024;
	uint64_t rest = dearest_with(security, spent) - spent;
	if (rest < least)
		return;
	uint64_t passes = (rest + ours - 1) / ours;
	uint64_t kib = rest / passes > least ? rest / passes : least;
	unsigned char nothing[DECOY_HASH_BYTES];
	int failed = crypto_pwhash(nothing, sizeof(nothing), "", 0, salt, passes,
				   (size_t)kib * 1024, crypto_pwhash_ALG_ARGON2ID13);
	(void)failed;
}

bool password_matches(struct ctx *c, const char *hash, const char *password)
{
	struct security *security = c->app->security;
	size_t len = strlen(password);
	bool readable = hash_is_readable(security, hash);
	bool bounded = readable && cost_of(hash) > 0;
	if (readable && !bounded)
		log_warn(c, "a stored password hash costs too much to check and is refused");
	bool may_match = bounded && len <= PASSWORD_MAX_BYTES;
	if (!may_match)
		hash = security->decoy;
	if (len > PASSWORD_MAX_BYTES)
		len = 0;
	bool matched = crypto_pwhash_str_verify(hash, password, len) == 0;
	sodium_stackzero(STACK_TOUCHED);
	spend_rest(security, cost_of(hash));
	return matched && may_match;
}

bool password_is_outdated(struct ctx *c, const char *hash)
{
	const struct security *security = c->app->security;
	return crypto_pwhash_str_needs_rehash(hash, security->passes, security->memory_bytes) != 0;
}
