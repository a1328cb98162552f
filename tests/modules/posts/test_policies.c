/* Who may do what to posts, as a table: every actor. Which are seen is in test_visible.c. */
#include "modules/posts/fixture.h"

struct policy_case {
	int who;
	int64_t author_id;
	bool owns, sees;
};

static void decides(void **state)
{
	const struct policy_case *want = *state;
	const struct actor *actor = &stage_actors[want->who];
	assert_int_equal(post_is_own(actor, want->author_id), want->owns);
	assert_int_equal(post_may_see(actor, want->author_id), want->sees);
}

#define POLICY(sentence, ...) ROW_OF(sentence, decides, (&(struct policy_case){ __VA_ARGS__ }))

static void sees_and_restores_all(void **state)
{
	(void)state;
	static const int all[] = { AS_ROOT, AS_SYSTEM }, none[] = { AS_ADA, AS_NOBODY };
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		assert_true(post_may_see_all(&stage_actors[all[i]]));
		assert_true(post_may_restore_all(&stage_actors[all[i]]));
		assert_false(post_may_see_all(&stage_actors[none[i]]));
		assert_false(post_may_restore_all(&stage_actors[none[i]]));
	}
	assert_false(post_may_see_all(&(struct actor){ ACTOR_ANONYMOUS, .is_superuser = true }));
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		POLICY("authors see their posts", AS_ADA, ADA_ID, true, true),
		POLICY("others do not", AS_BOB, ADA_ID, false, false),
		POLICY("superusers see every post", AS_ROOT, ADA_ID, false, true),
		POLICY("the command line sees every post", AS_SYSTEM, ADA_ID, false, true),
		POLICY("who is not signed in sees none", AS_NOBODY, ADA_ID, false, false),
		POLICY("nobody is the author of a post without one", AS_NOBODY, 0, false, false),
		ROW("only superusers and the command line see and restore all posts",
		    sees_and_restores_all),
	};
	return rows_run("modules/posts/policies", rows, COUNT_OF(rows));
}
