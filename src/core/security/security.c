/*
 * The settings of passwords and tokens, and what is prepared from them once at start: the signing
 * key, the fixed head of a token's claims and the decoy hash. The work is in password.c and
 * token.c.
 */
#include "core/security.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/app_name.h"
#include "base/mem.h"
#include "core/app.h"
#include "internal.h"

static_assert(PASSWORD_KIB_MAX <= crypto_pwhash_argon2id_MEMLIMIT_MAX / 1024,
	      "what the settings may be can be hashed");

static void check_group(struct config_check *check, const void *values);

static const char *const signings[] = CHOICES([SIGNING_HS256] = "hs256", [SIGNING_EDDSA] = "eddsa");

OPTION_GROUP_CHECKED(
	security_option_group, "auth", struct security_options,
	"Sign-in: how tokens are signed and passwords are hashed.", check_group,
	OPTION(struct security_options, secret, .secret = true, .required_in_production = true,
	       .server_only = true,
	       .doc = "Signs access tokens; at least 32 bytes, best random: `openssl rand -hex "
		      "32`. When it is empty in the local environment, " APP_NAME " generates one "
		      "and keeps it in the data directory. A new secret ends all access tokens, "
		      "and once keys were added it wants `auth rotate-keys --forget`."),
	OPTION(struct security_options, signing, .preset = "hs256", .choices = signings,
	       .doc = "How access tokens are signed. eddsa (Ed25519) is for where other services "
		      "verify them, too: its public keys are at /.well-known/jwks.json, and "
		      "verifying takes longer. Another way than before ends all access tokens."),
	OPTION(struct security_options, issuer, .preset = APP_NAME,
	       .doc = "Who issues the tokens and whom they are for (\"iss\" and \"aud\"); at "
		      "most 64 letters, digits and punctuation marks. Tokens of another issuer "
		      "are refused."),
	OPTION(struct security_options, hash_memory_kib, .preset = "19456", .min = 1024,
	       .max = PASSWORD_KIB_MAX,
	       .doc = "Memory in KiB that hashing one password takes (argon2id m). More makes "
		      "guessing dearer. Once it was lowered every sign-in still costs as much as "
		      "the dearest stored hash that was tried since the start."),
	OPTION(struct security_options, hash_passes, .preset = "2", .min = 1,
	       .max = PASSWORD_PASSES_MAX,
	       .doc = "Passes over that memory (argon2id t). More takes longer for you and "
		      "for whoever guesses. hash_memory_kib times hash_passes is 4194304 (4 GiB) "
		      "at most. What is said of lowering hash_memory_kib holds here, too."),
	OPTION(struct security_options, hash_running, .preset = "2", .min = 1, .max = 256,
	       .doc = "Most passwords hashed at the same time; each takes a core and "
		      "hash_memory_kib. Accounts from elsewhere take up to 256 MiB instead, "
		      "and those of yescrypt or scrypt make every sign-in take as much as the "
		      "dearest that was tried since the start."),
	OPTION(struct security_options, hash_waiting, .preset = "64", .min = 1, .max = 100000,
	       .doc = "Most sign-ins that wait for their turn to be hashed; more are answered "
		      "503."));

/* Printable ASCII that stands in a JSON text as it is, so that the claims have one spelling. */
static bool issuer_is_fine(const char *issuer)
{
	size_t len = strlen(issuer);
	for (const char *at = issuer; *at; at++)
		if (*at <= ' ' || *at > '~' || *at == '"' || *at == '\\')
			return false;
	return len > 0 && len <= ISSUER_MAX_BYTES;
}

static bool cost_is_fine(const struct security_options *options)
{
	return options->hash_memory_kib >= 8 && options->hash_memory_kib <= PASSWORD_KIB_MAX &&
	       options->hash_passes >= 1 && options->hash_passes <= PASSWORD_PASSES_MAX;
}

bool secret_is_guessable(const char *secret)
{
	bool seen[256] = { false };
	int different = 0;
	for (const unsigned char *at = (const unsigned char *)secret; *at; at++) {
		different += !seen[*at];
		seen[*at] = true;
	}
	sodium_memzero(seen, sizeof(seen));
	return different < SECRET_DIFFERENT_MIN;
}

