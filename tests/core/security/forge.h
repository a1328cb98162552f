/*
 * For the tests of tokens: a forge that signs any header and claims with the right key, as only who
 * knows the secret can, and the reasons that token_verify() records.
 */
#ifndef CROFT_TESTS_CORE_SECURITY_FORGE_H
#define CROFT_TESTS_CORE_SECURITY_FORGE_H

#include <sodium.h>
#include <stdio.h>

#include "base/str.h"
#include "fixture.h"
#include "testing/json.h"

/* The id that follows from SECRET. */
#define KEY_ID "obyrrzT04gE"
#define HEADER "{'alg':'HS256','kid':'" KEY_ID "','typ':'JWT'}"
#define HEADER_SEGMENT "eyJhbGciOiJIUzI1NiIsImtpZCI6Im9ieXJyelQwNGdFIiwidHlwIjoiSldUIn0"
#define WHO "{'iss':'croft','aud':'croft',"
#define SUB "'sub':'42','ver':3,'sid':'5',"
#define JTI "'jti':'abc_DEF-1234'}"
#define CLAIMS WHO SUB "'iat':1799999990,'exp':1800000890," JTI

#define NOT_CLAIMS "the token's claims are not ours"
#define NOT_HEADER "the token's header is not that of one of our keys"
#define NOT_SIGNED "the token's signature is not ours"
#define NOT_LENGTH "the token has not the length of one of ours"
#define NOT_ENCODED "the token's claims are not base64url"
#define EXPIRED "the token has expired"
#define TOO_EARLY "the token was issued in the future"

enum { FORGED_ROOM = 4096 };

/* Signs any text "header.claims" with the key, as only who knows the secret can. */
static size_t sign_text(char *text, const char *secret)
{
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	size_t len = strlen(text);
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, len);
	crypto_auth_hmacsha256_final(&state, mac);
	text[len++] = '.';
	return len + str_base64url(mac, sizeof(mac), text + len);
}

/* Takes JSON as testing/json.h has it; returns the length. */
static size_t encode_json(const char *json, char *out)
{
	char text[FORGED_ROOM];
	assert_true(strlen(json) < FORGED_ROOM / 2);
	strcpy(text, json);
	return str_base64url(json_swap(text), strlen(text), out);
}

static size_t forge(const char *header, const char *claims, char out[FORGED_ROOM])
{
	assert_true(strlen(header) + strlen(claims) < FORGED_ROOM / 2);
	size_t len = encode_json(header, out);
	out[len++] = '.';
	encode_json(claims, out + len);
	return sign_text(out, SECRET);
}

static const struct token sample = {
	.user_id = 42,
	.version = 3,
	.session_id = 5,
	.issued_at = NOW - 10,
	.expires_at = NOW + 890,
	.id = "abc_DEF-1234",
};

static void expect_refused(struct scene *scene, const char *text, size_t len, const char *cause)
{
	struct token untouched, token;
	memset(&token, 0x5A, sizeof(token));
	memcpy(&untouched, &token, sizeof(token));
	enum app_err err = token_verify(&scene->c, text, len, &token);
	if (err != APP_UNAUTHENTICATED)
		fail_msg("accepted: %.*s", (int)len, text);
	if (cause)
		assert_string_equal(scene->c.failure.cause, cause);
	assert_null(scene->c.failure.text);
	assert_memory_equal(&token, &untouched, sizeof(token));
	scene_next(scene);
}

struct forged_case {
	const char *header, *claims;
	const char *cause; /* NULL: accepted */
};

#endif
