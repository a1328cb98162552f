/*
 * Writes of one's own keys; those of others are in others.c. None of them is for a key: whoever has
 * found one makes no other by it, and takes no other away.
 */
#include <string.h>

#include "base/arena.h"
#include "core/app.h"
#include "core/log.h"
#include "core/permission.h"
#include "internal.h"
#include "modules/roles.h"
#include "modules/users.h"

static const struct key_options *options_of(const struct ctx *c)
{
	return config_group(c->app->config, &key_option_group);
}

/* ---- keys.create ---- */

static const char SQL_FORGET[] = "DELETE FROM api_keys WHERE user_id = $1 AND expires_at <= $2";

static enum app_err check_room(struct ctx *c, int64_t user_id)
{
	int64_t count = 0, most = options_of(c)->most;
	const struct model_where own = keys_of(c, user_id);
	enum app_err err = model_count(c, &api_key_model, &own, &count);
	if (err || count < most)
		return err;
	err = db_exec(c, SQL_FORGET, BIND(user_id, ctx_now(c)), NULL);
	if (!err)
		err = model_count(c, &api_key_model, &own, &count);
	if (err || count < most)
		return err;
	return ctx_fail(c, APP_CONFLICT,
			"This account has %lld API keys, and no more than that: delete one first",
			(long long)count);
}

/* When a new key ends, as was asked for and the settings let it. */
static enum app_err find_end(struct ctx *c, const struct api_key_create *in,
			     struct maybe_instant *ret)
{
	const int64_t now_us = ctx_now(c).us, days_most = options_of(c)->days_most;
	*ret = in->expires_at;
	if (in->expires_in_days.is == GIVEN)
		*ret = (struct maybe_instant){ GIVEN,
					       { now_us + in->expires_in_days.value * DAY_US } };
	if (ret->is == GIVEN && ret->value.us <= now_us)
		return schema_fault(c, "body", "expires_at", "must be in the future");
	if (days_most && (ret->is != GIVEN || ret->value.us > now_us + days_most * DAY_US))
		return schema_fault(c, "body",
				    in->expires_in_days.is == GIVEN ? "expires_in_days"
								    : "expires_at",
				    "keys live for %lld days at most here: say when it ends",
				    (long long)days_most);
	return APP_OK;
}

/* Of the roles that the account has, so that it gets none with a role that is given later. */
static enum app_err find_roles(struct ctx *c, int64_t user_id, const struct array *names,
			       int64_t *ret_bits)
{
	struct user owner;
	enum app_err err = roles_begin(c);
	if (!err)
		err = model_get(c, &user_model, user_id, &owner);
	if (!err)
		err = roles_find(c, "roles", names, ret_bits);
	if (!err && !owner.is_superuser && (*ret_bits & ~owner.role_bits))
		return schema_fault(c, "body", "roles", "a key has roles of its account");
	return err;
}

static enum app_err insert(struct ctx *c, const struct api_key_write *row, struct api_key_made *ret,
			   const char *secret)
{
	enum app_err err = model_insert(c, &api_key_model, &api_key_write_schema, row, &ret->row);
	if (err)
		return err;
	char *text = arena_raw(c->arena, KEY_TEXT_ROOM);
	key_text_write(ret->row.id, secret, text);
	ret->key = text;
	log_info(c, "API key created", LOG_INT("key_id", ret->row.id),
		 LOG_INT("user_id", row->user_id));
	return keys_show(c, &ret->row, 1);
}

enum app_err keys_make(struct ctx *c, int64_t user_id, const struct api_key_create *in,
		       struct api_key_made *ret)
{
	char secret[KEY_SECRET_ROOM], hash[DIGEST_TEXT_ROOM];
	struct api_key_write row = { .user_id = user_id, .name = in->name, .hash = hash };
	enum app_err err = find_end(c, in, &row.expires_at);
	if (!err)
		err = find_roles(c, user_id, &in->roles, &row.role_bits);
	if (!err)
		err = check_room(c, row.user_id);
	if (err)
		return err;
	key_secret_draw(secret);
	key_secret_hash(secret, hash);
	err = insert(c, &row, ret, secret);
	explicit_bzero(secret, sizeof(secret));
	return err;
}

static enum app_err create_key(struct ctx *c, const struct api_key_create *in,
			       struct api_key_made *ret)
{
	return keys_make(c, c->actor.user_id, in, ret);
}

OPERATION_FN(create_key, struct api_key_create, struct api_key_made)

const struct operation keys_create = {
	.name = "keys.create",
	.summary = "Make an API key",
	.doc = "For a program that acts as you: it may what every account may, and what its roles "
	       "let it while you have them, too. The key is shown this once.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	.proven_s = PROVEN_LATELY_S,
	.in = &api_key_create_schema,
	.out = &api_key_made_schema,
	.fails_with = { APP_CONFLICT },
	.gives_secret = true,
	RUN(create_key),
};

/* ---- keys.update ---- */

static enum app_err update_key(struct ctx *c, const struct api_key_update *in, struct api_key *ret)
{
	struct api_key before;
	const struct model_where own = keys_of(c, c->actor.user_id);
	enum app_err err = model_get_where(c, &api_key_model, in->key_id, &own, &before);
	if (!err)
		err = model_update(
			c, &api_key_model, in->key_id, &api_key_update_schema, in,
			&(struct model_match){ .if_match = in->if_match, .before = &before }, ret);
	return err ? err : keys_show(c, ret, 1);
}

OPERATION_FN(update_key, struct api_key_update, struct api_key)

const struct operation keys_update = {
	.name = "keys.update",
	.summary = "Rename one of your API keys",
	.doc = "What it may, and until when, is settled when it is made.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	.in = &api_key_update_schema,
	.out = &api_key_schema,
	RUN(update_key),
};

/* ---- keys.delete ---- */

enum app_err keys_delete_one(struct ctx *c, int64_t user_id, int64_t key_id)
{
	struct api_key before;
	const struct model_where theirs = keys_of(c, user_id);
	enum app_err err = model_get_where(c, &api_key_model, key_id, &theirs, &before);
	if (!err)
		err = model_delete(c, &api_key_model, key_id, NULL);
	if (err)
		return err;
	log_info(c, "API key deleted", LOG_INT("key_id", key_id), LOG_INT("user_id", user_id),
		 LOG_INT("by", c->actor.user_id));
	return APP_OK;
}

static enum app_err delete_key(struct ctx *c, const struct api_key_ref *in, struct nothing *ret)
{
	(void)ret;
	return keys_delete_one(c, c->actor.user_id, in->key_id);
}

OPERATION_FN(delete_key, struct api_key_ref, struct nothing)

const struct operation keys_delete = {
	.name = "keys.delete",
	.summary = "Delete one of your API keys",
	.doc = "Whoever shows it from then on is refused.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	.in = &api_key_ref_schema,
	RUN(delete_key),
};

/* ---- for the roles module ---- */

static const char SQL_LOSE_ROLE[] =
	"UPDATE api_keys SET role_bits = role_bits & $1 WHERE (role_bits & $2) <> 0";

enum app_err keys_lose_role(struct ctx *c, int64_t bit)
{
	int64_t stays = ~bit;
	return db_exec(c, SQL_LOSE_ROLE, BIND(stays, bit), NULL);
}
