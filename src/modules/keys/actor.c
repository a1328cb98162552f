/* From a key to the actor behind it. */
#include <stdio.h>

#include "core/db.h"
#include "internal.h"
#include "modules/roles.h"

/*
 * With each request of a key, so no more than is needed, and inside a write no lock; what sessions
 * are looked up by in src/modules/users/session_actor.c is as short.
 */
static const char SQL_ACTOR[] =
	"SELECT k.hash, k.user_id, CASE WHEN u.is_superuser THEN k.role_bits"
	" ELSE k.role_bits & u.role_bits END, " ROLES_STATE
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

enum app_err keys_actor(struct ctx *c, const struct key_claim *claim, struct actor *ret)
{
	struct key_state state;
	enum app_err err = state_read(c, claim->id, &state);
	if (err)
		return err;
	/* first, and of an id that nobody has, too */
	bool is_right = digest_text_is(state.hash, claim->hash);
	if (!is_right || !state.user_id)
		return model_not_found(c, &api_key_model);
	err = actor_make(c, claim->id, &state, ret);
	if (!err)
		keys_note_used(c, claim->id);
	return err;
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
