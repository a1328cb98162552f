/* The list of what waits for a commit. When that is known is core/db's business. */
#include "base/held.h"

struct held {
	const struct held *older;
	held_fn *fn;
	void *arg;
};

void held_add(const struct ctx *c, held_fn *fn, void *arg)
{
	struct held *held = arena_zero(c->arena, sizeof(*held));
	*held = (struct held){ *c->held, fn, arg };
	*c->held = held;
}

void held_do(const struct ctx *c, const struct held *list)
{
	if (!list)
		return;
	held_do(c, list->older);
	list->fn(c, list->arg);
}
