/*
 * Access tokens: what is signed is accepted, and what was changed in any way is not; what was
 * verified once is known again.
 */
#include <dlfcn.h>

#include "forge.h"
#include "testing/frozen_clock.h"

static int hashed;

/* In place of libsodium's, which it calls. */
int crypto_auth_hmacsha256_final(crypto_auth_hmacsha256_state *state, unsigned char *out)
{
	int (*own)(crypto_auth_hmacsha256_state *, unsigned char *);
	*(void **)&own = dlsym(RTLD_NEXT, "crypto_auth_hmacsha256_final");
	hashed++;
	return own(state, out);
}

static void expect_sample(struct scene *scene, const char *text, size_t len)
{
	struct token token;
	assert_int_equal(token_verify(&scene->c, text, len, &token), APP_OK);
	assert_int_equal(token.user_id, sample.user_id);
	assert_int_equal(token.version, sample.version);
	assert_int_equal(token.issued_at, sample.issued_at);
	assert_int_equal(token.expires_at, sample.expires_at);
	assert_string_equal(token.id, sample.id);
}

static void what_is_signed_is_accepted(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char text[TOKEN_ROOM];
	assert_int_equal(token_sign(&scene.c, &sample, text), APP_OK);
	expect_sample(&scene, text, strlen(text));
	secure_scene_close(&scene);
}

/*
 * The forging of this file makes the very token that token_sign() makes: so the refusals below mean
 * something.
 */
static void the_forge_of_these_tests_is_right(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char text[TOKEN_ROOM], forged[FORGED_ROOM];
	assert_int_equal(token_sign(&scene.c, &sample, text), APP_OK);
	size_t len = forge(HEADER, CLAIMS, forged);
	assert_string_equal(text, forged);
	assert_memory_equal(text, HEADER_SEGMENT ".", sizeof(HEADER_SEGMENT));
	expect_sample(&scene, forged, len);
	secure_scene_close(&scene);
}

static void the_longest_token_fits(void **state)
{
	(void)state;
	struct scene scene;
	struct security_options options = cheap;
	options.issuer = "https://a-long-name-of-an-issuer.example.org/with/a/path/of/64..";
	assert_int_equal(strlen(options.issuer), 64);
	secure_scene_open(&scene, &options);
	struct token token = { .user_id = INT64_MAX,
			       .version = INT64_MAX,
			       .session_id = INT64_MAX,
			       .issued_at = NOW,
			       .expires_at = INT64_MAX,
			       .id = "0123456789012345678901234567890" };
	char text[TOKEN_ROOM];
	memset(text, 'x', sizeof(text));
	assert_int_equal(token_sign(&scene.c, &token, text), APP_OK);
	struct token back;
	assert_int_equal(token_verify(&scene.c, text, strnlen(text, sizeof(text)), &back), APP_OK);
	assert_memory_equal(&back, &token, sizeof(token));
	secure_scene_close(&scene);
}

static void nonsense_is_not_signed(void **state)
{
	(void)state;
	const struct token nonsense[] = {
		{ 0, 3, 5, NOW, NOW + 1, "a", 0 },
		{ -1, 3, 5, NOW, NOW + 1, "a", 0 },
		{ 1, -1, 5, NOW, NOW + 1, "a", 0 },
		{ 1, 1, 0, NOW, NOW + 1, "a", 0 },
		{ 1, 1, -5, NOW, NOW + 1, "a", 0 },
		{ 1, 1, 5, -1, NOW, "a", 0 },
		{ 1, 1, 5, NOW, NOW, "a", 0 },
		{ 1, 1, 5, NOW, NOW + 1, "", 0 },
		{ 1, 1, 5, NOW, NOW + 1, "a\"b", 0 },
		{ 1, 1, 5, NOW, NOW + 1, "01234567890123456789012345678901", 0 },
		{ 1, 1, 5, NOW, NOW + 1, "a", 7 },
		{ 1, 1, 0, NOW, NOW + 1, "a", -7 },
		{ 1, 1, -5, NOW, NOW + 1, "a", 7 },
	};
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	for (size_t i = 0; i < COUNT_OF(nonsense); i++) {
		char text[TOKEN_ROOM] = "untouched";
		assert_int_equal(token_sign(&scene.c, &nonsense[i], text), APP_INTERNAL);
		assert_string_equal(text, "untouched");
		scene_next(&scene);
	}
	secure_scene_close(&scene);
}

static size_t valid_token(struct scene *scene, char text[TOKEN_ROOM])
{
	assert_int_equal(token_sign(&scene->c, &sample, text), APP_OK);
	return strlen(text);
}

