/*
 * Who may do what to posts: pure functions. They see no HTTP and no SQL; queries and commands act
 * on their answer. Who sees which posts is a condition of the database: post_visible().
 */
#include "internal.h"

bool post_is_own(const struct actor *actor, int64_t author_id)
{
	return actor->kind == ACTOR_USER && actor->user_id == author_id;
}

bool post_may_see_all(const struct actor *actor)
{
	return actor_may(actor, &posts_read_any);
}

bool post_may_see(const struct actor *actor, int64_t author_id)
{
	return post_is_own(actor, author_id) || post_may_see_all(actor);
}

bool post_may_restore_all(const struct actor *actor)
{
	return post_may_see_all(actor) && actor_may(actor, &posts_delete_any);
}
