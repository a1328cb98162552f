/*
 * New passwords: the rule no field table can say, and the hashing. Called by the prepare functions
 * of the commands, in the lane POOL_HASH; checking a password at sign-in is the auth module's.
 */
#include <string.h>

#include "base/arena.h"
#include "core/app.h"
#include "core/security.h"
#include "internal.h"

static bool is_guessable(struct ctx *c, const struct user_password *password)
{
	size_t local_len = strcspn(password->email, "@");
	return user_password_contains(c->arena, password->text, password->username) ||
	       user_password_contains(c->arena, password->text,
				      arena_strndup(c->arena, password->email, local_len)) ||
	       user_password_contains(c->arena, password->text, c->app->options->name);
}

enum app_err user_password_check(struct ctx *c, const struct user_password *password)
{
	if (!is_guessable(c, password))
		return APP_OK;
	return schema_fault(c, "body", password->field,
			    "the password must not contain the username, the e-mail "
			    "address or the name of this service");
}

enum app_err user_password_hash(struct ctx *c, const struct user_password *password,
				const char **ret_hash)
{
	char hash[PASSWORD_HASH_ROOM];
	enum app_err err = user_password_check(c, password);
	if (!err)
		err = password_hash(c, password->text, hash);
	if (err)
		return err;
	*ret_hash = arena_strdup(c->arena, hash);
	return APP_OK;
}
