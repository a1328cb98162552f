/*
 * Whoever is signed in proves again who he is (RFC 9470): with all that a sign-in asks for. What
 * takes that is said by the operations, see .proven_s in core/op.h.
 */
#include "step_up.h"

#include "factor.h"
#include "modules/user_rules.h"
#include "modules/users.h"

SCHEMA(auth_again,
	FIELD(struct auth_again, current_password, CURRENT_PASSWORD_RULES),
	FIELD(struct auth_again, code, FACTOR_CODE_LENGTH,
	      .doc = "With a second factor: six digits from the device, or a recovery code"));

/* Whether the account has a second factor; and then a code is there. */
static enum app_err check_code(struct ctx *c, const struct auth_again *in, bool *ret_has_factor)
{
	struct auth_factor factor;
	enum app_err err = factor_look(c, c->actor.user_id, &factor);
	if (err)
		return err;
	*ret_has_factor = factor.is_on;
	if (!factor.is_on || in->code)
		return APP_OK;
	err = schema_fault(c, "body", "code", "this account has a second factor: send a code, too");
	c->failure.code = "mfa_required";
	return err;
}

/* By the name, as at a sign-in, so that wrong ones count together with those there. */
static enum app_err check_password(struct ctx *c, struct auth_again *in)
{
	struct user_credentials user;
	bool proven = false;
	enum app_err err = users_credentials(c, c->actor.user_id, &user);
	if (!err)
		err = auth_prove(c, user.username, in->current_password, &in->proof, &proven);
	if (err == APP_UNAUTHENTICATED) {
		/* who is signed in stays so */
		ctx_recover(c);
		return ctx_fail_code(c, APP_FORBIDDEN, "email_not_verified", AUTH_NOT_VERIFIED);
	}
	if (err || proven)
		return err;
	return schema_fault(c, "body", "current_password", "this is not the current password");
}

static enum app_err prepare_prove(struct ctx *c, struct auth_again *in, struct nothing *ret)
{
	(void)ret;
	bool has_factor = false;
	enum app_err err = check_code(c, in, &has_factor);
	if (!err)
		err = check_password(c, in);
	return err || !has_factor ? err : factor_attempt(c, c->actor.user_id);
}

PREPARE_FN(prepare_prove, struct auth_again, struct nothing)

static enum app_err prove(struct ctx *c, const struct auth_again *in, struct nothing *ret)
{
	(void)ret;
	bool has_factor = false;
	const struct auth_proof *proof = &in->proof;
	enum app_err err = user_check_unchanged(c, proof->token_version);
	if (!err)
		err = check_code(c, in, &has_factor);
	if (!err && has_factor)
		err = factor_prove(c, in->code);
	if (!err && proof->new_hash)
		err = users_replace_hash(c, proof->user_id, proof->old_hash, proof->new_hash);
	return err ? err : users_session_prove(c, c->actor.session_id);
}

OPERATION_FN(prove, struct auth_again, struct nothing)

const struct operation auth_prove_again = {
	.name = "auth.prove",
	.summary = "Prove again who you are",
	.doc = "For what answers 401 with the code `insufficient_user_authentication`: with the "
	       "password, and a code where the account has a second factor (422 with the code "
	       "`mfa_required` without one). The tokens stay as they are, and what was refused "
	       "may be asked for again.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	.in = &auth_again_schema,
	.fails_with = { APP_FORBIDDEN },
	PREPARE(prepare_prove),
	.prepare_lane = POOL_HASH,
	/* the password and the code */
	.no_dry_run = true,
	RUN(prove),
};
