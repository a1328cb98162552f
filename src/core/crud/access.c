/* Who sees and changes a row of a declared table. */
#include <string.h>

#include "internal.h"

/* Whether every row is the actor's business. */
static bool manages(const struct actor *actor, const struct crud *crud)
{
	if (crud->manage)
		return actor_may(actor, crud->manage);
	return actor->kind == ACTOR_SYSTEM || (actor->kind == ACTOR_USER && actor->is_superuser);
}

const struct model_where *crud_where(struct ctx *c, const struct crud *crud,
				     struct model_where *room)
{
	*room = (struct model_where){ 0 };
	if (crud->visible) {
		crud->visible(c, room);
		return room->sql || room->or_else ? room : NULL;
	}
	if (!crud->is_private || manages(&c->actor, crud))
		return NULL;
	/* an account's id is never 0, so nobody sees none */
	room->sql = crud->owner->sql;
	room->binds = model_where_binds(c, BIND(c->actor.user_id));
	return room;
}

static bool owns(const struct ctx *c, const struct crud *crud, const void *row)
{
	int64_t owner;
	memcpy(&owner, (const char *)row + crud->owner->row_at, sizeof(owner));
	return c->actor.kind == ACTOR_USER && c->actor.user_id == owner;
}

bool crud_may_change(const struct ctx *c, const struct crud *crud, const void *row)
{
	if (crud->may_change)
		return crud->may_change(&c->actor, row);
	return crud->owner->row_at < 0 || manages(&c->actor, crud) || owns(c, crud, row);
}

bool crud_looks_first(const struct crud *crud)
{
	return crud->may_change || crud->owner->row_at >= 0 || crud->visible ||
	       crud->before_update || crud->after_write;
}
