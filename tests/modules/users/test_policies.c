/* The rules about accounts, as tables. */
#include "modules/users/internal.h"
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

#define SELF(...) (&(struct self_case){ __VA_ARGS__ })
#define UPDATE(...) (&(struct update_case){ __VA_ARGS__ })
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
	};
	return rows_run("modules/users/policies", rows, COUNT_OF(rows));
}