static void no_signature(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char text[TOKEN_ROOM];
	valid_token(&scene, text);
	size_t dot = (size_t)(strrchr(text, '.') - text);
	expect_refused(&scene, text, dot + 1, NOT_SIGNED);
	expect_refused(&scene, text, dot, NOT_SIGNED);
	for (size_t len = 0; len < dot; len++)
		expect_refused(&scene, text, len, NULL);
	secure_scene_close(&scene);
}

static void another_key(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	const char *keys[] = { "", "another secret of more than 32 bytes", SECRET " ",
			       HEADER_SEGMENT };
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		char text[TOKEN_ROOM];
		valid_token(&scene, text);
		*strrchr(text, '.') = '\0';
		size_t len = sign_text(text, keys[i]);
		expect_refused(&scene, text, len, NOT_SIGNED);
	}
	secure_scene_close(&scene);
}

static void each_bit_flipped(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char text[TOKEN_ROOM];
	size_t len = valid_token(&scene, text);
	for (size_t bit = 0; bit < len * 8; bit++) {
		text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
		expect_refused(&scene, text, len, NULL);
		text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
	}
	expect_sample(&scene, text, len);
	secure_scene_close(&scene);
}

/* The last character carries unused bits: of 64 characters four decode to the same byte. */
static void last_character_in_other_spellings(void **state)
{
	(void)state;
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char text[TOKEN_ROOM];
	size_t len = valid_token(&scene, text);
	char last = text[len - 1];
	for (const char *at = alphabet; *at; at++) {
		text[len - 1] = *at;
		if (*at != last)
			expect_refused(&scene, text, len, NOT_SIGNED);
	}
	secure_scene_close(&scene);
}

/* Rightly signed, so that only the strict decoding of the claims can refuse it. */
static void claims_in_other_spellings(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char claims[TOKEN_ROOM], text[FORGED_ROOM];
	size_t len = encode_json(CLAIMS, claims);
	assert_int_not_equal(strlen(CLAIMS) % 3, 0);
	const char *ends[] = { "=", "==", " ", "\n", ".", "+", "/" };
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		snprintf(text, sizeof(text), HEADER_SEGMENT ".%s%s", claims, ends[i]);
		expect_refused(&scene, text, sign_text(text, SECRET), NOT_ENCODED);
	}
	claims[len - 1]++;
	snprintf(text, sizeof(text), HEADER_SEGMENT ".%s", claims);
	expect_refused(&scene, text, sign_text(text, SECRET), NOT_ENCODED);
	secure_scene_close(&scene);
}

static void something_around_the_token(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char text[TOKEN_ROOM], dressed[TOKEN_ROOM + 8];
	valid_token(&scene, text);
	static const struct {
		const char *before, *after;
	} around[] = { { "", "=" },    { "", "==" }, { "", "." },  { ".", "" },
		       { " ", "" },    { "", " " },  { "", "\n" }, { "\t", "" },
		       { "\"", "\"" }, { "", ",a" }, { "", "..." } };
	for (size_t i = 0; i < COUNT_OF(around); i++) {
		int len = snprintf(dressed, sizeof(dressed), "%s%s%s", around[i].before, text,
				   around[i].after);
		expect_refused(&scene, dressed, (size_t)len, NULL);
	}
	secure_scene_close(&scene);
}

static void huge_and_deep_tokens(void **state)
{
	(void)state;
	static char huge[65536];
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	memset(huge, 'A', sizeof(huge));
	expect_refused(&scene, huge, sizeof(huge), NOT_LENGTH);
	char text[FORGED_ROOM], deep[1001] = "";
	memset(deep, '[', sizeof(deep) - 1);
	expect_refused(&scene, text, forge(deep, CLAIMS, text), NOT_LENGTH);
	expect_refused(&scene, "", 0, NOT_LENGTH);
	expect_refused(&scene, "..", 2, NOT_LENGTH);
	for (size_t len = 0; len < 1024; len++)
		expect_refused(&scene, huge, len, NULL);
	memset(huge, '.', sizeof(huge));
	for (size_t len = 0; len < 1024; len++)
		expect_refused(&scene, huge, len, NULL);
	secure_scene_close(&scene);
}

