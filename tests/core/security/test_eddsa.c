/* threaded */
/*
 * Access tokens that are signed with Ed25519: what is signed is accepted, what was forged or
 * changed is not, and what was verified once is not verified again.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>

#include "core/keyring.h"
#include "forge.h"
#include "testing/frozen_clock.h"

/* Of the key that follows from SECRET. */
#define ED_HEADER "{'alg':'EdDSA','kid':'" KEY_ID "','typ':'JWT'}"
#define PAIR_PURPOSE "\0croft purpose:\0token key ed25519"

/* ---- how often the library verifies ---- */

static atomic_int verified;

/* In place of libsodium's, which it calls. */
int crypto_sign_verify_detached(const unsigned char *sig, const unsigned char *m,
				unsigned long long mlen, const unsigned char *pk)
{
	int (*own)(const unsigned char *, const unsigned char *, unsigned long long,
		   const unsigned char *);
	*(void **)&own = dlsym(RTLD_NEXT, "crypto_sign_verify_detached");
	atomic_fetch_add(&verified, 1);
	return own(sig, m, mlen, pk);
}

/* ---- a forge ---- */

static void make_pair(unsigned char public[crypto_sign_PUBLICKEYBYTES],
		      unsigned char secret[crypto_sign_SECRETKEYBYTES])
{
	crypto_auth_hmacsha256_state state;
	unsigned char seed[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)SECRET, strlen(SECRET));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)PAIR_PURPOSE,
				      sizeof(PAIR_PURPOSE) - 1);
	crypto_auth_hmacsha256_final(&state, seed);
	crypto_sign_seed_keypair(public, secret, seed);
}

/* "header.claims" */
static size_t encode_both(const char *header, const char *claims, char out[FORGED_ROOM])
{
	size_t len = encode_json(header, out);
	out[len++] = '.';
	return len + encode_json(claims, out + len);
}

static void sign_detached(const char *text, unsigned char ret[crypto_sign_BYTES])
{
	unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
	make_pair(public, secret);
	crypto_sign_detached(ret, NULL, (const unsigned char *)text, strlen(text), secret);
}

static size_t add_signature(char *text, const void *bytes, size_t count)
{
	size_t len = strlen(text);
	text[len++] = '.';
	return len + str_base64url(bytes, count, text + len);
}

static size_t forge_ed(const char *header, const char *claims, char out[FORGED_ROOM])
{
	unsigned char signature[crypto_sign_BYTES];
	encode_both(header, claims, out);
	sign_detached(out, signature);
	return add_signature(out, signature, sizeof(signature));
}

static void ed_scene_open(struct scene *scene)
{
	struct security_options options = cheap;
	options.signing = SIGNING_EDDSA;
	secure_scene_open(scene, &options);
}

static size_t valid_token(struct scene *scene, char text[TOKEN_ROOM])
{
	assert_int_equal(token_sign(&scene->c, &sample, text), APP_OK);
	return strlen(text);
}

static void expect_sample(struct scene *scene, const char *text)
{
	struct token token;
	assert_int_equal(token_verify(&scene->c, text, strlen(text), &token), APP_OK);
	assert_int_equal(token.user_id, sample.user_id);
	assert_string_equal(token.id, sample.id);
}

static void what_is_signed_is_accepted(void **state)
{
	(void)state;
	struct scene scene;
	char text[TOKEN_ROOM], forged[FORGED_ROOM];
	ed_scene_open(&scene);
	valid_token(&scene, text);
	expect_sample(&scene, text);
	forge_ed(ED_HEADER, CLAIMS, forged);
	assert_string_equal(text, forged);
	secure_scene_close(&scene);
}

static void the_longest_token_fits(void **state)
{
	(void)state;
	struct scene scene;
	struct security_options options = cheap;
	options.signing = SIGNING_EDDSA;
	options.issuer = "https://a-long-name-of-an-issuer.example.org/with/a/path/of/64..";
	secure_scene_open(&scene, &options);
	struct token token = sample, back;
	token.user_id = token.version = token.session_id = token.expires_at = INT64_MAX;
	strcpy(token.id, "0123456789012345678901234567890");
	char text[TOKEN_ROOM];
	assert_int_equal(token_sign(&scene.c, &token, text), APP_OK);
	assert_int_equal(token_verify(&scene.c, text, strlen(text), &back), APP_OK);
	assert_memory_equal(&back, &token, sizeof(token));
	secure_scene_close(&scene);
}

