/*
 * Who may do what to accounts, and which passwords are guessed first: pure functions. They see no
 * HTTP and no SQL; commands act on their answer.
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

static bool is_among(const struct user_common_words *of, const char *key)
{
	size_t from = 0, until = of->count;
	while (from < until) {
		size_t middle = from + (until - from) / 2;
		int order = memcmp(key, of->words + middle * of->len, of->len);
		if (!order)
			return true;
		if (order < 0)
			until = middle;
		else
			from = middle + 1;
	}
	return false;
}

bool user_password_is_common(const char *key, size_t len)
{
	for (const struct user_common_words *of = user_common_words; of->len; of++)
		if (of->len == len)
			return is_among(of, key);
	return false;
}

bool user_password_repeats_one(const char *key, size_t len)
{
	uint32_t first;
	size_t one = len ? str_utf8_next(key, len, &first) : 0;
	return one && !memcmp(key, key + one, len - one);
}
