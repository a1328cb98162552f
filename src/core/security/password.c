/*
 * Passwords by argon2id; those of other systems are checked, too. Hashing and checking take tens of
 * milliseconds and much memory: callers run them in the lane POOL_HASH, never on an event loop.
 * Rules about what makes a good password are not here.
 */
#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/str.h"
#include "core/app.h"
#include "core/log.h"
#include "core/text.h"
#include "internal.h"

/* As of the other systems' hashes that take memory. */
enum { IMPORTED_KIB_MAX = 256 * 1024 };

static_assert(PASSWORD_HASH_ROOM >= crypto_pwhash_STRBYTES, "a hash must fit its room");

char *password_composed(struct arena *arena, const char *password)
{
	return text_normal(arena, TEXT_NFC, password, strlen(password), NULL);
}

enum app_err password_hash(struct ctx *c, const char *password, char ret_hash[PASSWORD_HASH_ROOM])
{
	const struct security *security = c->app->security;
	if (strlen(password) > PASSWORD_MAX_BYTES)
		return ctx_fail(c, APP_INVALID, "A password has at most %d bytes",
				PASSWORD_MAX_BYTES);
	const char *text = password_composed(c->arena, password);
	char hash[crypto_pwhash_STRBYTES];
	int failed = crypto_pwhash_str_alg(hash, text, strlen(text), security->passes,
					   security->memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
	sodium_stackzero(STACK_TOUCHED);
	if (failed)
		return ctx_fail_cause(c, APP_UNAVAILABLE,
				      "hashing a password failed: %zu KiB of memory cannot be had",
				      security->memory_bytes / 1024);
	memcpy(ret_hash, hash, sizeof(hash));
	return APP_OK;
}

struct cost {
	unsigned long long kib, passes;
};

/*
 * What a hash of argon2 takes to check; nothing: it does not say, or takes more than the settings
 * may ask for (may, not do: these can be lowered).
 */
static struct cost cost_of(const char *hash)
{
	struct cost cost = { 0, 0 };
	const char *at = strstr(hash, "$m=");
	if (!at || sscanf(at, "$m=%10llu,t=%10llu,", &cost.kib, &cost.passes) != 2 ||
	    cost.kib > PASSWORD_KIB_MAX || cost.passes > PASSWORD_PASSES_MAX ||
	    cost.kib * cost.passes > PASSWORD_WORK_MAX)
		return (struct cost){ 0, 0 };
	return cost;
}

/* argon2$argon2id$v=19…: Django writes its own name in front. */
static const char *without_name(const char *hash)
{
	static const char name[] = "argon2";
	return str_starts(hash, name) ? hash + strlen(name) : hash;
}

/*
 * Whether libsodium can read the hash; if not, verifying would return at once and so tell that it
 * cannot.
 */
static bool hash_is_readable(const char *hash)
{
	return crypto_pwhash_str_needs_rehash(hash, crypto_pwhash_OPSLIMIT_MIN,
					      crypto_pwhash_MEMLIMIT_MIN) >= 0;
}

/* The cost of the dearest hash that was checked, this one included. */
static uint64_t dearest_with(atomic_uint_fast64_t *of_all, uint64_t cost)
{
	uint_fast64_t dearest = atomic_load(of_all);
	while (dearest < cost && !atomic_compare_exchange_weak(of_all, &dearest, cost))
		continue;
	return dearest < cost ? cost : dearest;
}

/*
 * Hashes nothing at the cost that is left to that of the dearest hash, in no more memory than the
 * settings give: a hash made while they were others would tell by its time that there is one.
 * Whether that was done.
 */
static bool spend_rest(struct security *security, uint64_t spent)
{
	static const unsigned char salt[crypto_pwhash_SALTBYTES];
	const uint64_t ours = security->memory_bytes / 1024;
	const uint64_t least = crypto_pwhash_MEMLIMIT_MIN / 1024;
	uint64_t rest = dearest_with(&security->dearest, spent) - spent;
	if (rest < least)
		return true;
	uint64_t passes = (rest + ours - 1) / ours;
	uint64_t kib = rest / passes > least ? rest / passes : least;
	unsigned char nothing[DECOY_HASH_BYTES];
	return crypto_pwhash(nothing, sizeof(nothing), "", 0, salt, passes, (size_t)kib * 1024,
			     crypto_pwhash_ALG_ARGON2ID13) == 0;
}

/* Nothing of it is touched. */
static bool memory_is_there(size_t bytes)
{
	void *there = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return there != MAP_FAILED && munmap(there, bytes) == 0;
}

/*
 * NULL: none that may match, so the decoy is checked. libsodium says the same of a password that
 * differs and of memory that cannot be had, so the latter is asked for once more.
 */
static bool argon2_matches(struct security *security, const char *hash, const char *password,
			   bool *lacks_memory)
{
	const char *checked = hash ? hash : security->decoy;
	const struct cost cost = cost_of(checked);
	bool matched = crypto_pwhash_str_verify(checked, password, strlen(password)) == 0;
	sodium_stackzero(STACK_TOUCHED);
	*lacks_memory |= !matched && !memory_is_there((size_t)cost.kib * 1024);
	*lacks_memory |= !spend_rest(security, cost.kib * cost.passes);
	return matched && hash;
}

/*
 * NULL: none. What any account of another system took since the start, every sign-in takes, kind by
 * kind: so the time does not tell whose hash is whose.
 */
static bool foreign_is_checked(struct security *security, const struct foreign_hash *hash,
			       const char *password, bool *lacks_memory)
{
	bool matched = hash && foreign_matches(hash, password, lacks_memory);
	for (int kind = 0; kind < FOREIGN_KINDS; kind++) {
		uint64_t spent = hash && (int)hash->kind == kind ? hash->work : 0;
		uint64_t dearest = dearest_with(&security->dearest_foreign[kind], spent);
		foreign_spend((enum foreign_kind)kind, dearest - spent, password, lacks_memory);
	}
	sodium_stackzero(STACK_TOUCHED);
	return matched;
}

/* A hash as it is stored: at most one of the two is not NULL. */
struct stored {
	const char *argon2;
	struct foreign_hash *foreign;
};

static enum hash_reading read_stored(const char *hash, struct foreign_hash *foreign,
				     struct stored *ret)
{
	*ret = (struct stored){ NULL, NULL };
	if (!hash)
		return HASH_UNKNOWN;
	const char *argon2 = without_name(hash);
	enum hash_reading reading = HASH_READ;
	if (!hash_is_readable(argon2)) {
		reading = foreign_read(hash, foreign);
		ret->foreign = reading ? NULL : foreign;
	} else if (cost_of(argon2).kib) {
		ret->argon2 = argon2;
	} else {
		reading = HASH_TOO_DEAR;
	}
	return reading;
}

static bool is_checked(struct security *security, const struct stored *stored, const char *password,
		       bool *lacks_memory)
{
	bool matched = argon2_matches(security, stored->argon2, password, lacks_memory);
	return matched | foreign_is_checked(security, stored->foreign, password, lacks_memory);
}

enum app_err password_verify(struct ctx *c, const char *hash, const char *password,
			     bool *ret_matches)
{
	struct security *security = c->app->security;
	struct foreign_hash foreign;
	struct stored stored;
	bool may_match = strlen(password) <= PASSWORD_MAX_BYTES, lacks_memory = false;
	if (read_stored(hash, &foreign, &stored) == HASH_TOO_DEAR)
		log_warn(c, "a stored password hash costs too much to check and is refused");
	const char *tried = may_match ? password_composed(c->arena, password) : "";
	bool matched = is_checked(security, &stored, tried, &lacks_memory);
	/* other systems hash what they are sent, as was done here once */
	if (may_match && !matched && !str_eq(tried, password))
		matched = is_checked(security, &stored, password, &lacks_memory);
	if (lacks_memory)
		return ctx_fail_cause(c, APP_UNAVAILABLE,
				      "checking a password failed: the memory that the dearest "
				      "stored hashes take cannot be had");
	*ret_matches = matched && may_match;
	return APP_OK;
}

bool password_is_outdated(struct ctx *c, const char *hash)
{
	const struct security *security = c->app->security;
	return !str_starts(hash, crypto_pwhash_argon2id_STRPREFIX) ||
	       crypto_pwhash_str_needs_rehash(hash, security->passes, security->memory_bytes) != 0;
}

const char *password_hash_fault(const char *hash)
{
	struct foreign_hash foreign;
	struct stored stored;
	switch (read_stored(hash, &foreign, &stored)) {
	case HASH_READ:
		return stored.argon2 && cost_of(stored.argon2).kib > IMPORTED_KIB_MAX
			       ? "checking it takes more than 256 MiB of memory"
			       : NULL;
	case HASH_TOO_DEAR: return "checking it takes longer than a sign-in may";
	case HASH_BROKEN: return "it begins as a hash that can be checked, and goes on otherwise";
	case HASH_UNKNOWN: break;
	}
	return "it is no hash that can be checked: argon2, bcrypt, PBKDF2, scrypt, sha512-crypt, "
	       "sha256-crypt and yescrypt can";
}
