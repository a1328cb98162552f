/*
 * Signing in. The password is checked in the prepare step, in the lane POOL_HASH, with exactly one
 * verification, at one cost whoever asks, so neither answer nor time tells whether an account
 * exists. The transaction then begins the session, whose tokens are the answer, and stores a
 * stronger hash where today's settings ask for one.
 */
#include "base/arena.h"
#include "base/str.h"
#include "core/app.h"
#include "core/audit.h"
#include "core/log.h"
#include "core/security.h"
#include "factor.h"
#include "internal.h"
#include "modules/users.h"

static enum app_err strengthen(struct ctx *c, const char *password, struct auth_proof *proof)
{
	if (!password_is_outdated(c, proof->old_hash))
		return APP_OK;
	char hash[PASSWORD_HASH_ROOM];
	enum app_err err = password_hash(c, password, hash);
	if (err)
		return err;
	proof->new_hash = arena_strdup(c->arena, hash);
	return APP_OK;
}

void auth_tell_refused(struct ctx *c, int64_t user_id, const char *why)
{
	log_warn(c, "sign-in refused", LOG_INT("user_id", user_id), LOG_TEXT("why", why));
	audit_note(c, c->operation, APP_UNAUTHENTICATED, (struct touched){ "users", user_id });
}

enum app_err auth_prove(struct ctx *c, const char *login, const char *password,
			struct auth_proof *ret, bool *ret_proven)
{
	struct user_credentials user = { 0 };
	enum app_err err = auth_attempt_check(c, login);
	if (!err)
		err = users_find(c, login, &user);
	if (err && err != APP_NOT_FOUND)
		return err;
	ctx_recover(c);
	bool matches = false;
	/* without an account the hash is NULL and a decoy is checked */
	err = password_verify(c, user.password_hash, password, &matches);
	if (err)
		return err;
	*ret_proven = matches && user.is_active;
	auth_attempt_note(c, login, *ret_proven);
	if (!*ret_proven) {
		auth_tell_refused(c, user.id, matches ? "inactive" : "credentials");
		return APP_OK;
	}
	if (auth_must_verify(config_group(c->app->config, &auth_option_group), &user))
		return ctx_fail_code(c, APP_UNAUTHENTICATED, "email_not_verified",
				     AUTH_NOT_VERIFIED);
	*ret = (struct auth_proof){ .user_id = user.id,
				    .token_version = user.token_version,
				    .old_hash = user.password_hash };
	return strengthen(c, password, ret);
}

enum app_err auth_begin_session(struct ctx *c, const struct auth_proof *proof,
				struct user_session *ret)
{
	const struct user_session_rules rules = auth_session_rules(c);
	enum app_err err = users_session_start(c, proof->user_id, proof->token_version, &rules,
					       ret);
	if (!err && proof->new_hash)
		err = users_replace_hash(c, proof->user_id, proof->old_hash, proof->new_hash);
	if (err)
		return err;
	log_info(c, "signed in", LOG_INT("user_id", proof->user_id),
		 LOG_INT("session_id", ret->id));
	return APP_OK;
}

enum app_err auth_sign_in(struct ctx *c, const struct auth_proof *proof, struct auth_token *ret)
{
	struct user_session session;
	enum app_err err = auth_begin_session(c, proof, &session);
	return err ? err : auth_give_tokens(c, &session, ret);
}

/* ---- auth.login ---- */

enum app_err auth_refuse_login(struct ctx *c)
{
	return ctx_fail_code(c, APP_UNAUTHENTICATED, "invalid_credentials", AUTH_WRONG_CREDENTIALS);
}

enum app_err auth_prove_or_refuse(struct ctx *c, const char *login, const char *password,
				  struct auth_proof *ret)
{
	bool proven;
	enum app_err err = auth_prove(c, login, password, ret, &proven);
	if (err)
		return err;
	if (proven)
		return factor_demand(c, ret, APP_UNAUTHENTICATED);
	return auth_refuse_login(c);
}

static enum app_err prepare_login(struct ctx *c, struct auth_login *in, struct auth_token *ret)
{
	(void)ret;
	return auth_prove_or_refuse(c, in->login, in->password, &in->proof);
}

PREPARE_FN(prepare_login, struct auth_login, struct auth_token)

static enum app_err sign_in_or_refuse(struct ctx *c, const struct auth_proof *proof,
				      struct auth_token *ret)
{
	enum app_err err = auth_sign_in(c, proof, ret);
	return err == APP_NOT_FOUND ? auth_refuse_login(c) : err;
}

static enum app_err login(struct ctx *c, const struct auth_login *in, struct auth_token *ret)
{
	return sign_in_or_refuse(c, &in->proof, ret);
}

OPERATION_FN(login, struct auth_login, struct auth_token)

const struct operation auth_login = {
	.name = "auth.login",
	.summary = "Sign in",
	.doc = "With username or e-mail, and the password, as JSON or as a form. The answer holds "
	       "an access token and a refresh token. Of an account with a second factor it is a "
	       "401 with the code `mfa_required` and an `mfa_token`, which `/auth/second-factor` "
	       "takes with a code.",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &auth_login_schema,
	.out = &auth_token_schema,
	.fails_with = { APP_UNAUTHENTICATED },
	PREPARE(prepare_login),
	.prepare_lane = POOL_HASH,
	.gives_secret = true,
	RUN(login),
};

/* ---- auth.login_form ---- */

static enum app_err prepare_login_form(struct ctx *c, struct auth_login_form *in,
				       struct auth_token *ret)
{
	(void)ret;
	const char *login = in->username ? in->username : in->login;
	return auth_prove_or_refuse(c, login, in->password, &in->proof);
}

PREPARE_FN(prepare_login_form, struct auth_login_form, struct auth_token)

static enum app_err login_form(struct ctx *c, const struct auth_login_form *in,
			       struct auth_token *ret)
{
	return sign_in_or_refuse(c, &in->proof, ret);
}

OPERATION_FN(login_form, struct auth_login_form, struct auth_token)

const struct operation auth_login_form = {
	.name = "auth.login_form",
	.summary = "Sign in with a form",
	.doc = "As auth.login, for clients that send forms.",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &auth_login_form_schema,
	.out = &auth_token_schema,
	.fails_with = { APP_UNAUTHENTICATED },
	PREPARE(prepare_login_form),
	.prepare_lane = POOL_HASH,
	.gives_secret = true,
	RUN(login_form),
};
