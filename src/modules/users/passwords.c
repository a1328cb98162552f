/*
 * New passwords: the rules no field table can say, and the hashing, for `prepare` in the lane
 * POOL_HASH. Checking a password at sign-in is the auth module's.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/app.h"
#include "core/security.h"
#include "core/text.h"
#include "internal.h"

/* The schema counts what came; hashed is its NFC, in which a letter with its marks is one. */
static bool is_short(struct arena *arena, const char *password)
{
	const char *text = password_composed(arena, password);
	return str_utf8_count(text, strlen(text)) < PASSWORD_CHARACTERS_MIN;
}

/* What is wrong with it whoever it is for. */
static const char *guessed_first(struct arena *arena, const char *password)
{
	size_t len;
	const char *key = text_fold(arena, password, strlen(password), &len);
	if (user_password_is_common(key, len))
		return "the password is one of the 10,000 commonest: whoever guesses tries those "
		       "first";
	if (user_password_repeats_one(key, len))
		return "the password is one character over and over: whoever guesses tries that "
		       "first";
	return NULL;
}

const char *user_password_fault(struct arena *arena, const struct user_password *password,
				const char *service)
{
	size_t local_len = strcspn(password->email, "@");
	bool has_name = user_password_contains(arena, password->text, password->username) ||
			user_password_contains(arena, password->text,
					       arena_strndup(arena, password->email, local_len)) ||
			user_password_contains(arena, password->text, service);
	if (is_short(arena, password->text))
		return "the password must have at least 8 characters, each with its marks counted "
		       "once";
	if (has_name)
		return "the password must not contain the username, the e-mail address or the "
		       "name of this service";
	return guessed_first(arena, password->text);
}

enum app_err user_password_check(struct ctx *c, const struct user_password *password)
{
	const char *fault = user_password_fault(c->arena, password, c->app->options->name);
	return fault ? schema_fault(c, "body", password->field, "%s", fault) : APP_OK;
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
