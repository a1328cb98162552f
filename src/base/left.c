/* What was left in a context: a list in its arena, the newest first. */
#include "base/left.h"

struct left {
	const struct left_kind *kind;
	void *value;
	struct left *next;
};

void *left_add(struct ctx *c, const struct left_kind *kind)
{
	struct left *left = arena_zero(c->arena, sizeof(*left));
	*left = (struct left){ .kind = kind,
			       .value = arena_zero(c->arena, kind->size),
			       .next = c->left };
	c->left = left;
	return left->value;
}

void *left_find(const struct ctx *c, const struct left_kind *kind)
{
	const struct left *left = c->left;
	while (left && left->kind != kind)
		left = left->next;
	return left ? left->value : NULL;
}
