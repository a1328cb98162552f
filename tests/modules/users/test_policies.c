/* The rules about accounts, as tables. */
#include "modules/users/internal.h"
#include <string.h>

#include "core/text.h"
#include "testing/stage.h"

struct self_case {
	struct actor actor;
	int64_t user_id;
	bool is_self;
};

static void knows_self(void **state)
{
	const struct self_case *want = *state;
	assert_int_equal(user_is_self(&want->actor, want->user_id), want->is_self);
}

struct update_case {
	struct user_update in;
	bool takes_rights, ends_sessions;
};

static void weighs_update(void **state)
{
	const struct update_case *want = *state;
	assert_int_equal(user_update_takes_rights(&want->in), want->takes_rights);
	assert_int_equal(user_update_ends_sessions(&want->in), want->ends_sessions);
}

struct word_case {
	const char *password, *word;
	bool contains;
};

static void finds_word(void **state)
{
	const struct word_case *want = *state;
	AUTO(arena) arena = { 0 };
	assert_int_equal(user_password_contains(&arena, want->password, want->word),
			 want->contains);
}

struct common_case {
	const char *key;
	bool is_common;
};

static void knows_common(void **state)
{
	const struct common_case *want = *state;
	assert_int_equal(user_password_is_common(want->key, strlen(want->key)), want->is_common);
}

static void repeats_one(void **state)
{
	const struct common_case *want = *state;
	assert_int_equal(user_password_repeats_one(want->key, strlen(want->key)), want->is_common);
}

/* The search halves what it looks through, so each word must be behind the one before it. */
static void every_common_one_is_found(void **state)
{
	(void)state;
	size_t count = 0;
	for (const struct user_common_words *of = user_common_words; of->len; of++) {
		assert_int_equal(strlen(of->words), of->len * of->count);
		for (size_t i = 0; i < of->count; i++)
			assert_true(user_password_is_common(of->words + i * of->len, of->len));
		count += of->count;
	}
	assert_int_equal(count, 10000);
}

static void each_common_one_could_be_a_password(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	for (const struct user_common_words *of = user_common_words; of->len; of++) {
		size_t len;
		char *key = text_fold(&arena, of->words, of->len * of->count, &len);
		assert_int_equal(len, of->len * of->count);
		assert_memory_equal(key, of->words, len);
		assert_in_range(of->len, 8, 128);
	}
}

#define SELF(...) (&(struct self_case){ __VA_ARGS__ })
#define UPDATE(...) (&(struct update_case){ __VA_ARGS__ })
#define COMMON(sentence, key, is_common) \
	ROW_OF(sentence, knows_common, (&(struct common_case){ key, is_common }))
#define REPEATS(sentence, key, does) \
	ROW_OF(sentence, repeats_one, (&(struct common_case){ key, does }))
#define WORD(...) (&(struct word_case){ __VA_ARGS__ })

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("a user is themself", knows_self,
		       SELF({ .kind = ACTOR_USER, .user_id = 4 }, 4, true)),
		ROW_OF("a user is nobody else", knows_self,
		       SELF({ .kind = ACTOR_USER, .user_id = 4 }, 5, false)),
		ROW_OF("the command line is no account", knows_self,
		       SELF({ .kind = ACTOR_SYSTEM }, 0, false)),
		ROW_OF("nobody is no account", knows_self,
		       SELF({ .kind = ACTOR_ANONYMOUS }, 0, false)),
		ROW_OF("an empty change takes nothing", weighs_update, UPDATE({ 0 }, false, false)),
		ROW_OF("deactivating takes rights and ends sessions", weighs_update,
		       UPDATE({ .is_active = { GIVEN, false } }, true, true)),
		ROW_OF("activating does neither", weighs_update,
		       UPDATE({ .is_active = { GIVEN, true } }, false, false)),
		ROW_OF("demoting takes rights", weighs_update,
		       UPDATE({ .is_superuser = { GIVEN, false } }, true, false)),
		ROW_OF("promoting does not", weighs_update,
		       UPDATE({ .is_superuser = { GIVEN, true } }, false, false)),
		ROW_OF("a new password ends sessions", weighs_update,
		       UPDATE({ .password_hash = { GIVEN, "x" } }, false, true)),
		ROW_OF("a word is found in any case", finds_word, WORD("I am ADA", "ada", true)),
		ROW_OF("a word is found inside another", finds_word, WORD("armada", "Ada", true)),
		ROW_OF("a word that is not there is not found", finds_word,
		       WORD("babbage", "ada", false)),
		ROW_OF("a word is found in any case of any letter", finds_word,
		       WORD("mein \u00D6LFASS", "\u00F6lfass", true)),
		ROW_OF("a word is found in any encoding", finds_word,
		       WORD("e\u0301milie", "\u00C9milie", true)),
		ROW_OF("a word is found in wide letters", finds_word,
		       WORD("\uFF41\uFF44\uFF41 was here", "Ada", true)),
		ROW_OF("two letters of four bytes are no word", finds_word,
		       WORD("h\u00E4\u00F6t", "\u00E4\u00F6", false)),
		ROW_OF("two letters are no word", finds_word, WORD("habit", "ab", false)),
		ROW_OF("nothing is no word", finds_word, WORD("habit", "", false)),
		ROW("S26 every one of the 10,000 commonest passwords is found",
		    every_common_one_is_found),
		ROW("each of them is folded, and long enough for a password",
		    each_common_one_could_be_a_password),
		COMMON("the commonest is common", "password", true),
		COMMON("the first of its length is", "!qaz2wsx", true),
		COMMON("the only one of its length is", "12345678900987654321", true),
		COMMON("one before the first is not", "!aaaaaaa", false),
		COMMON("one behind the last is not", "~~~~~~~~", false),
		COMMON("one between two is not", "passwore", false),
		COMMON("the beginning of one is not", "passwor", false),
		COMMON("one with more behind it is not", "password of mine", false),
		COMMON("one of a length that none has is not", "correct horse battery staple",
		       false),
		REPEATS("one letter over and over repeats one", "aaaaaaaa", true),
		REPEATS("one letter of two bytes repeats one", "\u00E4\u00E4\u00E4\u00E4", true),
		REPEATS("another letter at the end does not", "aaaaaaab", false),
		REPEATS("two letters over and over do not", "abababab", false),
		REPEATS("letters that begin with the same byte do not", "\u00E4\u00E5", false),
		REPEATS("nothing does not", "", false),
		COMMON("nothing is not", "", false),
	};
	return rows_run("modules/users/policies", rows, COUNT_OF(rows));
}
