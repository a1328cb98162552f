/*
 * Access tokens: JWT (RFC 7519), signed by a key of the ring; run for every request with a bearer
 * token. Only tokens made here are accepted, and those have one spelling: the header is one
 * constant of each key, the claims stand in a fixed order. So verifying is a comparison, the
 * signature and a strict scan; no JSON parser, no allocation, no choice of algorithm by the token,
 * nor of a key that is not in the ring. Whether the user still exists is the auth module's
 * question.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "core/app.h"
#include "internal.h"
#include "known.h"
#include "signature.h"

enum {
	LEEWAY_S = 30, /* clocks of several machines may differ that much */
	CLAIMS_ROOM = 352,
};

static_assert(CLAIMS_ROOM >= CLAIMS_HEAD_ROOM + 5 * 19 + sizeof(((struct token *)0)->id) + 50,
	      "the longest claims must fit");
static_assert(TOKEN_ROOM > KEY_HEAD_ROOM + (CLAIMS_ROOM * 4 + 2) / 3 + 1 + SIGNATURE_TEXT_ROOM,
	      "the longest token must fit");

static bool is_id_char(char byte)
{
	return str_is_digit(byte) || str_is_alpha(byte) || byte == '-' || byte == '_';
}

/* The length of a well-formed "jti", or 0. */
static size_t id_len(const char *id, size_t room)
{
	size_t len = 0;
	while (len < room && is_id_char(id[len]))
		len++;
	return len;
}

/* Of a session or of a key, and never of both. */
static bool origin_is_sound(const struct token *token)
{
	return token->session_id >= 0 && token->key_id >= 0 && !token->session_id != !token->key_id;
}

static bool token_is_sound(const struct token *token)
{
	size_t len = id_len(token->id, sizeof(token->id));
	return token->user_id > 0 && token->version >= 0 && origin_is_sound(token) &&
	       token->issued_at >= 0 && token->expires_at > token->issued_at && len &&
	       len < sizeof(token->id) && !token->id[len];
}

static void sign_claims(struct ctx *c, const char *claims, size_t claims_len, char ret[TOKEN_ROOM])
{
	const struct ring *ring = ring_hold(c->app->security);
	const struct token_key *key = ring_signer(ring, ctx_now_s(c));
	char signature[SIGNATURE_TEXT_ROOM];
	memcpy(ret, key->head, key->head_len);
	size_t len = key->head_len + str_base64url(claims, claims_len, ret + key->head_len);
	size_t signature_end = signature_make(key, ret, len, signature);
	ring_release(ring);
	ret[len++] = '.';
	memcpy(ret + len, signature, signature_end + 1);
}

enum app_err token_sign(struct ctx *c, const struct token *token, char ret[TOKEN_ROOM])
{
	const struct security *security = c->app->security;
	enum app_err err = security_must_sign(c);
	if (err)
		return err;
	if (!token_is_sound(token))
		return ctx_fail_cause(c, APP_INTERNAL,
				      "a token was to be signed that says nonsense");
	char claims[CLAIMS_ROOM];
	int claims_len = snprintf(claims, sizeof(claims),
				  "%s%lld\",\"ver\":%lld,\"%s\":\"%lld\",\"iat\":%lld,\"exp\":%lld,"
				  "\"jti\":\"%s\"}",
				  security->claims_head, (long long)token->user_id,
				  (long long)token->version, token->key_id ? "key" : "sid",
				  (long long)(token->key_id ? token->key_id : token->session_id),
				  (long long)token->issued_at, (long long)token->expires_at,
				  token->id);
	assert(claims_len > 0 && claims_len < CLAIMS_ROOM);

	sign_claims(c, claims, (size_t)claims_len, ret);
	return APP_OK;
}

/* A scan over the claims; once something does not fit, `at` is NULL and stays so. */
struct scan {
	const char *at, *end;
};

static void scan_text(struct scan *scan, const char *text, size_t len)
{
	bool fits = scan->at && (size_t)(scan->end - scan->at) >= len &&
		    !memcmp(scan->at, text, len);
	scan->at = fits ? scan->at + len : NULL;
}

#define scan_lit(scan, literal) scan_text((scan), "" literal, sizeof(literal) - 1)

