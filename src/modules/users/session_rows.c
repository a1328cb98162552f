/*
 * The table of sessions: who is signed in, since when and from where. What tokens look like and how
 * long they are good is the auth module's.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/random.h"
#include "base/str.h"
#include "core/model.h"
#include "internal.h"
#include "session_rows.h"

enum {
	SEED_BYTES = 16,
	SEED_ROOM = 24,
	/* code points; what browsers say of themselves is shorter */
	AGENT_MOST = 200,
	ADDRESS_MOST = 64,
	/* what is over is kept for so long, and goes so many at a sign-in */
	KEPT_DAYS = 7,
	FORGOTTEN_AT_ONCE = 20,
	/*
	 * of one account: with those that live so few that they all go with it in one statement,
	 * see model_has_many_children()
	 */
	KEPT_MOST = 100,
};

SCHEMA(user_session,
	FIELD(struct user_session, id),
	FIELD(struct user_session, user_id),
	FIELD(struct user_session, token_version),
	FIELD(struct user_session, seed, .secret = true),
	FIELD(struct user_session, generation),
	FIELD(struct user_session, seen_at),
	FIELD(struct user_session, expires_at),
	FIELD(struct user_session, over_at),
	FIELD(struct user_session, agent, .nullable = true),
	FIELD(struct user_session, address, .nullable = true),
	FIELD(struct user_session, created_at));

const struct model user_session_model = {
	.name = "session",
	.table = "sessions",
	.row = &user_session_schema,
};

#define COLUMNS \
	"id, user_id, token_version, seed, generation, seen_at, expires_at, over_at, agent," \
	" address, created_at"

/* ---- beginning ---- */

/* Without what lists and terminals do not show, and cut; NULL when nothing is left. */
static const char *shown(struct ctx *c, const char *text, size_t most)
{
	struct buf out;
	size_t len = text ? strlen(text) : 0, count = 0;
	buf_init(&out, c->arena);
	for (size_t at = 0, step; at < len && count < most; at += step ? step : 1) {
		uint32_t code_point = 0;
		step = str_utf8_next(text + at, len - at, &code_point);
		if (!step || str_is_unprintable(code_point))
			continue;
		buf_add(&out, text + at, step);
		count++;
	}
	return out.len ? buf_text(&out) : NULL;
}

/* The oldest of those that live, when there are so many that one more is too many. */
static const char SQL_MAKE_ROOM[] =
	"UPDATE sessions SET ended_at = $2, over_at = $2, ended_why = 'room'"
	" WHERE user_id = $1 AND ended_at IS NULL AND over_at > $2 AND id <="
	" (SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND over_at > $2"
	" ORDER BY id DESC LIMIT 1 OFFSET $3)";

static const char SQL_FORGET[] =
	"DELETE FROM sessions WHERE id IN"
	" (SELECT id FROM sessions WHERE over_at < $1 ORDER BY over_at, id LIMIT $2)";

static const char SQL_FORGET_OWN[] =
	"DELETE FROM sessions WHERE user_id = $1 AND (ended_at IS NOT NULL OR over_at <= $2)"
	" AND id <= (SELECT id FROM sessions WHERE user_id = $1"
	" ORDER BY id DESC LIMIT 1 OFFSET $3)";

static const char SQL_START[] =
	"INSERT INTO sessions (user_id, token_version, user_version, seed, proven_at, seen_at,"
	" expires_at, over_at, agent, address, created_at)"
	" SELECT id, token_version, token_version, $3, $4, $4, $5, $6, $7, $8, $4 FROM users"
	" WHERE id = $1 AND token_version = $2 AND is_active RETURNING " COLUMNS;

/* The end of idleness is no later than that of the longest life. */
static int64_t over_us(int64_t now_us, const struct user_session_rules *rules, int64_t expires_us)
{
	int64_t idle_us = now_us + rules->idle_us;
	return idle_us < expires_us ? idle_us : expires_us;
}

static enum app_err insert(struct ctx *c, int64_t user_id, int64_t token_version,
			   const struct user_session_rules *rules, struct user_session *ret)
{
	unsigned char bytes[SEED_BYTES];
	char seed[SEED_ROOM];
	random_bytes(bytes, sizeof(bytes));
	str_base64url(bytes, sizeof(bytes), seed);
	const struct client none = { 0 }, *client = c->client ? c->client : &none;
	int64_t now = ctx_now(c).us, expires = now + rules->lifetime_us;
	return model_one(c, SQL_START,
			 BIND(user_id, token_version, (const char *)seed, now, expires,
			      over_us(now, rules, expires), shown(c, client->agent, AGENT_MOST),
			      shown(c, client->address, ADDRESS_MOST)),
			 &user_session_schema, ret);
}

enum app_err users_session_start(struct ctx *c, int64_t user_id, int64_t token_version,
				 const struct user_session_rules *rules, struct user_session *ret)
{
	const struct instant now = ctx_now(c);
	const struct instant long_ago = { now.us - KEPT_DAYS * DAY_US };
	/* on PostgreSQL two sign-ins at once would each see room for one */
	enum app_err err = db_lock(
		c, arena_printf(c->arena, "users.sessions.%lld", (long long)user_id));
	if (!err)
		err = db_exec(c, SQL_FORGET, BIND(long_ago, FORGOTTEN_AT_ONCE), NULL);
	if (!err)
		err = db_exec(c, SQL_MAKE_ROOM, BIND(user_id, now, rules->most - 1), NULL);
	if (!err)
		err = db_exec(c, SQL_FORGET_OWN, BIND(user_id, now, KEPT_MOST - 1), NULL);
	if (!err)
		err = insert(c, user_id, token_version, rules, ret);
	if (!err)
		ctx_touch(c, user_session_model.table, ret->id);
	return err;
}

