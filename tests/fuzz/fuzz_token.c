/*
 * Fuzz target of bearer tokens. The first byte says what the rest is: a whole token as a client
 * sends it ('t'), claims that we sign as who knows the secret could ('c'), or a header, a line feed
 * and claims ('h'); with HS256, and as a capital letter with EdDSA. Nothing is accepted that is
 * not, byte for byte, what token_sign() makes of what was read, and never one whose time is not
 * now.
 */
#include "fuzz/target.h"

#include <sodium.h>

#include "base/str.h"
#include "core/app.h"
#include "core/security.h"

#define SECRET "0123456789abcdef0123456789abcdef"
#define HEADER(alg) "{\"alg\":\"" alg "\",\"kid\":\"yOLKWLoz-Ik\",\"typ\":\"JWT\"}"
#define PAIR_PURPOSE "\0croft purpose:\0token key ed25519"

enum { NOW_S = 1800000000, LEEWAY_S = 30 };

static struct instant frozen(const struct clock *clock)
{
	(void)clock;
	return (struct instant){ SECONDS_US(NOW_S) };
}

static struct security *security_once(enum security_signing signing)
{
	static struct security *of[2];
	const struct security_options options = { .secret = SECRET,
						  .signing = signing,
						  .issuer = "croft",
						  .hash_memory_kib = 1024,
						  .hash_passes = 1,
						  .hash_running = 1 };
	AUTO(arena) arena = { 0 };
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	if (!of[signing])
		assert(!security_new(&c, &options, &of[signing]));
	return of[signing];
}

static void sign_ed25519(const char *text, size_t len, unsigned char ret[crypto_sign_BYTES])
{
	unsigned char seed[crypto_auth_hmacsha256_BYTES];
	unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
	crypto_auth_hmacsha256(seed, (const unsigned char *)PAIR_PURPOSE, sizeof(PAIR_PURPOSE) - 1,
			       (const unsigned char *)SECRET);
	crypto_sign_seed_keypair(public, secret, seed);
	crypto_sign_detached(ret, NULL, (const unsigned char *)text, len, secret);
}

/* What is signed, and how. */
struct forged {
	enum security_signing signing;
	const char *header;
	size_t header_len;
	const char *claims;
	size_t len;
};

static size_t sign(const struct forged *forged, char *out)
{
	unsigned char signature[crypto_sign_BYTES];
	size_t at = str_base64url(forged->header, forged->header_len, out);
	out[at++] = '.';
	at += str_base64url(forged->claims, forged->len, out + at);
	if (forged->signing == SIGNING_EDDSA)
		sign_ed25519(out, at, signature);
	else
		crypto_auth_hmacsha256(signature, (const unsigned char *)out, at,
				       (const unsigned char *)SECRET);
	size_t len = forged->signing == SIGNING_EDDSA ? sizeof(signature)
						      : crypto_auth_hmacsha256_BYTES;
	out[at++] = '.';
	return at + str_base64url(signature, len, out + at);
}

static void check(struct ctx *c, const char *text, size_t len)
{
	struct token token = { .user_id = -7 };
	char again[TOKEN_ROOM];
	if (token_verify(c, text, len, &token)) {
		assert(token.user_id == -7 && c->failure.err == APP_UNAUTHENTICATED);
		assert(!c->failure.text && c->failure.cause);
		return;
	}
	assert(token.issued_at <= NOW_S + LEEWAY_S && token.expires_at > NOW_S - LEEWAY_S);
	assert(!token_sign(c, &token, again));
	assert(strlen(again) == len && !memcmp(again, text, len));
}

/* One bit more or less is another token, which nobody has signed. */
static void check_changed(struct ctx *c, char *text, size_t len)
{
	struct token token;
	for (size_t i = 0; i < len; i += 1 + len / 16) {
		text[i] ^= 1;
		ctx_recover(c);
		assert(token_verify(c, text, len, &token));
		text[i] ^= 1;
	}
}

/* The text is a header, a line feed and claims when it has a header of its own. */
static void check_signed(struct ctx *c, enum security_signing signing, bool has_own,
			 const char *text, size_t len)
{
	static const char *const headers[] = { HEADER("HS256"), HEADER("EdDSA") };
	struct forged forged = { signing, headers[signing], strlen(headers[signing]), text, len };
	const char *feed = has_own ? memchr(text, '\n', len) : NULL;
	if (has_own) {
		forged.header = text;
		forged.header_len = feed ? (size_t)(feed - text) : 0;
		forged.claims = feed ? feed + 1 : text;
		forged.len = len - (size_t)(forged.claims - text);
	}
	char *token = malloc(2 * len + 300);
	assert(token);
	size_t token_len = sign(&forged, token);
	check(c, token, token_len);
	check_changed(c, token, token_len);
	free(token);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	AUTO(arena) arena = { 0 };
	bool is_capital = *data >= 'A' && *data <= 'Z';
	enum security_signing signing = is_capital ? SIGNING_EDDSA : SIGNING_HS256;
	struct app app = { .security = security_once(signing) };
	const struct clock clock = { .now = frozen };
	struct ctx c;
	ctx_init(&c, &app, &arena);
	c.clock = &clock;
	char *text = fuzz_text(data + 1, size - 1), kind = (char)(*data | 0x20);
	if (kind == 't')
		check(&c, text, size - 1);
	else
		check_signed(&c, signing, kind == 'h', text, size - 1);
	free(text);
	return 0;
}
