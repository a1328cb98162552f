/* Reads of the users module: the operations that only look, and the look-ups of other modules. */
#include <string.h>

#include "core/model.h"
#include "core/text.h"
#include "internal.h"
#include "modules/posts.h"
#include "roles.h"

static enum app_err user_or_missing(struct ctx *c, enum app_err err)
{
	return err == APP_NOT_FOUND ? model_not_found(c, &user_model) : err;
}

/* What an account may include is its posts, drafts and all. */
static enum app_err list_users(struct ctx *c, const struct user_list *in, struct page *ret)
{
	enum app_err err = in->list.include_count ? op_authorize(c, ACCESS_USER, &posts_read_any)
						  : APP_OK;
	if (!err)
		err = model_list(c, &user_listed_model, &in->list, NULL, ret);
	return err ? err
		   : users_show(c, ret->items.items, ret->items.count, sizeof(struct user_listed));
}

OPERATION_FN(list_users, struct user_list, struct page)

const struct operation users_list = {
	.name = "users.list",
	.summary = "List the accounts",
	.doc = "Oldest first unless sort says otherwise. q searches username, email and full_name. "
	       "include=posts takes the permission posts.read.any.",
	.kind = QUERY,
	.access = ACCESS_WITH(&users_read),
	.in = &user_list_schema,
	.out = &user_listed_page_schema,
	RUN(list_users),
};

/* An id is never given twice, so the newest accounts are those with the highest ones. */
static enum app_err list_recent(struct ctx *c, const struct user_recent *in,
				struct user_recent_list *ret)
{
	bool since = in->days.is == GIVEN;
	const int64_t first = ctx_now(c).us - in->days.value * DAY_US;
	const struct model_where lately = { .sql = "created_at >= $1", .binds = BIND(first) };
	struct list_query newest;
	struct page page;
	list_query_init(&newest, &user_schema);
	newest.with_total = false;
	newest.per_page = in->limit.is == GIVEN ? in->limit.value : since ? 100 : 10;
	newest.sorts[0].field = schema_field(&user_schema, since ? "created_at" : "id");
	newest.sorts[0].descending = true;
	newest.sort_count = 1;
	enum app_err err = model_list(c, &user_model, &newest, since ? &lately : NULL, &page);
	if (!err)
		ret->items = page.items;
	return err ? err : users_show(c, ret->items.items, ret->items.count, sizeof(struct user));
}

OPERATION_FN(list_recent, struct user_recent, struct user_recent_list)

const struct operation users_recent = {
	.name = "users.recent",
	.summary = "List the newest accounts",
	.doc = "Newest first.",
	.kind = QUERY,
	.access = ACCESS_WITH(&users_read),
	.in = &user_recent_schema,
	.out = &user_recent_list_schema,
	RUN(list_recent),
};

static enum app_err get_user(struct ctx *c, const struct user_ref *in, struct user *ret)
{
	enum app_err err = model_get(c, &user_model, in->user_id, ret);
	return err ? err : users_show_one(c, ret);
}

OPERATION_FN(get_user, struct user_ref, struct user)

const struct operation users_get = {
	.name = "users.get",
	.summary = "Read an account",
	.kind = QUERY,
	.access = ACCESS_WITH(&users_read),
	.in = &user_ref_schema,
	.out = &user_schema,
	RUN(get_user),
};

static enum app_err get_me(struct ctx *c, const struct nothing *in, struct user *ret)
{
	(void)in;
	enum app_err err = model_get(c, &user_model, c->actor.user_id, ret);
	return err ? err : users_show_one(c, ret);
}

OPERATION_FN(get_me, struct nothing, struct user)

const struct operation users_me = {
	.name = "users.me",
	.summary = "Read your own account",
	.kind = QUERY,
	.access = ACCESS_USER,
	.out = &user_schema,
	RUN(get_me),
};

/*
 * Either of two columns, for which core/model has no words. A username holds no @ and an e-mail
 * always does, so at most one row can match.
 */
#define BY_LOGIN " WHERE (username_key = $1 OR email_key = $1)"

static const char SQL_FIND_PERSON[] =
	"SELECT id, username, email, password_hash, is_active, token_version, is_superuser,"
	" verified_at, kind FROM users" BY_LOGIN " AND kind = '" USER_PERSON "'";

static const char SQL_FIND_ID[] = "SELECT id AS user_id FROM users" BY_LOGIN;

const char *users_name_key(struct ctx *c, const char *name)
{
	return text_fold(c->arena, name, strlen(name), NULL);
}

enum app_err users_find(struct ctx *c, const char *login, struct user_credentials *ret)
{
	const char *key = users_name_key(c, login);
	return user_or_missing(
		c, model_one(c, SQL_FIND_PERSON, BIND(key), &user_credentials_schema, ret));
}

static enum app_err find_user(struct ctx *c, const struct user_login *in, struct user *ret)
{
	const char *key = users_name_key(c, in->login);
	struct user_ref found;
	enum app_err err = user_or_missing(
		c, model_one(c, SQL_FIND_ID, BIND(key), &user_ref_schema, &found));
	if (!err)
		err = user_or_missing(c, model_get(c, &user_model, found.user_id, ret));
	return err ? err : users_show_one(c, ret);
}

OPERATION_FN(find_user, struct user_login, struct user)

const struct operation users_find_by_login = {
	.name = "users.find",
	.summary = "Read the account of a login",
	.doc = "Finds it by username or e-mail, whatever their case and form.",
	.kind = QUERY,
	.access = ACCESS_WITH(&users_read),
	.in = &user_login_schema,
	.out = &user_schema,
	RUN(find_user),
};

enum app_err users_credentials(struct ctx *c, int64_t id, struct user_credentials *ret)
{
	return model_get_where(c, &user_credentials_model, id, NULL, ret);
}