/* ---- going on, and ending ---- */

/* $2 is the time. */
#define LIVES \
	" AND ended_at IS NULL AND over_at > $2" \
	" AND EXISTS (SELECT 1 FROM users AS u WHERE " SESSION_OF_ACCOUNT ")"

static const char SQL_FIND[] = "SELECT " COLUMNS " FROM sessions AS s WHERE id = $1" LIVES;

static const char SQL_LIST[] = "SELECT " COLUMNS " FROM sessions AS s WHERE user_id = $1" LIVES
			       " ORDER BY id DESC LIMIT $3";

static const char SQL_RENEW[] =
	"UPDATE sessions SET generation = generation + 1, seen_at = $2, over_at = $3"
	" WHERE id = $1 RETURNING " COLUMNS;

static const char SQL_PROVE[] =
	"UPDATE sessions SET proven_at = $2 WHERE id = $1 AND ended_at IS NULL RETURNING id";

static const char SQL_END[] = "UPDATE sessions SET ended_at = $2, over_at = $2, ended_why = $3"
			      " WHERE id = $1 AND ended_at IS NULL";

static const char SQL_KEEP[] =
	"UPDATE sessions SET user_version = $2 WHERE id = $1 AND ended_at IS NULL";

static const char SQL_END_OF[] =
	"UPDATE sessions SET ended_at = $3, over_at = $3, ended_why = $4"
	" WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND over_at > $3 RETURNING id";

static const char SQL_END_ALL[] = "UPDATE sessions SET ended_at = $2, over_at = $2, ended_why = $3"
				  " WHERE user_id = $1 AND ended_at IS NULL AND over_at > $2";

enum app_err users_session_find(struct ctx *c, int64_t id, struct user_session *ret)
{
	const struct instant now = ctx_now(c);
	enum app_err err = APP_OK;
	if (c->db)
		err = db_lock(c, arena_printf(c->arena, "users.session.%lld", (long long)id));
	return err ? err : model_one(c, SQL_FIND, BIND(id, now), &user_session_schema, ret);
}

/* Puts off the end of idleness, by SQL_RENEW or SQL_STAY. */
static enum app_err go_on(struct ctx *c, const char *sql, const struct user_session *session,
			  const struct user_session_rules *rules, struct user_session *ret)
{
	int64_t id = session->id, now = ctx_now(c).us;
	int64_t over = over_us(now, rules, session->expires_at.us);
	enum app_err err = model_one(c, sql, BIND(id, now, over), &user_session_schema, ret);
	if (!err)
		ctx_touch(c, user_session_model.table, id);
	return err;
}

enum app_err users_session_renew(struct ctx *c, const struct user_session *session,
				 const struct user_session_rules *rules, struct user_session *ret)
{
	return go_on(c, SQL_RENEW, session, rules, ret);
}

enum app_err users_session_prove(struct ctx *c, int64_t id)
{
	const struct instant now = ctx_now(c);
	int64_t proven;
	enum app_err err = model_int(c, SQL_PROVE, BIND(id, now), &proven);
	if (err == APP_NOT_FOUND)
		return model_not_found(c, &user_session_model);
	if (!err)
		ctx_touch(c, user_session_model.table, id);
	return err;
}

enum app_err users_session_end(struct ctx *c, int64_t id, const char *why)
{
	const struct instant now = ctx_now(c);
	enum app_err err = db_exec(c, SQL_END, BIND(id, now, why), NULL);
	if (!err)
		ctx_touch(c, user_session_model.table, id);
	return err;
}

enum app_err session_keep(struct ctx *c, int64_t id, int64_t token_version)
{
	return db_exec(c, SQL_KEEP, BIND(id, token_version), NULL);
}

enum app_err users_session_end_of(struct ctx *c, int64_t user_id, int64_t id, const char *why)
{
	const struct instant now = ctx_now(c);
	int64_t ended;
	enum app_err err = model_int(c, SQL_END_OF, BIND(id, user_id, now, why), &ended);
	if (err == APP_NOT_FOUND)
		return model_not_found(c, &user_session_model);
	if (!err)
		ctx_touch(c, user_session_model.table, id);
	return err;
}

enum app_err users_session_end_all(struct ctx *c, int64_t user_id, const char *why)
{
	const struct instant now = ctx_now(c);
	enum app_err err = db_exec(c, SQL_END_ALL, BIND(user_id, now, why), NULL);
	if (!err)
		ctx_touch(c, "users", user_id);
	return err;
}

enum app_err users_session_list(struct ctx *c, int64_t user_id, struct array *ret)
{
	const struct instant now = ctx_now(c);
	return model_all(c, SQL_LIST, BIND(user_id, now, USER_SESSIONS_MOST), &user_session_schema,
			 USER_SESSIONS_MOST, ret);
}

/* ---- those that live by a cookie ---- */

static const char SQL_SET_COOKIE[] = "UPDATE sessions SET cookie_hash = $2 WHERE id = $1";

static const char SQL_STAY[] = "UPDATE sessions SET seen_at = $2, over_at = $3"
			       " WHERE id = $1 AND cookie_hash IS NOT NULL RETURNING " COLUMNS;

enum app_err users_session_set_cookie(struct ctx *c, int64_t id,
				      const unsigned char hash[DIGEST_BYTES])
{
	return db_exec(c, SQL_SET_COOKIE, BIND(id, db_bind_bytes(hash, DIGEST_BYTES)), NULL);
}

enum app_err users_session_stay(struct ctx *c, const struct user_session *session,
				const struct user_session_rules *rules, struct user_session *ret)
{
	return go_on(c, SQL_STAY, session, rules, ret);
}
