/* Writes of the keys of others, for whoever manages them, and for the command line. */
#include "core/log.h"
#include "core/permission.h"
#include "internal.h"
#include "modules/users.h"

/* ---- keys.create_of ---- */

/* Whoever has the key of a person acts as he does: over HTTP he alone makes it. */
static enum app_err check_maker(struct ctx *c, int64_t user_id)
{
	struct user owner;
	if (c->actor.kind == ACTOR_SYSTEM)
		return APP_OK;
	enum app_err err = model_get(c, &user_model, user_id, &owner);
	if (!err && !user_kind_is_service(owner.kind))
		return ctx_fail(c, APP_FORBIDDEN, "A person makes his API keys himself");
	return err ? err : user_check_reach(c, user_id);
}

static enum app_err create_key_of(struct ctx *c, const struct api_key_create_of *in,
				  struct api_key_made *ret)
{
	enum app_err err = check_maker(c, in->user_id);
	return err ? err : keys_make(c, in->user_id, &in->key, ret);
}

OPERATION_FN(create_key_of, struct api_key_create_of, struct api_key_made)

const struct operation keys_create_of = {
	.name = "keys.create_of",
	.summary = "Make an API key of a service account",
	.doc = "With roles that it has. The key is shown this once. A person makes his own.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&keys_manage),
	.people_only = true,
	.proven_s = PROVEN_LATELY_S,
	.in = &api_key_create_of_schema,
	.out = &api_key_made_schema,
	.fails_with = { APP_FORBIDDEN, APP_CONFLICT },
	.gives_secret = true,
	RUN(create_key_of),
};

/* ---- keys.delete_of, keys.delete_all_of, keys.revoke ---- */

static enum app_err delete_key_of(struct ctx *c, const struct api_key_of *in, struct nothing *ret)
{
	(void)ret;
	enum app_err err = user_check_reach(c, in->user_id);
	return err ? err : keys_delete_one(c, in->user_id, in->key_id);
}

OPERATION_FN(delete_key_of, struct api_key_of, struct nothing)

const struct operation keys_delete_of = {
	.name = "keys.delete_of",
	.summary = "Delete an API key of an account",
	.kind = COMMAND,
	.access = ACCESS_WITH(&keys_manage),
	.people_only = true,
	.in = &api_key_of_schema,
	RUN(delete_key_of),
};

static const char SQL_DELETE_ALL[] = "DELETE FROM api_keys WHERE user_id = $1";

static enum app_err delete_all_of(struct ctx *c, const struct api_key_owner *in,
				  struct nothing *ret)
{
	(void)ret;
	int64_t count = 0;
	enum app_err err = keys_check_owner(c, in->user_id);
	if (!err)
		err = user_check_reach(c, in->user_id);
	if (!err)
		err = db_exec(c, SQL_DELETE_ALL, BIND(in->user_id), &count);
	if (err)
		return err;
	ctx_touch(c, user_model.table, in->user_id);
	log_info(c, "API keys deleted", LOG_INT("user_id", in->user_id), LOG_INT("count", count),
		 LOG_INT("by", c->actor.user_id));
	return APP_OK;
}

OPERATION_FN(delete_all_of, struct api_key_owner, struct nothing)

const struct operation keys_delete_all_of = {
	.name = "keys.delete_all_of",
	.summary = "Delete all API keys of an account",
	.doc = "For when they may be known to others.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&keys_manage),
	.people_only = true,
	.in = &api_key_owner_schema,
	RUN(delete_all_of),
};

/* Whoever has found a key somewhere knows its number, and not whose it is. */
static enum app_err revoke_key(struct ctx *c, const struct api_key_ref *in, struct nothing *ret)
{
	struct api_key key;
	enum app_err err = model_get_where(c, &api_key_model, in->key_id, NULL, &key);
	return err ? err
		   : delete_key_of(c,
				   &(struct api_key_of){ .user_id = key.user_id, .key_id = key.id },
				   ret);
}

OPERATION_FN(revoke_key, struct api_key_ref, struct nothing)

const struct operation keys_revoke = {
	.name = "keys.revoke",
	.summary = "Delete an API key by its number alone",
	.doc = "Whosever it is.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&keys_manage),
	.people_only = true,
	.in = &api_key_ref_schema,
	RUN(revoke_key),
};
