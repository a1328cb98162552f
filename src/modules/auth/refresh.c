/*
 * What a session gives, and how it goes on: a refresh token is good once, and gives the next. It is
 * signed with the secret and the seed of the session's row, so nothing of it is kept. The next is
 * the same whoever asks twice at once or has lost the answer; one that was used long before is
 * somebody else's, and ends the session.
 */
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "core/app.h"
#include "core/audit.h"
#include "core/log.h"
#include "core/security.h"
#include "internal.h"
#include "modules/users.h"
#include "refresh_text.h"

#define PURPOSE "refresh"

static const struct auth_options *options_of(const struct ctx *c)
{
	return config_group(c->app->config, &auth_option_group);
}

struct user_session_rules auth_session_rules(const struct ctx *c)
{
	const struct auth_options *options = options_of(c);
	return (struct user_session_rules){ .idle_us = options->session_idle_days * DAY_US,
					    .lifetime_us = options->session_days * DAY_US,
					    .most = options->sessions_most };
}

/* What is signed of a generation, "5.0.seed". */
static const char *signed_text(struct ctx *c, const struct user_session *session,
			       int64_t generation)
{
	return arena_printf(c->arena, "%lld.%lld.%s", (long long)session->id, (long long)generation,
			    session->seed);
}

static const char *text_of(struct ctx *c, const struct user_session *session)
{
	struct refresh_text token = { .session_id = session->id,
				      .generation = session->generation };
	char *ret = arena_raw(c->arena, REFRESH_TEXT_ROOM);
	const char *text = signed_text(c, session, session->generation);
	security_sign(c->app->security, PURPOSE, text, strlen(text), token.signature);
	refresh_text_write(&token, ret);
	return ret;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

enum app_err auth_give_tokens(struct ctx *c, const struct user_session *session,
			      struct auth_token *ret)
{
	int64_t now_us = ctx_now(c).us, now_s = now_us / SECONDS_US(1);
	int64_t left_s = (session->expires_at.us - now_us) / SECONDS_US(1);
	int64_t lifetime_s = least(options_of(c)->access_minutes * 60, left_s > 0 ? left_s : 1);
	int64_t idle_s = (session->over_at.us - now_us) / SECONDS_US(1);
	struct token token = { .user_id = session->user_id,
			       .version = session->token_version,
			       .session_id = session->id,
			       .issued_at = now_s,
			       .expires_at = now_s + lifetime_s };
	_Static_assert(sizeof(token.id) >= ID_ROOM, "a token has room for its identifier");
	id_new(token.id);
	char *text = arena_raw(c->arena, TOKEN_ROOM);
	enum app_err err = token_sign(c, &token, text);
	if (err)
		return err;
	*ret = (struct auth_token){ .access_token = text,
				    .token_type = "bearer",
				    .expires_in = lifetime_s,
				    .refresh_token = text_of(c, session),
				    .refresh_expires_in = idle_s > 0 ? idle_s : 1 };
	return APP_OK;
}

/* ---- auth.refresh_token ---- */

static enum app_err refuse(struct ctx *c)
{
	ctx_recover(c);
	return ctx_fail_code(c, APP_BAD_REQUEST, "invalid_grant",
			     "This refresh token is not good, or not any more: sign in again");
}

/* The session of a token that we have signed, whatever its generation. */
static enum app_err find_session(struct ctx *c, const char *text, struct refresh_text *ret_read,
				 struct user_session *ret)
{
	if (!refresh_text_read(text, ret_read))
		return refuse(c);
	enum app_err err = users_session_find(c, ret_read->session_id, ret);
	if (err)
		return err == APP_NOT_FOUND ? refuse(c) : err;
	const char *is_signed = signed_text(c, ret, ret_read->generation);
	return security_verify(c->app->security, PURPOSE, is_signed, strlen(is_signed),
			       ret_read->signature)
		       ? APP_OK
		       : refuse(c);
}

enum refresh_case { REFRESH_NEW, REFRESH_AGAIN, REFRESH_REUSED };

static enum refresh_case case_of(const struct ctx *c, const struct refresh_text *read,
				 const struct user_session *session)
{
	int64_t grace_us = SECONDS_US(options_of(c)->refresh_grace_seconds);
	if (read->generation == session->generation)
		return REFRESH_NEW;
	if (read->generation == session->generation - 1 &&
	    ctx_now(c).us < session->seen_at.us + grace_us)
		return REFRESH_AGAIN;
	return REFRESH_REUSED;
}

/* In the write that ends the session, and about its account. */
static enum app_err tell_of_reuse(struct ctx *c, const struct user_session *session)
{
	log_warn(c, "a refresh token was used again: its session ends",
		 LOG_INT("user_id", session->user_id), LOG_INT("session_id", session->id));
	return audit_write(c, &(struct audit_entry){
				      .operation = c->operation,
				      .outcome = "reuse",
				      .subject = { user_model.table, session->user_id },
				      .change = arena_printf(c->arena, "{\"session_id\":%lld}",
							     (long long)session->id),
			      });
}

static enum app_err end_reused(struct ctx *c, void *arg)
{
	const char *text = arg;
	struct refresh_text read;
	struct user_session session;
	enum app_err err = find_session(c, text, &read, &session);
	if (err || case_of(c, &read, &session) != REFRESH_REUSED)
		return err;
	err = users_session_end(c, session.id, "reuse");
	return err ? err : tell_of_reuse(c, &session);
}

/* In a write of its own, because the command fails and is undone. */
enum app_err auth_refresh_prepare(struct ctx *c, const char *text)
{
	struct refresh_text read;
	struct user_session session;
	enum app_err err = find_session(c, text, &read, &session);
	if (err || case_of(c, &read, &session) != REFRESH_REUSED)
		return err;
	err = db_write(c, end_reused, (void *)(uintptr_t)text);
	return err ? err : refuse(c);
}

enum app_err auth_refresh_look(struct ctx *c, const char *text, struct user_session *ret,
			       bool *ret_is_good)
{
	struct refresh_text read;
	enum app_err err = find_session(c, text, &read, ret);
	if (!err)
		*ret_is_good = case_of(c, &read, ret) != REFRESH_REUSED;
	if (err != APP_BAD_REQUEST)
		return err;
	ctx_recover(c);
	return APP_NOT_FOUND;
}

enum app_err auth_refresh(struct ctx *c, const char *text, struct auth_token *ret)
{
	struct refresh_text read;
	struct user_session session;
	const struct user_session_rules rules = auth_session_rules(c);
	enum app_err err = find_session(c, text, &read, &session);
	if (err)
		return err;
	enum refresh_case which = case_of(c, &read, &session);
	if (which == REFRESH_REUSED)
		return refuse(c);
	if (which == REFRESH_NEW)
		err = users_session_renew(c, &session, &rules, &session);
	return err ? err : auth_give_tokens(c, &session, ret);
}

static enum app_err prepare_refresh(struct ctx *c, struct auth_refresh *in, struct auth_token *ret)
{
	(void)ret;
	return auth_refresh_prepare(c, in->refresh_token);
}

PREPARE_FN(prepare_refresh, struct auth_refresh, struct auth_token)

static enum app_err refresh(struct ctx *c, const struct auth_refresh *in, struct auth_token *ret)
{
	return auth_refresh(c, in->refresh_token, ret);
}

OPERATION_FN(refresh, struct auth_refresh, struct auth_token)

const struct operation auth_refresh_token = {
	.name = "auth.refresh_token",
	.summary = "Trade a refresh token for others",
	.doc = "A refresh token is good once, and gives the next. For some seconds it gives the "
	       "same one again (`auth.refresh_grace_seconds`), so that an answer that was lost "
	       "may be asked for again; used later it ends its session, because somebody else has "
	       "it. One that is not good is a 400 with the code `invalid_grant`.",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &auth_refresh_schema,
	.out = &auth_token_schema,
	.fails_with = { APP_BAD_REQUEST },
	PREPARE(prepare_refresh),
	.prepare_lane = POOL_WORK,
	.gives_secret = true,
	RUN(refresh),
};