static void the_public_key_is_that_of_the_tokens(void **state)
{
	(void)state;
	struct scene scene;
	struct public_key keys[KEYRING_MOST];
	unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
	char x[64];
	ed_scene_open(&scene);
	assert_int_equal(keyring_public(&scene.c, keys), 1);
	make_pair(public, secret);
	str_base64url(public, sizeof(public), x);
	assert_string_equal(keys[0].x, x);
	assert_string_equal(keys[0].id, KEY_ID);
	secure_scene_close(&scene);
	secure_scene_open(&scene, &cheap);
	assert_int_equal(keyring_public(&scene.c, keys), 0);
	secure_scene_close(&scene);
}

/* The keys of the ring: those whose tokens are taken, until they are not any more. */
static void a_retired_key_is_public_while_its_tokens_live(void **state)
{
	(void)state;
	struct scene scene;
	struct frozen_clock clock;
	struct kept_key kept[2];
	struct public_key keys[KEYRING_MOST];
	ed_scene_open(&scene);
	frozen_clock_set(&clock, "2027-01-15T08:00:00Z");
	scene.c.clock = &clock.clock;
	assert_int_equal(keyring_own(&scene.c, &kept[0]), APP_OK);
	assert_int_equal(keyring_draw(&scene.c, NOW + 600, &kept[1]), APP_OK);
	assert_int_equal(keyring_set(&scene.c, kept, 2), APP_OK);
	assert_int_equal(keyring_public(&scene.c, keys), 2);
	assert_string_equal(keys[0].id, kept[0].id);
	assert_string_equal(keys[1].id, kept[1].id);
	clock.us += (600 + KEY_TOKENS_LIVE_S) * INT64_C(1000000);
	assert_int_equal(keyring_public(&scene.c, keys), 1);
	assert_string_equal(keys[0].id, kept[1].id);
	secure_scene_close(&scene);
}

/* ---- forged ---- */

static void another_header(void **state)
{
	struct scene scene;
	char text[FORGED_ROOM];
	ed_scene_open(&scene);
	expect_refused(&scene, text, forge_ed(*state, CLAIMS, text), NOT_HEADER);
	secure_scene_close(&scene);
}

static void other_claims(void **state)
{
	struct scene scene;
	char text[FORGED_ROOM];
	ed_scene_open(&scene);
	expect_refused(&scene, text, forge_ed(ED_HEADER, *state, text), NOT_CLAIMS);
	secure_scene_close(&scene);
}

/* What those who know the public key alone may take for a secret of HS256. */
static void the_public_key_as_a_secret(void **state)
{
	const char *header = *state;
	struct scene scene;
	unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
	char x[64], base64[64], hex[65], forms[5][256];
	ed_scene_open(&scene);
	make_pair(public, secret);
	str_base64url(public, sizeof(public), x);
	sodium_bin2base64(base64, sizeof(base64), public, sizeof(public),
			  sodium_base64_VARIANT_ORIGINAL);
	str_hex(public, sizeof(public), hex);
	snprintf(forms[0], sizeof(forms[0]), "%s", x);
	snprintf(forms[1], sizeof(forms[1]), "%s", hex);
	snprintf(forms[2], sizeof(forms[2]),
		 "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA%s\n-----END PUBLIC KEY-----\n",
		 base64);
	snprintf(forms[3], sizeof(forms[3]), "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}",
		 x);
	forms[4][0] = '\0';
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		char text[FORGED_ROOM];
		encode_both(header, CLAIMS, text);
		expect_refused(&scene, text, sign_text(text, forms[i]), NULL);
	}
	char text[FORGED_ROOM];
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	encode_both(header, CLAIMS, text);
	crypto_auth_hmacsha256(mac, (const unsigned char *)text, strlen(text), public);
	expect_refused(&scene, text, add_signature(text, mac, sizeof(mac)), NULL);
	expect_refused(&scene, text, forge(header, CLAIMS, text), NULL);
	secure_scene_close(&scene);
}

/* And tokens of the other algorithm, rightly signed. */
static void the_other_algorithm(void **state)
{
	(void)state;
	struct scene hs, ed;
	char text[TOKEN_ROOM];
	secure_scene_open(&hs, &cheap);
	ed_scene_open(&ed);
	expect_refused(&hs, text, valid_token(&ed, text), NOT_HEADER);
	expect_refused(&ed, text, valid_token(&hs, text), NOT_HEADER);
	secure_scene_close(&ed);
	secure_scene_close(&hs);
}

