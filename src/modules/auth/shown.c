/*
 * Tokens that others show: revoking one (RFC 7009), and telling of one what it is good for (RFC
 * 7662). What is not ours, or not good any more, makes no difference that can be seen but that.
 */
#include "shown.h"
#include "base/arena.h"
#include "core/security.h"
#include "internal.h"
#include "modules/keys.h"
#include "modules/users.h"
#include "refresh_text.h"

#define TOKEN_RULES .required = true, .secret = true, .min_len = 1, .max_len = 2000

SCHEMA(auth_shown,
	FIELD(struct auth_shown, token, .in = IN_FORM, TOKEN_RULES,
	      .doc = "An access token or a refresh token"),
	FIELD(struct auth_shown, token_type_hint, .in = IN_FORM, .max_len = 100,
	      .doc = "Not used: a token tells by itself which it is"),
	FIELD(struct auth_shown, client_id, .in = IN_FORM, .max_len = 200, .doc = "Not used"),
	FIELD(struct auth_shown, client_secret, .in = IN_FORM, .max_len = 200, .secret = true,
	      .format = FORMAT_PASSWORD, .doc = "Not used"));

/* ---- auth.revoke ---- */

SCHEMA(auth_revoked,
	FIELD(struct auth_revoked, is_over, .required = true,
	      .doc = "Always true: the token is good no more, or never was"));

static enum app_err end_refresh(struct ctx *c, const char *text)
{
	struct user_session session;
	bool is_good;
	enum app_err err = auth_refresh_look(c, text, &session, &is_good);
	return err ? err : users_session_end(c, session.id, "revoked");
}

static enum app_err end_access(struct ctx *c, const char *text)
{
	struct token token;
	int64_t proven_us;
	enum app_err err = auth_access_look(c, text, &token, &proven_us);
	if (err)
		return err;
	/* RFC 7009 §2.2.1: it ends no key, and does not say that it is over */
	if (token.key_id)
		return ctx_fail_code(c, APP_BAD_REQUEST, "unsupported_token_type",
				     "A token of an API key ends with its key: delete that");
	return users_session_end(c, token.session_id, "revoked");
}

static enum app_err revoke(struct ctx *c, const struct auth_shown *in, struct auth_revoked *ret)
{
	enum app_err err = refresh_text_is_meant(in->token) ? end_refresh(c, in->token)
							    : end_access(c, in->token);
	ret->is_over = true;
	return err == APP_NOT_FOUND ? APP_OK : err;
}

OPERATION_FN(revoke, struct auth_shown, struct auth_revoked)

const struct operation auth_revoke = {
	.name = "auth.revoke",
	.summary = "Revoke a token",
	.doc = "RFC 7009: ends the session that the token is of, with all its tokens. Whoever has "
	       "it may do so. The answer is the same whether it was good or not; a good one of an "
	       "API key is a 400 with the error `unsupported_token_type`, because it ends with the "
	       "key.",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &auth_shown_schema,
	.out = &auth_revoked_schema,
	RUN(revoke),
};

/* ---- auth.introspect ---- */

#define TOLD .nullable = true

SCHEMA_WITH(auth_introspection, (.omit_null = true),
	FIELD(struct auth_introspection, active, .required = true,
	      .doc = "Whether it is good now; if not, nothing else is told"),
	FIELD(struct auth_introspection, sub, TOLD, .doc = "The id of its account, as a text"),
	FIELD(struct auth_introspection, username, TOLD),
	FIELD(struct auth_introspection, client_id, TOLD,
	      .doc = "Of an access token of an API key: which key"),
	FIELD(struct auth_introspection, token_type, TOLD,
	      .doc = "\"bearer\" of an access token, \"refresh_token\" of the other"),
	FIELD(struct auth_introspection, iat, TOLD,
	      .doc = "When it was given, in seconds since 1970"),
	FIELD(struct auth_introspection, exp, TOLD, .doc = "Until when it is good, likewise"),
	FIELD(struct auth_introspection, sid, TOLD,
	      .doc = "The id of its session; one of a key has none"),
	FIELD(struct auth_introspection, jti, TOLD, .doc = "The id of an access token"),
	FIELD(struct auth_introspection, auth_time, TOLD,
	      .doc = "When its owner proved last who he is, likewise; of an access token"));

static struct maybe_int given(int64_t value)
{
	return (struct maybe_int){ GIVEN, value };
}

static enum app_err tell_access(struct ctx *c, const char *text, int64_t *ret_user_id,
				struct auth_introspection *ret)
{
	struct token token;
	int64_t proven_us;
	enum app_err err = auth_access_look(c, text, &token, &proven_us);
	if (err)
		return err;
	*ret_user_id = token.user_id;
	ret->token_type = "bearer";
	ret->iat = given(token.issued_at);
	ret->exp = given(token.expires_at);
	ret->jti = arena_strdup(c->arena, token.id);
	if (token.key_id) {
		ret->client_id = keys_client_id(c->arena, token.key_id);
		return APP_OK;
	}
	ret->sid = given(token.session_id);
	ret->auth_time = given(proven_us / SECONDS_US(1));
	return APP_OK;
}

static enum app_err tell_refresh(struct ctx *c, const char *text, int64_t *ret_user_id,
				 struct auth_introspection *ret)
{
	struct user_session session;
	bool is_good;
	enum app_err err = auth_refresh_look(c, text, &session, &is_good);
	if (err || !is_good)
		return err ? err : APP_NOT_FOUND;
	*ret_user_id = session.user_id;
	ret->token_type = "refresh_token";
	ret->iat = given(session.seen_at.us / SECONDS_US(1));
	ret->exp = given(session.over_at.us / SECONDS_US(1));
	ret->sid = given(session.id);
	return APP_OK;
}

static enum app_err introspect(struct ctx *c, const struct auth_shown *in,
			       struct auth_introspection *ret)
{
	int64_t user_id = 0;
	struct user user;
	enum app_err err = refresh_text_is_meant(in->token)
				   ? tell_refresh(c, in->token, &user_id, ret)
				   : tell_access(c, in->token, &user_id, ret);
	if (err)
		return err == APP_NOT_FOUND ? APP_OK : err;
	err = model_get(c, &user_model, user_id, &user);
	if (err)
		return err;
	ret->active = true;
	ret->sub = arena_printf(c->arena, "%lld", (long long)user_id);
	ret->username = user.username;
	return APP_OK;
}

OPERATION_FN(introspect, struct auth_shown, struct auth_introspection)

const struct operation auth_introspect = {
	.name = "auth.introspect",
	.summary = "Tell what a token is good for",
	.doc = "RFC 7662, for other services that get our tokens and cannot verify them, or ask "
	       "whether their session still lives. It uses nothing up.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&auth_introspecting),
	.in = &auth_shown_schema,
	.out = &auth_introspection_schema,
	/* it changes nothing, and is a COMMAND so that no replica answers */
	.audit = AUDIT_NONE,
	RUN(introspect),
};