static void another_server_s_token_is_refused(void **state)
{
	(void)state;
	struct scene ours, theirs;
	struct security_options options = cheap;
	char text[TOKEN_ROOM];
	secure_scene_open(&ours, &cheap);
	options.secret = "another secret of more than 32 bytes";
	secure_scene_open(&theirs, &options);
	expect_refused(&ours, text, valid_token(&theirs, text), NOT_HEADER);
	secure_scene_close(&theirs);
	options = cheap;
	options.issuer = "staging";
	secure_scene_open(&theirs, &options);
	expect_refused(&ours, text, valid_token(&theirs, text), NOT_CLAIMS);
	secure_scene_close(&theirs);
	secure_scene_close(&ours);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* One change of bytes; returns the new length. */
static size_t mutate(char *text, size_t len, uint32_t *seed)
{
	if (!len)
		return 0;
	size_t at = next_random(seed) % len, other = next_random(seed) % len;
	char byte = (char)(next_random(seed) % 4 ? text[other] : (char)next_random(seed));
	switch (next_random(seed) % 5) {
	case 0: text[at] = byte; return len;
	case 1: memmove(text + at, text + at + 1, len - at - 1); return len - 1;
	case 2:
		memmove(text + at + 1, text + at, len - at);
		text[at] = byte;
		return len + 1;
	case 3:
		byte = text[at];
		text[at] = text[other];
		text[other] = byte;
		return len;
	default: return at ? at : 1;
	}
}

static void random_mutations_are_refused(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char valid[TOKEN_ROOM];
	size_t valid_len = valid_token(&scene, valid);
	uint32_t seed = 20260102;
	int refused = 0;
	while (refused < 20000) {
		char text[TOKEN_ROOM + 8];
		size_t len = valid_len;
		memcpy(text, valid, len);
		for (uint32_t changes = 1 + next_random(&seed) % 4; changes; changes--)
			len = mutate(text, len, &seed);
		if (len == valid_len && !memcmp(text, valid, len))
			continue;
		expect_refused(&scene, text, len, NULL);
		refused++;
	}
	expect_sample(&scene, valid, valid_len);
	secure_scene_close(&scene);
}

/* What is recorded goes to the log: neither the secret nor a piece of the token may be in it. */
static void nothing_recorded_holds_the_token(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	const struct forged_case cases[] = {
		{ HEADER, WHO SUB "'iat':1,'exp':2," JTI, NULL },
		{ "{}", CLAIMS, NULL },
		{ HEADER, "{'CANARY':'" CLAIMS, NULL },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char text[FORGED_ROOM], piece[9] = "";
		struct token token;
		size_t len = forge(cases[i].header, cases[i].claims, text);
		assert_int_equal(token_verify(&scene.c, text, len, &token), APP_UNAUTHENTICATED);
		const char *cause = scene.c.failure.cause;
		assert_null(strstr(cause, "CANARY"));
		assert_null(scene.c.failure.text);
		for (size_t at = 0; at + 8 <= len; at++)
			assert_null(strstr(cause, memcpy(piece, text + at, 8)));
		scene_next(&scene);
	}
	secure_scene_close(&scene);
}

static void what_was_verified_is_known(void **state)
{
	(void)state;
	struct scene scene;
	struct frozen_clock clock;
	char text[TOKEN_ROOM];
	secure_scene_open(&scene, &cheap);
	frozen_clock_set(&clock, "2027-01-15T08:00:00Z");
	scene.c.clock = &clock.clock;
	assert_int_equal(token_sign(&scene.c, &sample, text), APP_OK);
	size_t len = strlen(text);
	hashed = 0;
	for (int i = 0; i < 5; i++)
		expect_sample(&scene, text, len);
	assert_int_equal(hashed, 1);
	/* what was refused is not remembered, and another signature of it is another token */
	text[len - 3] ^= 1;
	expect_refused(&scene, text, len, NOT_SIGNED);
	expect_refused(&scene, text, len, NOT_SIGNED);
	assert_int_equal(hashed, 3);
	text[len - 3] ^= 1;
	clock.us = (sample.expires_at + 30) * INT64_C(1000000);
	expect_refused(&scene, text, len, EXPIRED);
	assert_int_equal(hashed, 3);
	secure_scene_close(&scene);
}

static const struct CMUnitTest rows[] = {
	ROW("what is signed is accepted", what_is_signed_is_accepted),
	ROW("the forge of these tests makes the token that token_sign() makes",
	    the_forge_of_these_tests_is_right),
	ROW("what was verified once is known again, until it expires", what_was_verified_is_known),
	ROW("the longest token fits", the_longest_token_fits),
	ROW("a token that says nonsense is not signed", nonsense_is_not_signed),
	ROW("S01 an empty or missing signature", no_signature),
	ROW("a signature by another key", another_key),
	ROW("S03 each bit of a token flipped", each_bit_flipped),
	ROW("S03 the last character in its other spellings", last_character_in_other_spellings),
	ROW("S03 padding, blanks and unused bits in the claims", claims_in_other_spellings),
	ROW("S03 padding, blanks and dots around a token", something_around_the_token),
	ROW("S07 a token of 64 KiB, a header of 1,000 levels", huge_and_deep_tokens),
	ROW("a token of another server is refused", another_server_s_token_is_refused),
	ROW("20,000 random mutations are refused", random_mutations_are_refused),
	ROW("nothing recorded holds the secret or a piece of the token",
	    nothing_recorded_holds_the_token),
};

int main(void)
{
	return rows_run("tokens", rows, COUNT_OF(rows));
}
