/*
 * Who may do what to posts: pure functions. They see no HTTP and no SQL; queries and commands act
 * on their answer. Who sees which posts is a condition of the database: post_visible().
 */
#include "internal.h"

bool post_may_manage(const struct actor *actor)
{
	return actor->kind == ACTOR_SYSTEM || (actor->kind == ACTOR_USER && actor->is_superuser);
}

bool post_may_change(const struct actor *actor, int64_t author_id)
{
	return post_may_manage(actor) || (actor->kind == ACTOR_USER && actor->user_id == author_id);
}
