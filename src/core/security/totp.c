/*
 * TOTP through liboath, which makes the codes; they are compared here, each in constant time.
 * What was taken already is not remembered here.
 */
#include "core/totp.h"

#include <assert.h>
#include <liboath/oath.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/str.h"
#include "seal.h"

enum {
	PAPER_BYTES = 10,
	PAPER_GROUP = 4,
	SEALED_BYTES = TOTP_SECRET_BYTES + SEAL_BYTES,
	PURPOSE_ROOM = 64,
};

static_assert(TOTP_SECRET_ROOM == (TOTP_SECRET_BYTES * 8 + 4) / 5 + 1, "a secret is such a text");
static_assert(TOTP_PAPER_LEN == PAPER_BYTES * 8 / 5, "a code on paper is such a text");
static_assert(TOTP_SEALED_ROOM == (SEALED_BYTES * 4 + 2) / 3 + 1, "a sealed secret is such a text");

/* Without padding: `len` is a multiple of five. */
static void base32(const unsigned char *bytes, size_t len, char *ret)
{
	char *text = NULL;
	size_t text_len = 0;
	if (oath_base32_encode((const char *)bytes, len, &text, &text_len))
		mem_out(len * 2);
	memcpy(ret, text, text_len);
	ret[text_len] = '\0';
	sodium_memzero(text, text_len);
	free(text);
}

/* ---- the secret ---- */

void totp_draw(struct totp_secret *ret)
{
	random_bytes(ret->bytes, sizeof(ret->bytes));
}

void totp_text(const struct totp_secret *secret, char ret[TOTP_SECRET_ROOM])
{
	base32(secret->bytes, sizeof(secret->bytes), ret);
}

/* All but what RFC 3986 §2.3 calls unreserved. */
static void add_encoded(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (str_is_alpha(*text) || str_is_digit(*text) || strchr("-._~", *text))
			buf_add_char(out, *text);
		else
			buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
	}
}

char *totp_uri(struct arena *arena, const char *issuer, const char *account,
	       const struct totp_secret *secret)
{
	struct buf out;
	char text[TOTP_SECRET_ROOM];
	totp_text(secret, text);
	buf_init(&out, arena);
	buf_add_lit(&out, "otpauth://totp/");
	add_encoded(&out, issuer);
	buf_add_char(&out, ':');
	add_encoded(&out, account);
	buf_printf(&out, "?secret=%s&issuer=", text);
	add_encoded(&out, issuer);
	sodium_memzero(text, sizeof(text));
	return arena_strdup(arena, buf_text(&out));
}

/* ---- codes ---- */

void totp_code(const struct totp_secret *secret, int64_t step, char ret[TOTP_CODE_ROOM])
{
	int failed = oath_hotp_generate((const char *)secret->bytes, sizeof(secret->bytes),
					(uint64_t)step, TOTP_DIGITS, false,
					OATH_HOTP_DYNAMIC_TRUNCATION, ret);
	/* of these sizes it can only want for memory */
	if (failed)
		mem_out(TOTP_CODE_ROOM);
}

int64_t totp_step(const struct totp_secret *secret, const char *code, int64_t now_s)
{
	int64_t now = now_s / TOTP_STEP_S, found = 0;
	if (strlen(code) != TOTP_DIGITS)
		return 0;
	for (int64_t step = now + TOTP_WINDOW; step >= now - TOTP_WINDOW; step--) {
		char right[TOTP_CODE_ROOM];
		totp_code(secret, step, right);
		if (!sodium_memcmp(right, code, TOTP_DIGITS))
			found = step;
		sodium_memzero(right, sizeof(right));
	}
	return found;
}

/* ---- sealed ---- */

static void purpose_of(int64_t user_id, char ret[PURPOSE_ROOM])
{
	snprintf(ret, PURPOSE_ROOM, "second factor of %lld", (long long)user_id);
}

void totp_close(const struct security *security, int64_t user_id, const struct totp_secret *secret,
		char ret[TOTP_SEALED_ROOM])
{
	char purpose[PURPOSE_ROOM];
	unsigned char sealed[SEALED_BYTES];
	purpose_of(user_id, purpose);
	seal_close(security, purpose, secret->bytes, sizeof(secret->bytes), sealed);
	str_base64url(sealed, sizeof(sealed), ret);
}

bool totp_open(const struct security *security, int64_t user_id, const char *sealed,
	       struct totp_secret *ret)
{
	char purpose[PURPOSE_ROOM];
	unsigned char bytes[SEALED_BYTES];
	size_t len;
	purpose_of(user_id, purpose);
	return str_base64url_decode(sealed, strlen(sealed), bytes, sizeof(bytes), &len) &&
	       len == sizeof(bytes) && seal_open(security, purpose, bytes, len, ret->bytes);
}

/* ---- on paper ---- */

void totp_draw_paper(char ret[TOTP_PAPER_ROOM])
{
	unsigned char bytes[PAPER_BYTES];
	char text[TOTP_PAPER_LEN + 1];
	random_bytes(bytes, sizeof(bytes));
	base32(bytes, sizeof(bytes), text);
	for (size_t i = 0; i < TOTP_PAPER_LEN; i++) {
		if (i && i % PAPER_GROUP == 0)
			*ret++ = '-';
		*ret++ = text[i];
	}
	*ret = '\0';
	sodium_memzero(bytes, sizeof(bytes));
	sodium_memzero(text, sizeof(text));
}

static bool is_base32(char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= '2' && byte <= '7');
}

static bool all_are(const char *text, bool is(char))
{
	while (*text && is(*text))
		text++;
	return !*text;
}

enum totp_kind totp_typed(const char *text, char ret[TOTP_PAPER_LEN + 1])
{
	size_t len = 0;
	for (; *text && len <= TOTP_PAPER_LEN; text++) {
		if (*text == ' ' || *text == '-')
			continue;
		if (len < TOTP_PAPER_LEN)
			ret[len] = str_upper(*text);
		len++;
	}
	ret[len < TOTP_PAPER_LEN ? len : TOTP_PAPER_LEN] = '\0';
	if (len == TOTP_DIGITS && all_are(ret, str_is_digit))
		return TOTP_DEVICE;
	if (len == TOTP_PAPER_LEN && all_are(ret, is_base32))
		return TOTP_PAPER;
	*ret = '\0';
	return TOTP_NEITHER;
}
