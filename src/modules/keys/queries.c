/* Reads of the keys module. An account has few keys, so lists have no pages. */
#include "internal.h"
#include "modules/roles.h"
#include "modules/users.h"

struct model_where keys_of(struct ctx *c, int64_t user_id)
{
	return (struct model_where){ .sql = "user_id = $1",
				     .binds = model_where_binds(c, BIND(user_id)) };
}

enum app_err keys_show(struct ctx *c, struct api_key *keys, size_t count)
{
	struct role_names names = { 0 };
	enum app_err err = count ? roles_names_read(c, &names) : APP_OK;
	for (size_t i = 0; !err && i < count; i++)
		keys[i].roles = roles_names(c, &names, keys[i].role_bits);
	return err;
}

static const char SQL_LIST[] =
	"SELECT id, user_id, name, role_bits, expires_at, last_used_at, created_at, updated_at"
	" FROM api_keys WHERE user_id = $1 ORDER BY id";

/* ---- one's own ---- */

static enum app_err list(struct ctx *c, int64_t user_id, struct api_key_list *ret)
{
	enum app_err err = model_all(c, SQL_LIST, BIND(user_id), &api_key_schema, KEYS_MOST_MAX,
				     &ret->items);
	return err ? err : keys_show(c, ret->items.items, ret->items.count);
}

static enum app_err list_keys(struct ctx *c, const struct nothing *in, struct api_key_list *ret)
{
	(void)in;
	return list(c, c->actor.user_id, ret);
}

OPERATION_FN(list_keys, struct nothing, struct api_key_list)

const struct operation keys_list = {
	.name = "keys.list",
	.summary = "List your API keys",
	.doc = "Oldest first, those that have expired, too. What is secret of a key is shown once, "
	       "when it is made.",
	.kind = QUERY,
	.access = ACCESS_USER,
	.out = &api_key_list_schema,
	RUN(list_keys),
};

static enum app_err get_key(struct ctx *c, const struct api_key_ref *in, struct api_key *ret)
{
	const struct model_where own = keys_of(c, c->actor.user_id);
	enum app_err err = model_get_where(c, &api_key_model, in->key_id, &own, ret);
	return err ? err : keys_show(c, ret, 1);
}

OPERATION_FN(get_key, struct api_key_ref, struct api_key)

const struct operation keys_get = {
	.name = "keys.get",
	.summary = "Read one of your API keys",
	.kind = QUERY,
	.access = ACCESS_USER,
	.in = &api_key_ref_schema,
	.out = &api_key_schema,
	RUN(get_key),
};

/* ---- those of others ---- */

enum app_err keys_check_owner(struct ctx *c, int64_t user_id)
{
	struct user owner;
	return model_get(c, &user_model, user_id, &owner);
}

static enum app_err list_keys_of(struct ctx *c, const struct api_key_owner *in,
				 struct api_key_list *ret)
{
	enum app_err err = keys_check_owner(c, in->user_id);
	return err ? err : list(c, in->user_id, ret);
}

OPERATION_FN(list_keys_of, struct api_key_owner, struct api_key_list)

const struct operation keys_list_of = {
	.name = "keys.list_of",
	.summary = "List the API keys of an account",
	.kind = QUERY,
	.access = ACCESS_WITH(&keys_manage),
	.in = &api_key_owner_schema,
	.out = &api_key_list_schema,
	RUN(list_keys_of),
};