static void each_bit_flipped(void **state)
{
	(void)state;
	struct scene scene;
	char text[TOKEN_ROOM];
	ed_scene_open(&scene);
	size_t len = valid_token(&scene, text);
	expect_sample(&scene, text);
	for (size_t bit = 0; bit < len * 8; bit++) {
		text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
		expect_refused(&scene, text, len, NULL);
		text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
	}
	expect_sample(&scene, text);
	secure_scene_close(&scene);
}

static void last_character_in_other_spellings(void **state)
{
	(void)state;
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.";
	struct scene scene;
	char text[TOKEN_ROOM];
	ed_scene_open(&scene);
	size_t len = valid_token(&scene, text);
	char last = text[len - 1];
	for (const char *at = alphabet; *at; at++) {
		text[len - 1] = *at;
		if (*at != last)
			expect_refused(&scene, text, len, NOT_SIGNED);
	}
	secure_scene_close(&scene);
}

static void cut_short_and_drawn_out(void **state)
{
	(void)state;
	struct scene scene;
	char text[TOKEN_ROOM + 8];
	ed_scene_open(&scene);
	size_t len = valid_token(&scene, text);
	for (size_t cut = 0; cut < len; cut++)
		expect_refused(&scene, text, cut, NULL);
	static const char *const more[] = { "A", "=", "==", ".", " ", "\n", ".." };
	for (size_t i = 0; i < COUNT_OF(more); i++) {
		strcpy(text + len, more[i]);
		expect_refused(&scene, text, strlen(text), NULL);
	}
	secure_scene_close(&scene);
}

/* ---- signatures that are none ---- */

typedef void spoil_fn(unsigned char signature[crypto_sign_BYTES]);

static void all_zero(unsigned char signature[crypto_sign_BYTES])
{
	memset(signature, 0, crypto_sign_BYTES);
}

static void all_ones(unsigned char signature[crypto_sign_BYTES])
{
	memset(signature, 0xFF, crypto_sign_BYTES);
}

/* The neutral point and 0: right for a public key of small order. */
static void neutral_point(unsigned char signature[crypto_sign_BYTES])
{
	all_zero(signature);
	signature[0] = 1;
}

/* RFC 8032 §8.4: S and S + L are the same to those who do not look. */
static void s_plus_l(unsigned char signature[crypto_sign_BYTES])
{
	static const unsigned char l[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a,       0x63,
					     0x12, 0x58, 0xd6, 0x9c, 0xf7,       0xa2,
					     0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };
	unsigned carry = 0;
	for (size_t i = 0; i < sizeof(l); i++) {
		carry += (unsigned)signature[32 + i] + l[i];
		signature[32 + i] = (unsigned char)carry;
		carry >>= 8;
	}
}

static void s_is_zero(unsigned char signature[crypto_sign_BYTES])
{
	memset(signature + 32, 0, 32);
}

static void r_is_zero(unsigned char signature[crypto_sign_BYTES])
{
	memset(signature, 0, 32);
}

static void r_of_small_order(unsigned char signature[crypto_sign_BYTES])
{
	static const unsigned char point[32] = { 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0,
						 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
						 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39,
						 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05 };
	memcpy(signature, point, sizeof(point));
}

static void r_negated(unsigned char signature[crypto_sign_BYTES])
{
	signature[31] ^= 0x80;
}

static void halves_swapped(unsigned char signature[crypto_sign_BYTES])
{
	unsigned char r[32];
	memcpy(r, signature, sizeof(r));
	memcpy(signature, signature + 32, 32);
	memcpy(signature + 32, r, sizeof(r));
}

static void of_another_text(unsigned char signature[crypto_sign_BYTES])
{
	sign_detached("another text", signature);
}

static void of_nothing(unsigned char signature[crypto_sign_BYTES])
{
	sign_detached("", signature);
}

static void by_another_key(unsigned char signature[crypto_sign_BYTES])
{
	unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
	char text[FORGED_ROOM];
	encode_both(ED_HEADER, CLAIMS, text);
	crypto_sign_keypair(public, secret);
	crypto_sign_detached(signature, NULL, (const unsigned char *)text, strlen(text), secret);
}

