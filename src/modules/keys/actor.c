/* From a key to the actor behind it. */
#include <stdio.h>
#include <stdlib.h>

#include "core/db.h"
#include "internal.h"
#include "modules/roles.h"

/*
 * With each request of a key, so no more than is needed, and inside a write no lock; what sessions
 * are looked up by in src/modules/users/session_actor.c is as short.
 */
static const char SQL_ACTOR[] =
	"SELECT k.hash, k.user_id, CASE WHEN u.is_superuser THEN k.role_bits"
	" ELSE k.role_bits & u.role_bits END, " ROLES_STATE ", k.expires_at"
	" FROM api_keys AS k JOIN users AS u ON u.id = k.user_id"
	" WHERE k.id = $1 AND (k.expires_at IS NULL OR k.expires_at > $2) AND u.is_active";

/* What a key is now. */
struct key_state {
	/* hex, as struct key_claim has it; of no key: "" */
	char hash[DIGEST_TEXT_ROOM];
	/* 0: there is none, or it is good no more */
	int64_t user_id;
	/* for roles_permissions() */
	int64_t role_bits, roles;
	/* unless GIVEN: never */
	struct maybe_instant expires_at;
};

static enum app_err state_read(struct ctx *c, int64_t id, struct key_state *ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	*ret = (struct key_state){ 0 };
	enum app_err err = db_query_first(c, SQL_ACTOR, BIND(id, ctx_now(c)), &rows, &has_row);
	if (err || !has_row)
		return err;
	snprintf(ret->hash, sizeof(ret->hash), "%s", db_column_text(&rows, 0, NULL));
	ret->user_id = db_column_int(&rows, 1);
	ret->role_bits = db_column_int(&rows, 2);
	ret->roles = db_column_int(&rows, 3);
	if (db_column_type(&rows, 4) != DB_NULL)
		ret->expires_at = (struct maybe_instant){ GIVEN, { db_column_int(&rows, 4) } };
	return APP_OK;
}

/* No superuser, whoever's it is: it has the permissions of its roles. */
static enum app_err actor_make(struct ctx *c, int64_t id, const struct key_state *state,
			       struct actor *ret)
{
	struct actor actor = { .kind = ACTOR_USER, .user_id = state->user_id, .key_id = id };
	enum app_err err = roles_permissions(c, state->role_bits, state->roles, &actor.may);
	if (!err)
		*ret = actor;
	return err;
}

/* The key whose secret was shown. */
static enum app_err state_find(struct ctx *c, const struct key_claim *claim, struct key_state *ret)
{
	enum app_err err = state_read(c, claim->id, ret);
	if (err)
		return err;
	/* first, and of an id that nobody has, too */
	bool is_right = digest_text_is(ret->hash, claim->hash);
	return is_right && ret->user_id ? APP_OK : model_not_found(c, &api_key_model);
}

/* Of the key that was shown, be it by a token. */
static enum app_err actor_shown(struct ctx *c, int64_t id, const struct key_state *state,
				struct actor *ret)
{
	enum app_err err = actor_make(c, id, state, ret);
	if (!err)
		keys_note_used(c, id);
	return err;
}

enum app_err keys_actor(struct ctx *c, const struct key_claim *claim, struct actor *ret)
{
	struct key_state state;
	enum app_err err = state_find(c, claim, &state);
	return err ? err : actor_shown(c, claim->id, &state, ret);
}

/* ---- its tokens ---- */

/* The first 52 bits of what is stored of its secret: a number that JSON has everywhere. */
static int64_t version_of(const struct key_state *state)
{
	enum { DIGITS = 13 };
	char digits[DIGITS + 1];
	snprintf(digits, sizeof(digits), "%.*s", DIGITS, state->hash);
	return strtoll(digits, NULL, 16);
}

enum app_err keys_token(struct ctx *c, const struct key_claim *claim, struct key_token *ret,
			struct maybe_instant *ret_expires_at)
{
	struct key_state state;
	enum app_err err = state_find(c, claim, &state);
	if (err)
		return err;
	*ret = (struct key_token){ .key_id = claim->id,
				   .user_id = state.user_id,
				   .version = version_of(&state) };
	*ret_expires_at = state.expires_at;
	keys_note_used(c, claim->id);
	return APP_OK;
}

enum app_err keys_actor_by_token(struct ctx *c, const struct key_token *token, struct actor *ret)
{
	struct key_state state;
	enum app_err err = state_read(c, token->key_id, &state);
	if (err)
		return err;
	bool is_its = state.user_id == token->user_id && version_of(&state) == token->version;
	return is_its && state.user_id ? actor_shown(c, token->key_id, &state, ret)
				       : model_not_found(c, &api_key_model);
}

enum app_err keys_confirm(struct ctx *c)
{
	struct key_state state;
	enum app_err err = state_read(c, c->actor.key_id, &state);
	if (err)
		return err;
	if (state.user_id != c->actor.user_id)
		return model_not_found(c, &api_key_model);
	return actor_make(c, c->actor.key_id, &state, &c->actor);
}