static enum app_err check_options(struct ctx *c, const struct security_options *options)
{
	if (options->secret && *options->secret && strlen(options->secret) < SECRET_MIN_BYTES)
		return ctx_fail(c, APP_INVALID,
				"auth.secret must have at least %d bytes, best random: `openssl "
				"rand -hex 32`",
				SECRET_MIN_BYTES);
	if (options->secret && *options->secret && secret_is_guessable(options->secret))
		return ctx_fail(c, APP_INVALID,
				"auth.secret repeats fewer than %d different bytes, so that it can "
				"be guessed; best random: `openssl rand -hex 32`",
				SECRET_DIFFERENT_MIN);
	if (!options->issuer || !issuer_is_fine(options->issuer))
		return ctx_fail(c, APP_INVALID,
				"auth.issuer must be 1 to %d letters, digits or punctuation marks, "
				"without space, \" and \\",
				ISSUER_MAX_BYTES);
	if (!cost_is_fine(options))
		return ctx_fail(c, APP_INVALID,
				"auth.hash_memory_kib or auth.hash_passes is out of range");
	if (options->hash_memory_kib * options->hash_passes > PASSWORD_WORK_MAX)
		return ctx_fail(c, APP_INVALID,
				"auth.hash_passes is too much: hash_memory_kib times hash_passes "
				"is %d (4 GiB) at most, which takes some seconds",
				PASSWORD_WORK_MAX);
	return APP_OK;
}

static void check_group(struct config_check *check, const void *values)
{
	if (check_options(config_check_ctx(check), values))
		config_check_failure(check, "secret");
}

static void prepare_tokens(struct security *security, const struct security_options *options)
{
	security->signs = options->secret && *options->secret;
	security->signing = options->signing;
	if (security->signs)
		crypto_auth_hmacsha256_init(&security->key, (const unsigned char *)options->secret,
					    strlen(options->secret));
	sodium_stackzero(STACK_TOUCHED);
	pthread_mutex_init(&security->rings.lock, NULL);
	struct ring *ring = &security->rings.slots[0].ring;
	if (security->signs)
		token_key_make(security, &security->key, 0, &ring->keys[ring->count++]);
	randombytes_buf(security->known_key, sizeof(security->known_key));
	int len = snprintf(security->claims_head, sizeof(security->claims_head),
			   "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"", options->issuer,
			   options->issuer);
	security->claims_head_len = (size_t)len;
}

/*
 * A hash of nothing: random salt and random result, in the form and at the cost of a real one, so
 * that checking against it takes as long and never matches. Made up rather than computed, which
 * would slow every start.
 */
static void prepare_decoy(struct security *security)
{
	unsigned char bytes[crypto_pwhash_SALTBYTES + DECOY_HASH_BYTES];
	char salt[24], hash[48]; /* 22 and 43 characters */
	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2base64(salt, sizeof(salt), bytes, crypto_pwhash_SALTBYTES,
			  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	sodium_bin2base64(hash, sizeof(hash), bytes + crypto_pwhash_SALTBYTES, DECOY_HASH_BYTES,
			  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	snprintf(security->decoy, sizeof(security->decoy), "$argon2id$v=19$m=%zu,t=%llu,p=1$%s$%s",
		 security->memory_bytes / 1024, security->passes, salt, hash);
}

enum app_err security_new(struct ctx *c, const struct security_options *options,
			  struct security **ret)
{
	if (sodium_init() < 0)
		return ctx_fail_cause(c, APP_INTERNAL, "libsodium cannot start");
	enum app_err err = check_options(c, options);
	if (err)
		return err;
	/* kept out of core dumps, and out of swap where the limits allow it */
	struct security *security = sodium_malloc(sizeof(*security));
	if (!security)
		mem_out(sizeof(*security));
	memset(security, 0, sizeof(*security));
	security->passes = (unsigned long long)options->hash_passes;
	security->memory_bytes = (size_t)options->hash_memory_kib * 1024;
	security->dearest = (uint64_t)options->hash_memory_kib * security->passes;
	prepare_tokens(security, options);
	prepare_decoy(security);
	*ret = security;
	return APP_OK;
}

enum app_err security_must_sign(struct ctx *c)
{
	if (c->app->security->signs)
		return APP_OK;
	return ctx_fail(c, APP_UNAVAILABLE,
			"this is signed, and the setting auth.secret is empty or may not be read "
			"by this user");
}

void security_drop(struct security *security)
{
	if (security)
		pthread_mutex_destroy(&security->rings.lock);
	sodium_free(security); /* wipes it first; NULL is fine */
}