/* A number as we print it: digits without a sign or leading zeros, at most INT64_MAX. */
static void scan_number(struct scan *scan, int64_t *ret)
{
	if (!scan->at)
		return;
	size_t digits = str_read_digits(scan->at, (size_t)(scan->end - scan->at), ret);
	bool padded = digits > 1 && *scan->at == '0';
	bool fits = !padded && str_span_to_int64(scan->at, digits, ret);
	scan->at = fits ? scan->at + digits : NULL;
}

static void scan_id(struct scan *scan, char ret[static sizeof(((struct token *)0)->id)])
{
	if (!scan->at)
		return;
	size_t room = sizeof(((struct token *)0)->id);
	size_t len = id_len(scan->at, (size_t)(scan->end - scan->at));
	if (!len || len >= room) {
		scan->at = NULL;
		return;
	}
	memcpy(ret, scan->at, len);
	scan->at += len;
}

static void scan_origin(struct scan *scan, struct token *ret)
{
	struct scan by_key = *scan;
	scan_lit(&by_key, ",\"key\":\"");
	if (by_key.at) {
		*scan = by_key;
		scan_number(scan, &ret->key_id);
		return;
	}
	scan_lit(scan, ",\"sid\":\"");
	scan_number(scan, &ret->session_id);
}

static bool claims_read(const struct security *security, const char *claims, size_t len,
			struct token *ret)
{
	struct scan scan = { claims, claims + len };
	scan_text(&scan, security->claims_head, security->claims_head_len);
	scan_number(&scan, &ret->user_id);
	scan_lit(&scan, "\",\"ver\":");
	scan_number(&scan, &ret->version);
	scan_origin(&scan, ret);
	scan_lit(&scan, "\",\"iat\":");
	scan_number(&scan, &ret->issued_at);
	scan_lit(&scan, ",\"exp\":");
	scan_number(&scan, &ret->expires_at);
	scan_lit(&scan, ",\"jti\":\"");
	scan_id(&scan, ret->id);
	scan_lit(&scan, "\"}");
	return scan.at == scan.end && token_is_sound(ret);
}

/* What is wrong with the times, or NULL. */
static const char *times_fault(const struct ctx *c, const struct token *token)
{
	int64_t now = ctx_now_s(c);
	if (token->expires_at <= now - LEEWAY_S)
		return "the token has expired";
	if (token->issued_at > now + LEEWAY_S)
		return "the token was issued in the future";
	return NULL;
}

/* What is wrong with signature and claims, or NULL. */
static const char *text_fault(const struct security *security, const struct token_key *key,
			      const char *text, size_t len, struct token *ret)
{
	char claims[CLAIMS_ROOM];
	size_t claims_len, around = key->head_len + 1 + signature_len(key);
	if (len <= around)
		return "the token has not the length of one of ours";
	if (!signature_is_right(key, text, len))
		return "the token's signature is not ours";
	if (!str_base64url_decode(text + key->head_len, len - around, claims, sizeof(claims),
				  &claims_len))
		return "the token's claims are not base64url";
	if (!claims_read(security, claims, claims_len, ret))
		return "the token's claims are not ours";
	known_add(security, text, len, ret);
	return NULL;
}

/* What is wrong with a token by what the ring has now, or NULL. */
static const char *key_fault(const struct ctx *c, const struct ring *ring, const char *text,
			     size_t len, struct token *ret)
{
	const struct security *security = c->app->security;
	const struct token_key *key = ring_find(ring, text, len);
	const char *fault = NULL;
	if (!key)
		return "the token's header is not that of one of our keys";
	if (!known_find(security, text, len, ret))
		fault = text_fault(security, key, text, len, ret);
	if (!fault && ctx_now_s(c) >= key->over_at)
		fault = "the token's key is retired";
	return fault;
}

/* What is wrong with the token, or NULL. Never quotes it: the cause goes to the log. */
static const char *token_fault(const struct ctx *c, const char *text, size_t len, struct token *ret)
{
	if (len < KEY_HEAD_ROOM || len >= TOKEN_ROOM)
		return "the token has not the length of one of ours";
	const struct ring *ring = ring_hold(c->app->security);
	const char *fault = key_fault(c, ring, text, len, ret);
	ring_release(ring);
	return fault ? fault : times_fault(c, ret);
}

enum app_err token_verify(struct ctx *c, const char *text, size_t len, struct token *ret)
{
	struct token token = { 0 };
	const char *fault = token_fault(c, text, len, &token);
	if (fault)
		return ctx_fail_cause(c, APP_UNAUTHENTICATED, "%s", fault);
	*ret = token;
	return APP_OK;
}