static void spoiled(void **state)
{
	spoil_fn *const *spoil = *state;
	struct scene scene;
	unsigned char signature[crypto_sign_BYTES];
	char text[FORGED_ROOM];
	ed_scene_open(&scene);
	encode_both(ED_HEADER, CLAIMS, text);
	sign_detached(text, signature);
	(*spoil)(signature);
	expect_refused(&scene, text, add_signature(text, signature, sizeof(signature)), NOT_SIGNED);
	secure_scene_close(&scene);
}

static void of_another_length(void **state)
{
	(void)state;
	struct scene scene;
	unsigned char long_one[2 * crypto_sign_BYTES] = { 0 };
	ed_scene_open(&scene);
	for (size_t bytes = 0; bytes <= sizeof(long_one); bytes++) {
		char text[FORGED_ROOM];
		encode_both(ED_HEADER, CLAIMS, text);
		sign_detached(text, long_one);
		size_t len = add_signature(text, long_one, bytes);
		if (bytes != crypto_sign_BYTES)
			expect_refused(&scene, text, len, NULL);
	}
	secure_scene_close(&scene);
}

/* ---- what is remembered ---- */

static void verified_once(void **state)
{
	(void)state;
	struct scene scene;
	char text[TOKEN_ROOM];
	ed_scene_open(&scene);
	size_t len = valid_token(&scene, text);
	atomic_store(&verified, 0);
	for (int i = 0; i < 5; i++)
		expect_sample(&scene, text);
	assert_int_equal(atomic_load(&verified), 1);
	/* what was refused is not remembered, and another signature of it is another token */
	text[len - 3] ^= 1;
	expect_refused(&scene, text, len, NOT_SIGNED);
	expect_refused(&scene, text, len, NOT_SIGNED);
	assert_int_equal(atomic_load(&verified), 3);
	secure_scene_close(&scene);
}

/* The last ones of many are still known, and those before them are verified again. */
static void no_more_than_so_many(void **state)
{
	(void)state;
	enum { TOKENS = 3000, LEAST = 200, MOST = 1024 };
	struct scene scene;
	char text[TOKEN_ROOM];
	ed_scene_open(&scene);
	struct token token = sample, back;
	for (int turn = 0; turn < 2; turn++) {
		for (int i = 0; i < TOKENS; i++) {
			int at = turn ? TOKENS - 1 - i : i;
			snprintf(token.id, sizeof(token.id), "%d", at);
			assert_int_equal(token_sign(&scene.c, &token, text), APP_OK);
			assert_int_equal(token_verify(&scene.c, text, strlen(text), &back), APP_OK);
			scene_next(&scene);
		}
		if (!turn)
			atomic_store(&verified, 0);
	}
	assert_in_range(TOKENS - atomic_load(&verified), LEAST, MOST);
	secure_scene_close(&scene);
}

static void known_and_expired(void **state)
{
	(void)state;
	struct scene scene;
	struct frozen_clock clock;
	char text[TOKEN_ROOM];
	ed_scene_open(&scene);
	frozen_clock_set(&clock, "2027-01-15T08:00:00Z");
	scene.c.clock = &clock.clock;
	valid_token(&scene, text);
	expect_sample(&scene, text);
	clock.us = (sample.expires_at + 29) * INT64_C(1000000);
	expect_sample(&scene, text);
	clock.us += 1000000;
	expect_refused(&scene, text, strlen(text), EXPIRED);
	secure_scene_close(&scene);
}

static void known_and_of_a_key_that_is_gone(void **state)
{
	(void)state;
	struct scene scene;
	struct kept_key key;
	char text[TOKEN_ROOM];
	ed_scene_open(&scene);
	valid_token(&scene, text);
	expect_sample(&scene, text);
	assert_int_equal(keyring_draw(&scene.c, NOW, &key), APP_OK);
	assert_int_equal(keyring_set(&scene.c, &key, 1), APP_OK);
	expect_refused(&scene, text, strlen(text), NOT_HEADER);
	secure_scene_close(&scene);
}

struct other_thread {
	struct security *security;
	const char *text;
	enum app_err err;
};

static void *verify_there(void *arg)
{
	struct other_thread *it = arg;
	struct scene scene;
	struct token token;
	scene_open(&scene);
	scene.app.security = it->security;
	scene.c.clock = &frozen;
	for (int i = 0; i < 3 && !it->err; i++)
		it->err = token_verify(&scene.c, it->text, strlen(it->text), &token);
	scene_close(&scene);
	return NULL;
}

