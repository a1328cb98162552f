/*
 * Sessions as people see them: where an account is signed in, and signing out here, there and
 * everywhere. An ended session is dead with the commit, with all its tokens.
 */
#include "base/arena.h"
#include "cookie.h"
#include "internal.h"
#include "modules/user_rules.h"
#include "modules/users.h"

SCHEMA(auth_session,
	FIELD(struct auth_session, id, .required = true),
	FIELD(struct auth_session, agent, .required = true, .nullable = true,
	      .doc = "What the client called itself at the sign-in (User-Agent)"),
	FIELD(struct auth_session, address, .required = true,
	      .doc = "Where it signed in; empty: that is not known"),
	FIELD(struct auth_session, created_at, .required = true, .doc = "When it signed in"),
	FIELD(struct auth_session, last_seen_at, .required = true,
	      .doc = "When it did so, or last got new tokens"),
	FIELD(struct auth_session, expires_at, .required = true,
	      .doc = "When it is over, unless it gets new tokens before"),
	FIELD(struct auth_session, is_current, .required = true,
	      .doc = "Whether it is the one that asks"));

SCHEMA(auth_sessions,
	FIELD(struct auth_sessions, sessions, .required = true, .object = &auth_session_schema));

SCHEMA(auth_session_ref,
	FIELD(struct auth_session_ref, session_id, .in = IN_PATH, .required = true,
	      .doc = "Id of the session"));

SCHEMA(auth_account, FIELD(struct auth_account, user_id, USER_ID_RULES));

static enum app_err list_of(struct ctx *c, int64_t user_id, struct auth_sessions *ret)
{
	struct array found;
	enum app_err err = users_session_list(c, user_id, &found);
	if (err)
		return err;
	const struct user_session *from = found.items;
	struct auth_session *to = arena_zero(c->arena, (found.count + 1) * sizeof(*to));
	for (size_t i = 0; i < found.count; i++)
		to[i] = (struct auth_session){
			.id = from[i].id,
			.agent = from[i].agent,
			.address = from[i].address ? from[i].address : "",
			.created_at = from[i].created_at,
			.last_seen_at = from[i].seen_at,
			.expires_at = from[i].over_at,
			.is_current = from[i].id == c->actor.session_id,
		};
	ret->sessions = (struct array){ .items = to, .count = found.count };
	return APP_OK;
}

/* ---- one's own ---- */

static enum app_err list_sessions(struct ctx *c, const struct nothing *in,
				  struct auth_sessions *ret)
{
	(void)in;
	return list_of(c, c->actor.user_id, ret);
}

OPERATION_FN(list_sessions, struct nothing, struct auth_sessions)

const struct operation auth_list_sessions = {
	.name = "auth.list_sessions",
	.summary = "List where you are signed in",
	.doc = "Newest first.",
	.kind = QUERY,
	.access = ACCESS_USER,
	.out = &auth_sessions_schema,
	RUN(list_sessions),
};

static enum app_err end_session(struct ctx *c, const struct auth_session_ref *in,
				struct nothing *ret)
{
	(void)ret;
	if (in->session_id == c->actor.session_id)
		auth_cookie_end(c);
	return users_session_end_of(c, c->actor.user_id, in->session_id, "logout");
}

OPERATION_FN(end_session, struct auth_session_ref, struct nothing)

const struct operation auth_end_session = {
	.name = "auth.end_session",
	.summary = "Sign out elsewhere",
	.doc = "Ends one of your sessions, with all its tokens.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	.in = &auth_session_ref_schema,
	RUN(end_session),
};

static enum app_err logout(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	(void)in;
	(void)ret;
	auth_cookie_end(c);
	return users_session_end(c, c->actor.session_id, "logout");
}

OPERATION_FN(logout, struct nothing, struct nothing)

const struct operation auth_logout = {
	.name = "auth.logout",
	.summary = "Sign out here",
	.doc = "Ends the session that the token or the cookie is of, with all its tokens. Those "
	       "of other devices stay.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	RUN(logout),
};

static enum app_err logout_all(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	(void)in;
	(void)ret;
	auth_cookie_end(c);
	return users_session_end_all(c, c->actor.user_id, "logout");
}

OPERATION_FN(logout_all, struct nothing, struct nothing)

const struct operation auth_logout_all = {
	.name = "auth.logout_all",
	.summary = "Sign out everywhere",
	.doc = "Ends all of your sessions, this one, too.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	RUN(logout_all),
};

/* ---- of others ---- */

static enum app_err list_sessions_of(struct ctx *c, const struct auth_account *in,
				     struct auth_sessions *ret)
{
	struct user user;
	enum app_err err = model_get(c, &user_model, in->user_id, &user);
	return err ? err : list_of(c, user.id, ret);
}

OPERATION_FN(list_sessions_of, struct auth_account, struct auth_sessions)

const struct operation auth_list_sessions_of = {
	.name = "auth.list_sessions_of",
	.summary = "List where an account is signed in",
	.doc = "Newest first.",
	.kind = QUERY,
	.access = ACCESS_WITH(&users_read),
	.in = &auth_account_schema,
	.out = &auth_sessions_schema,
	RUN(list_sessions_of),
};

static enum app_err end_sessions_of(struct ctx *c, const struct auth_account *in,
				    struct nothing *ret)
{
	(void)ret;
	struct user user;
	enum app_err err = model_get(c, &user_model, in->user_id, &user);
	if (!err)
		err = user_check_reach(c, user.id);
	return err ? err : users_session_end_all(c, user.id, "manager");
}

OPERATION_FN(end_sessions_of, struct auth_account, struct nothing)

const struct operation auth_end_sessions_of = {
	.name = "auth.end_sessions_of",
	.summary = "Sign an account out everywhere",
	.doc = "It may sign in again: `is_active` keeps it out. You need all that it may.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&users_manage),
	.people_only = true,
	.in = &auth_account_schema,
	RUN(end_sessions_of),
};
