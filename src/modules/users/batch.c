/*
 * Many accounts at once: all or none. Their passwords are hashed before the transaction, one after
 * the other, so there are few in one batch.
 */
#include <string.h>

#include "base/arena.h"
#include "core/crud.h"
#include "core/item_faults.h"
#include "core/log.h"
#include "core/model.h"
#include "internal.h"
#include "roles.h"

static size_t count_passwords(const struct user_batch *in)
{
	const struct user_create *users = in->items.items;
	size_t count = 0;
	for (size_t i = 0; i < in->items.count; i++)
		count += users[i].password != NULL;
	return count;
}

static bool batch_has_password(const void *in)
{
	return count_passwords(in) > 0;
}

static struct user_password password_of(const struct user_create *user)
{
	return (struct user_password){ .field = "password",
				       .text = user->password,
				       .username = user->username,
				       .email = user->email };
}

static enum app_err check_passwords(struct ctx *c, const struct user_batch *in)
{
	const struct user_create *users = in->items.items;
	struct item_faults faults = { .c = c, .list = "items", .item = &user_create_schema };
	for (size_t i = 0; i < in->items.count && !item_faults_are_full(&faults); i++) {
		const struct user_password password = password_of(&users[i]);
		if (password.text && user_password_check(c, &password))
			item_faults_take(&faults, i);
	}
	return item_faults_fail(&faults);
}

static enum app_err hash_passwords(struct ctx *c, struct user_batch *in)
{
	struct user_create *users = in->items.items;
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < in->items.count; i++) {
		const struct user_password password = password_of(&users[i]);
		if (password.text)
			err = user_password_hash(c, &password, &users[i].password_hash);
	}
	return err;
}

/* All are checked before the first is hashed, so that a refusal is cheap. */
static enum app_err prepare_batch(struct ctx *c, struct user_batch *in, struct crud_done *ret)
{
	(void)ret;
	if (count_passwords(in) > USER_BATCH_PASSWORDS_MAX)
		return schema_fault(c, "body", "items", "at most %d of them may have a password",
				    USER_BATCH_PASSWORDS_MAX);
	enum app_err err = check_passwords(c, in);
	return err ? err : hash_passwords(c, in);
}

PREPARE_FN(prepare_batch, struct user_batch, struct crud_done)

static enum app_err complete(struct ctx *c, struct user_create *user)
{
	user->token_version = user_token_version_new();
	enum app_err err = user->is_superuser ? user_check_superuser(c) : APP_OK;
	return err ? err : user_role_bits(c, &user->roles, &user->role_bits);
}

static enum app_err complete_all(struct ctx *c, struct user_create *users, size_t count)
{
	struct item_faults faults = { .c = c, .list = "items", .item = &user_create_schema };
	enum app_err err = roles_begin(c);
	for (size_t i = 0; !err && i < count && !item_faults_are_full(&faults); i++) {
		err = complete(c, &users[i]);
		if (err == APP_INVALID) {
			item_faults_take(&faults, i);
			err = APP_OK;
		}
	}
	return err ? err : item_faults_fail(&faults);
}

static enum app_err create_batch(struct ctx *c, const struct user_batch *in, struct crud_done *ret)
{
	size_t count = in->items.count;
	struct user_create *users = arena_raw(c->arena, count * sizeof(*users));
	int64_t *ids = arena_raw(c->arena, count * sizeof(*ids));
	memcpy(users, in->items.items, count * sizeof(*users));
	enum app_err err = complete_all(c, users, count);
	if (!err)
		err = model_insert_many(c, &user_model, &user_create_schema, "items",
					&(struct array){ .items = users, .count = count }, ids);
	if (err)
		return err;
	log_info(c, "accounts created", LOG_INT("count", (int64_t)count),
		 LOG_INT("by", c->actor.user_id));
	ret->ids = (struct array){ .items = ids, .count = count };
	ret->count = (int64_t)count;
	return APP_OK;
}

OPERATION_FN(create_batch, struct user_batch, struct crud_done)

const struct operation users_create_batch = {
	.name = "users.create_batch",
	.summary = "Create many accounts at once",
	.doc = "All or none: when one is refused, nothing is written and every faulty one is "
	       "named. At most 20 of them may have a password.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&users_manage),
	.in = &user_batch_schema,
	.out = &crud_done_schema,
	PREPARE(prepare_batch),
	.wants_prepare = batch_has_password,
	.prepare_lane = POOL_HASH,
	RUN(create_batch),
};
