/*
 * Who may do what to accounts: pure functions. They see no HTTP and no SQL; commands act on their
 * answer.
 */
#include <string.h>

#include "base/str.h"
#include "core/text.h"
#include "internal.h"

bool user_is_self(const struct actor *actor, int64_t user_id)
{
	return actor->kind == ACTOR_USER && actor->user_id == user_id;
}

bool user_update_takes_rights(const struct user_update *in)
{
	return (in->is_active.is == GIVEN && !in->is_active.value) ||
	       (in->is_superuser.is == GIVEN && !in->is_superuser.value);
}

bool user_update_ends_sessions(const struct user_update *in)
{
	return in->password_hash.is == GIVEN || (in->is_active.is == GIVEN && !in->is_active.value);
}

bool user_password_contains(struct arena *arena, const char *password, const char *word)
{
	size_t len;
	const char *key = text_fold(arena, word, strlen(word), &len);
	return str_utf8_count(key, len) >= 3 &&
	       strstr(text_fold(arena, password, strlen(password), NULL), key);
}
