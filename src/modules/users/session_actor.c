/*
 * Who is behind what names a session: a token, or a cookie. With each request, so no more is read
 * than is needed: few columns, and inside a write no lock, which model_get_where() takes and for
 * which commands of one account would wait for each other.
 */
#include "core/model.h"
#include "internal.h"
#include "modules/roles.h"
#include "session_rows.h"

/* What an actor has of his row, of a session that lives. */
#define GIVES \
	"SELECT u.is_superuser, s.proven_at, u.role_bits, " ROLES_STATE ", s.user_id," \
	" s.token_version FROM sessions AS s JOIN users AS u ON " SESSION_OF_ACCOUNT \
	" WHERE s.id = $1 AND s.ended_at IS NULL"

static const char SQL_BY_TOKEN[] = GIVES " AND s.user_id = $2 AND s.token_version = $3";

static const char SQL_BY_COOKIE[] = GIVES " AND s.cookie_hash = $2 AND s.over_at > $3";

/* For roles_permissions(). */
struct actor_roles {
	int64_t bits, state;
};

static enum app_err actor_read(struct ctx *c, const char *sql, struct db_binds binds,
			       struct actor *actor, struct actor_roles *ret_roles)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = db_query_first(c, sql, binds, &rows, &has_row);
	if (err || !has_row)
		return err ? err : model_not_found(c, &user_session_model);
	actor->is_superuser = db_column_int(&rows, 0);
	actor->proven_us = db_column_int(&rows, 1);
	ret_roles->bits = db_column_int(&rows, 2);
	ret_roles->state = db_column_int(&rows, 3);
	actor->user_id = db_column_int(&rows, 4);
	actor->token_version = db_column_int(&rows, 5);
	return APP_OK;
}

static enum app_err actor_of(struct ctx *c, const char *sql, struct db_binds binds,
			     int64_t session_id, struct actor *ret)
{
	struct actor actor = { .kind = ACTOR_USER, .session_id = session_id };
	struct actor_roles roles = { 0 };
	enum app_err err = actor_read(c, sql, binds, &actor, &roles);
	/* a superuser has all permissions, whatever his roles are */
	if (!err && !actor.is_superuser)
		err = roles_permissions(c, roles.bits, roles.state, &actor.may);
	if (!err)
		*ret = actor;
	return err;
}

enum app_err users_actor(struct ctx *c, struct user_claim claim, struct actor *ret)
{
	return actor_of(c, SQL_BY_TOKEN, BIND(claim.session_id, claim.user_id, claim.token_version),
			claim.session_id, ret);
}

enum app_err users_actor_by_cookie(struct ctx *c, const struct user_cookie *cookie,
				   struct actor *ret)
{
	return actor_of(
		c, SQL_BY_COOKIE,
		BIND(cookie->session_id, db_bind_bytes(cookie->hash, DIGEST_BYTES), ctx_now(c)),
		cookie->session_id, ret);
}
