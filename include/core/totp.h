/*
 * Codes of a second factor: those that a device makes anew every half minute (TOTP, RFC 6238), and
 * those on paper for when it is lost. What is known of an account is kept wherever its owner keeps
 * it: what is here knows no database.
 */
#ifndef CROFT_CORE_TOTP_H
#define CROFT_CORE_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct arena;
struct security;

enum {
	TOTP_DIGITS = 6,
	TOTP_CODE_ROOM = TOTP_DIGITS + 1,
	TOTP_STEP_S = 30,
	/* Codes of so many steps before and after this one are taken: clocks differ. */
	TOTP_WINDOW = 1,
	/* As RFC 4226 §4 recommends. */
	TOTP_SECRET_BYTES = 20,
	/* In base32. */
	TOTP_SECRET_ROOM = 33,
	TOTP_SEALED_ROOM = 81,
};

struct totp_secret {
	unsigned char bytes[TOTP_SECRET_BYTES];
};

void totp_draw(struct totp_secret *ret);
/* For those who type it into their device. */
void totp_text(const struct totp_secret *secret, char ret[TOTP_SECRET_ROOM]);
/* The same as an otpauth:// URI, for those who have the device look at it. In the arena. */
char *totp_uri(struct arena *arena, const char *issuer, const char *account,
	       const struct totp_secret *secret) MUST_USE;

/* What the device shows in that step, which is the time in seconds through TOTP_STEP_S. */
void totp_code(const struct totp_secret *secret, int64_t step, char ret[TOTP_CODE_ROOM]);
/*
 * The step whose code this is, of those that are taken at that time; 0: of none. In a time that
 * tells nothing. A code is to be taken once: who takes it remembers the step, and takes none
 * before it nor that one again.
 */
int64_t totp_step(const struct totp_secret *secret, const char *code, int64_t now_s) MUST_USE;

/* As it may lie in a database: see seal.h. For an account, and opens for no other. */
void totp_close(const struct security *security, int64_t user_id, const struct totp_secret *secret,
		char ret[TOTP_SEALED_ROOM]);
/* False: it was not sealed like that with this auth.secret. */
bool totp_open(const struct security *security, int64_t user_id, const char *sealed,
	       struct totp_secret *ret) MUST_USE;

/* ---- on paper ---- */

enum {
	/* 80 random bits, in base32. */
	TOTP_PAPER_LEN = 16,
	/* In four groups. */
	TOTP_PAPER_ROOM = TOTP_PAPER_LEN + 4,
};
void totp_draw_paper(char ret[TOTP_PAPER_ROOM]);

enum totp_kind { TOTP_NEITHER, TOTP_DEVICE, TOTP_PAPER };
/*
 * Which of the two somebody typed, and the code without blanks and hyphens, in capitals; empty for
 * TOTP_NEITHER.
 */
enum totp_kind totp_typed(const char *text, char ret[TOTP_PAPER_LEN + 1]);

#endif
