/*
 * Fuzz target of bearer tokens. The first byte says what the rest is: a whole token as a client
 * sends it ('t'), claims that we sign as who knows the secret could ('c'), or a header, a line feed
 * and claims ('h'). Nothing is accepted that is not, byte for byte, what token_sign() makes of what
 * was read, and never one whose time is not now.
 */
#include "fuzz/target.h"

#include <sodium.h>

#include "base/str.h"
#include "core/app.h"
#include "core/security.h"

#define SECRET "0123456789abcdef0123456789abcdef"
#define HEADER "{\"alg\":\"HS256\",\"kid\":\"yOLKWLoz-Ik\",\"typ\":\"JWT\"}"

enum { NOW_S = 1800000000, LEEWAY_S = 30 };

static struct instant frozen(const struct clock *clock)
{
	(void)clock;
	return (struct instant){ SECONDS_US(NOW_S) };
}

static struct security *security_once(void)
{
	static struct security *security;
	static const struct security_options options = { .secret = SECRET,
							 .issuer = "croft",
							 .hash_memory_kib = 1024,
							 .hash_passes = 1,
							 .hash_running = 1 };
	AUTO(arena) arena = { 0 };
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	if (!security)
		assert(!security_new(&c, &options, &security));
	return security;
}

static size_t sign(const char *header, size_t header_len, const char *claims, size_t len, char *out)
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	size_t at = str_base64url(header, header_len, out);
	out[at++] = '.';
	at += str_base64url(claims, len, out + at);
	crypto_auth_hmacsha256(mac, (const unsigned char *)out, at, (const unsigned char *)SECRET);
	out[at++] = '.';
	return at + str_base64url(mac, sizeof(mac), out + at);
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) arena = { 0 };
	struct app app = { .security = security_once() };
	const struct clock clock = { .now = frozen };
	struct ctx c;
	ctx_init(&c, &app, &arena);
	c.clock = &clock;
	if (!size)
		return 0;
	char *text = fuzz_text(data + 1, size - 1), *claims = text, *signed_text = NULL;
	size_t len = size - 1, header_len = 0;
	if (*data == 't') {
		check(&c, text, len);
		free(text);
		return 0;
	}
	if (*data == 'h' && (claims = memchr(text, '\n', len)))
		header_len = (size_t)(claims++ - text);
	else
		claims = text;
	size_t claims_len = len - (size_t)(claims - text);
	signed_text = malloc(2 * size + 200);
	assert(signed_text);
	bool has_own = *data == 'h';
	len = sign(has_own ? text : HEADER, has_own ? header_len : strlen(HEADER), claims,
		   claims_len, signed_text);
	check(&c, signed_text, len);
	check_changed(&c, signed_text, len);
	free(signed_text);
	free(text);
	return 0;
}
