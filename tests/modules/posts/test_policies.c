/* Who may change posts, as a table: every actor. Who sees which is in test_visible.c. */
#include "modules/posts/fixture.h"

struct policy_case {
	int who;
	int64_t author_id;
	bool changes;
};

static void decides(void **state)
{
	const struct policy_case *want = *state;
	assert_int_equal(post_may_change(&stage_actors[want->who], want->author_id), want->changes);
}

#define POLICY(sentence, ...) ROW_OF(sentence, decides, (&(struct policy_case){ __VA_ARGS__ }))

static void manages(void **state)
{
	(void)state;
	assert_true(post_may_manage(&stage_actors[AS_ROOT]));
	assert_true(post_may_manage(&stage_actors[AS_SYSTEM]));
	assert_false(post_may_manage(&stage_actors[AS_ADA]));
	assert_false(post_may_manage(&stage_actors[AS_NOBODY]));
	assert_false(post_may_manage(&(struct actor){ ACTOR_ANONYMOUS, .is_superuser = true }));
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		POLICY("authors change their posts", AS_ADA, ADA_ID, true),
		POLICY("others do not", AS_BOB, ADA_ID, false),
		POLICY("superusers change every post", AS_ROOT, ADA_ID, true),
		POLICY("the command line changes every post", AS_SYSTEM, ADA_ID, true),
		POLICY("who is not signed in changes none", AS_NOBODY, ADA_ID, false),
		POLICY("nobody is the author of a post without one", AS_NOBODY, 0, false),
		ROW("only superusers and the command line manage all posts", manages),
	};
	return rows_run("modules/posts/policies", rows, COUNT_OF(rows));
}
