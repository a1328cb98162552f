/*
 * The second step of signing in: with the token of the first (demand.c) and a code. What is wrong
 * with a code is never told.
 */
#include "base/str.h"
#include "core/db.h"
#include "core/one_time.h"
#include "factor.h"

static enum app_err refuse_token(struct ctx *c)
{
	ctx_recover(c);
	return ctx_fail_code(c, APP_UNAUTHENTICATED, "invalid_mfa_token",
			     "This sign-in is over: begin again with the password");
}

/* Whose sign-in it is; APP_BAD_REQUEST when it is over. */
static enum app_err read_proof(struct ctx *c, const struct one_time *token, struct auth_proof *ret)
{
	*ret = (struct auth_proof){ .user_id = token->user_id };
	return str_to_int64(token->data, &ret->token_version) ? APP_OK : one_time_refuse(c);
}

struct step_look {
	const char *mfa_token;
	struct auth_proof proof;
};

static enum app_err look(struct ctx *c, void *arg)
{
	struct step_look *step = arg;
	struct one_time token;
	enum app_err err = one_time_look(c, FACTOR_PURPOSE, step->mfa_token, &token);
	return err ? err : read_proof(c, &token, &step->proof);
}

enum app_err factor_step_prepare(struct ctx *c, const struct auth_second_step *in)
{
	struct step_look step = { .mfa_token = in->mfa_token };
	enum app_err err = db_write(c, look, &step);
	if (err == APP_BAD_REQUEST)
		return refuse_token(c);
	return err ? err : factor_attempt(c, step.proof.user_id);
}

static enum app_err use_token(struct ctx *c, const char *mfa_token, struct auth_proof *ret)
{
	struct one_time token;
	enum app_err err = one_time_use(c, FACTOR_PURPOSE, mfa_token, &token);
	return err ? err : read_proof(c, &token, ret);
}

enum app_err factor_step_take(struct ctx *c, const struct auth_second_step *in,
			      struct auth_proof *ret)
{
	enum app_err err = use_token(c, in->mfa_token, ret);
	if (err == APP_BAD_REQUEST)
		return refuse_token(c);
	if (!err)
		err = factor_take(c, ret->user_id, in->code);
	if (err == APP_UNAUTHENTICATED)
		auth_tell_refused(c, ret->user_id, "code");
	return err;
}

enum app_err factor_step_end(struct ctx *c, const struct auth_proof *proof, enum app_err err)
{
	if (err == APP_NOT_FOUND)
		return refuse_token(c);
	if (!err)
		factor_attempt_forgive(c, proof->user_id);
	return err;
}

static enum app_err prepare_second_step(struct ctx *c, struct auth_second_step *in,
					struct auth_token *ret)
{
	(void)ret;
	return factor_step_prepare(c, in);
}

PREPARE_FN(prepare_second_step, struct auth_second_step, struct auth_token)

static enum app_err second_step(struct ctx *c, const struct auth_second_step *in,
				struct auth_token *ret)
{
	struct auth_proof proof;
	enum app_err err = factor_step_take(c, in, &proof);
	return err ? err : factor_step_end(c, &proof, auth_sign_in(c, &proof, ret));
}

OPERATION_FN(second_step, struct auth_second_step, struct auth_token)

const struct operation auth_second_step = {
	.name = "auth.second_step",
	.summary = "Sign in with a code",
	.doc = "The second step for accounts with a second factor: the `mfa_token` out of the "
	       "answer to the sign-in, which is good for five minutes and ten codes, and a code. "
	       "Each code is good once. After ten wrong ones the account's codes wait (429).",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &auth_second_step_schema,
	.out = &auth_token_schema,
	.fails_with = { APP_UNAUTHENTICATED },
	PREPARE(prepare_second_step),
	.gives_secret = true,
	RUN(second_step),
};
