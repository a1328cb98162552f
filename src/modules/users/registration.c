/*
 * What the accounts module has done to an account whose e-mail somebody has shown to read: made,
 * confirmed, or moved to another address.
 */
#include "core/log.h"
#include "core/model.h"
#include "internal.h"
#include "modules/roles.h"

enum app_err users_register(struct ctx *c, const struct user_registration *in, struct user *ret)
{
	struct user_create row = { .username = in->username,
				   .email = in->email,
				   .full_name = in->full_name,
				   .is_active = true,
				   .password_hash = in->password_hash,
				   .token_version = user_token_version_new(),
				   .verified_at = { GIVEN, ctx_now(c) } };
	enum app_err err = roles_begin(c);
	if (!err)
		err = roles_of_new_accounts(c, &row.role_bits);
	if (!err)
		err = model_insert(c, &user_model, &user_create_schema, &row, ret);
	if (!err)
		log_info(c, "account registered", LOG_INT("user_id", ret->id));
	return err;
}

enum app_err users_verify(struct ctx *c, int64_t id, struct user *ret)
{
	const struct user_update row = { .verified_at = { GIVEN, ctx_now(c) } };
	enum app_err err = model_update(c, &user_model, id, &user_update_schema, &row, NULL, ret);
	if (!err)
		log_info(c, "e-mail confirmed", LOG_INT("user_id", id));
	return err;
}

enum app_err users_move(struct ctx *c, const struct user_credentials *before, const char *email,
			struct user *ret)
{
	const struct user_update row = { .email = { GIVEN, email },
					 .verified_at = { GIVEN, ctx_now(c) } };
	enum app_err err = model_update(c, &user_model, before->id, &user_update_schema, &row, NULL,
					ret);
	if (err)
		return err;
	user_tell_moved(c, before, email);
	log_info(c, "e-mail changed", LOG_INT("user_id", before->id));
	return APP_OK;
}
