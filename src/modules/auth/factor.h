/*
 * The second factor of an account: its rows, and how often a code may be tried. What is asked for
 * when is the business of the operations.
 */
#ifndef CROFT_SRC_MODULES_AUTH_FACTOR_H
#define CROFT_SRC_MODULES_AUTH_FACTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "core/totp.h"
#include "internal.h"

/* Whatever is wrong with one. */
#define FACTOR_WRONG_SLUG "invalid_code"
#define FACTOR_WRONG_CODE "This code is not right, or was used"

/* Of a member that is one. */
#define FACTOR_CODE_LENGTH .secret = true, .min_len = 1, .max_len = 40

/* Codes on paper that are drawn at once. */
enum { FACTOR_PAPERS = 10 };

/* ---- factor_rows.c ---- */

/* Not from a replica: who is let in depends on it. */
enum app_err factor_look(struct ctx *c, int64_t user_id, struct auth_factor *ret) MUST_USE;

/* All that follows only inside a write. APP_CONFLICT: there is one that is on. */
enum app_err factor_begin(struct ctx *c, int64_t user_id,
			  const struct totp_secret *secret) MUST_USE;
/* Takes a code of one that is on, once; APP_UNAUTHENTICATED for any other. */
enum app_err factor_take(struct ctx *c, int64_t user_id, const char *text) MUST_USE;
/* Takes the first code of one that is not on, and turns it on; APP_FORBIDDEN for any other. */
enum app_err factor_confirm(struct ctx *c, int64_t user_id, const char *text) MUST_USE;
/* Draws new codes on paper; those from before are forgotten. */
enum app_err factor_print(struct ctx *c, int64_t user_id, struct auth_recovery_codes *ret) MUST_USE;
enum app_err factor_end(struct ctx *c, int64_t user_id, bool *ret_was_on) MUST_USE;

/* ---- second_factor.c ---- */

/*
 * Takes a code of whoever acts, who has shown his password and so was counted; APP_FORBIDDEN for
 * any that is not right: he stays signed in. Only inside a write.
 */
enum app_err factor_prove(struct ctx *c, const char *code) MUST_USE;
/* Ends that of an account, whose owner is told; APP_NOT_FOUND: it has none. The same. */
enum app_err factor_turn_off(struct ctx *c, int64_t user_id) MUST_USE;

/* ---- factor_letters.c ---- */

/* What the owner is told by letter, whoever did it. */
enum factor_event { FACTOR_TURNED_ON, FACTOR_TURNED_OFF, FACTOR_PAPER_USED, FACTOR_PAPER_DRAWN };
/* Inside the write, whose commit sends it. */
enum app_err factor_tell(struct ctx *c, int64_t user_id, enum factor_event what) MUST_USE;

/* ---- attempts.c ---- */

/* One code more is tried: APP_TOO_MANY, whatever it is, when there were too many wrong ones. */
enum app_err factor_attempt(struct ctx *c, int64_t user_id) MUST_USE;
/* It was right. */
void factor_attempt_forgive(struct ctx *c, int64_t user_id);

/* ---- second_step.c ---- */

/* Counts the try in a write of its own, so that it stays when the code is wrong. */
enum app_err factor_step_prepare(struct ctx *c, const struct auth_second_step *in) MUST_USE;
/* Whose sign-in it is, whose code was right. Inside the write, before it goes on. */
enum app_err factor_step_take(struct ctx *c, const struct auth_second_step *in,
			      struct auth_proof *ret) MUST_USE;
/* `err` is what became of the sign-in; APP_NOT_FOUND: the account is not what it was. */
enum app_err factor_step_end(struct ctx *c, const struct auth_proof *proof,
			     enum app_err err) MUST_USE;

/* ---- demand.c ---- */

/* Of the one-time token between the two steps; its data is the token version. */
#define FACTOR_PURPOSE "mfa"

/*
 * After a password was proven: APP_OK without a second factor; else `err` (one of a client's), and
 * the failure has the token with which POST /auth/second-factor goes on. Does writes of its own.
 */
enum app_err factor_demand(struct ctx *c, const struct auth_proof *proof,
			   enum app_err err) MUST_USE;

#endif
