/*
 * What a sign-in asks for besides the password. Once that is right a token is made that is good for
 * some minutes and for the account as it is; taking it is second_step.c's.
 */
#include "base/arena.h"
#include "base/id.h"
#include "core/db.h"
#include "core/one_time.h"
#include "factor.h"
#include "modules/users.h"

enum { STEP_SECONDS = 5 * 60 };

struct demand {
	const struct auth_proof *proof;
	char mfa_token[ONE_TIME_ROOM];
};

/* Each sign-in has its own: another one, whoever begins it, ends none. */
static enum app_err make_token(struct ctx *c, void *arg)
{
	struct demand *demand = arg;
	const struct auth_proof *proof = demand->proof;
	char id[ID_ROOM];
	bool is_made;
	id_new(id);
	const struct one_time what = {
		.purpose = FACTOR_PURPOSE,
		.subject = id,
		.user_id = proof->user_id,
		.data = arena_printf(c->arena, "%lld", (long long)proof->token_version),
	};
	enum app_err err = APP_OK;
	if (proof->new_hash)
		err = users_replace_hash(c, proof->user_id, proof->old_hash, proof->new_hash);
	return err ? err : one_time_make(c, &what, STEP_SECONDS, 0, demand->mfa_token, &is_made);
}

enum app_err factor_demand(struct ctx *c, const struct auth_proof *proof, enum app_err err)
{
	struct auth_factor factor;
	struct demand demand = { .proof = proof };
	enum app_err failed = factor_look(c, proof->user_id, &factor);
	if (!failed && factor.is_on)
		failed = db_write(c, make_token, &demand);
	if (failed || !factor.is_on)
		return failed;
	return ctx_record(c,
			  FAILURE_HERE(.err = err, .code = "mfa_required",
				       .mfa_token = arena_strdup(c->arena, demand.mfa_token)),
			  "This account has a second factor: send a code and the mfa_token to "
			  "/auth/second-factor");
}