static void each_thread_by_itself(void **state)
{
	(void)state;
	struct scene scene;
	char text[TOKEN_ROOM];
	pthread_t threads[2];
	ed_scene_open(&scene);
	valid_token(&scene, text);
	struct other_thread other = { scene.app.security, text, APP_OK };
	struct other_thread others[2] = { other, other };
	atomic_store(&verified, 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, verify_there, &others[i]), 0);
	for (size_t i = 0; i < 2; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(others[i].err, APP_OK);
	}
	assert_int_equal(atomic_load(&verified), 2);
	secure_scene_close(&scene);
}

/* ---- */

#define REST "'kid':'" KEY_ID "','typ':'JWT'}"
#define SPOILED(sentence, fn) \
	ROW_OF("S03 a signature that is none: " sentence, spoiled, (&(spoil_fn *){ fn }))

static const struct CMUnitTest rows[] = {
	ROW("what is signed is accepted", what_is_signed_is_accepted),
	ROW("the longest token fits", the_longest_token_fits),
	ROW("the public key is that of the tokens; of HS256 there is none",
	    the_public_key_is_that_of_the_tokens),
	ROW("a retired key is public while its tokens live",
	    a_retired_key_is_public_while_its_tokens_live),
	ROW_OF("S01 alg none, though rightly signed", another_header, "{'alg':'none'," REST),
	ROW_OF("S01 alg NONE", another_header, "{'alg':'NONE'," REST),
	ROW_OF("alg Ed25519, by its other name", another_header, "{'alg':'Ed25519'," REST),
	ROW_OF("alg eddsa", another_header, "{'alg':'eddsa'," REST),
	ROW_OF("S02 alg HS256, signed as EdDSA", another_header, "{'alg':'HS256'," REST),
	ROW_OF("S02 alg ES256, signed as EdDSA", another_header, "{'alg':'ES256'," REST),
	ROW_OF("S06 jwk of the very key", another_header,
	       "{'alg':'EdDSA','jwk':{'kty':'OKP','crv':'Ed25519','x':'AAAA'}," REST),
	ROW_OF("S07 alg twice", another_header, "{'alg':'EdDSA','alg':'EdDSA'," REST),
	ROW_OF("S05 another issuer", other_claims,
	       "{'iss':'other','aud':'croft'," SUB "'iat':1799999990,'exp':1800000890," JTI),
	ROW_OF("S05 another audience", other_claims,
	       "{'iss':'croft','aud':'other'," SUB "'iat':1799999990,'exp':1800000890," JTI),
	ROW_OF("S04 exp as a string", other_claims,
	       WHO SUB "'iat':1799999990,'exp':'1800000890'," JTI),
	ROW_OF("S02 the public key as a secret of HS256", the_public_key_as_a_secret, HEADER),
	ROW_OF("S02 the public key as a secret, below a header of EdDSA",
	       the_public_key_as_a_secret, ED_HEADER),
	ROW("S02 tokens of the other algorithm, rightly signed", the_other_algorithm),
	ROW("S03 each bit of a token flipped", each_bit_flipped),
	ROW("S03 the last character in its other spellings", last_character_in_other_spellings),
	ROW("S03 cut short, and drawn out", cut_short_and_drawn_out),
	SPOILED("all zero", all_zero),
	SPOILED("all ones", all_ones),
	SPOILED("the neutral point", neutral_point),
	SPOILED("S plus the order of the group", s_plus_l),
	SPOILED("S zero", s_is_zero),
	SPOILED("R zero", r_is_zero),
	SPOILED("R of small order", r_of_small_order),
	SPOILED("R negated", r_negated),
	SPOILED("R and S swapped", halves_swapped),
	SPOILED("of another text", of_another_text),
	SPOILED("of nothing", of_nothing),
	SPOILED("by another key", by_another_key),
	ROW("S03 a signature of another length", of_another_length),
	ROW("what was verified once is not verified again, and what was refused is", verified_once),
	ROW("no more than 1,024 are remembered, the last ones", no_more_than_so_many),
	ROW("a token that is remembered expires", known_and_expired),
	ROW("a token that is remembered goes with its key", known_and_of_a_key_that_is_gone),
	ROW("each thread remembers by itself", each_thread_by_itself),
};

int main(void)
{
	return rows_run("tokens with EdDSA", rows, COUNT_OF(rows));
}
