/* The rules of the posts module as a table: every actor, every kind of post. */
#include "modules/posts/fixture.h"

struct policy_case {
	int who;
	int64_t author_id;
	const char *status;
	bool sees, changes;
};

static void decides(void **state)
{
	const struct policy_case *want = *state;
	const struct actor *actor = &stage_actors[want->who];
	const struct post post = { .author_id = want->author_id, .status = want->status };
	assert_int_equal(post_may_see(actor, &post), want->sees);
	assert_int_equal(post_may_change(actor, want->author_id), want->changes);
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
		POLICY("authors see and change their drafts", AS_ADA, ADA_ID, "draft", true, true),
		POLICY("authors see and change what they published", AS_ADA, ADA_ID, "published",
		       true, true),
		POLICY("authors see and change what they archived", AS_ADA, ADA_ID, "archived",
		       true, true),
		POLICY("others see what is published", AS_BOB, ADA_ID, "published", true, false),
		POLICY("others see no draft", AS_BOB, ADA_ID, "draft", false, false),
		POLICY("others see nothing that is archived", AS_BOB, ADA_ID, "archived", false,
		       false),
		POLICY("a status nobody knows is seen by nobody else", AS_BOB, ADA_ID, "new", false,
		       false),
		POLICY("superusers see and change every draft", AS_ROOT, ADA_ID, "draft", true,
		       true),
		POLICY("the command line sees and changes every draft", AS_SYSTEM, ADA_ID, "draft",
		       true, true),
		POLICY("nobody is the author of a post without one", AS_NOBODY, 0, "draft", false,
		       false),
		ROW("only superusers and the command line manage all posts", manages),
	};
	return rows_run("modules/posts/policies", rows, COUNT_OF(rows));
}
