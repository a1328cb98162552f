/*
 * What one leaves in a context for those who come later in the same request, such as a stage of a
 * module for its operations: a struct in the arena, found by its own type. Beside the struct,
 * mostly in a header, and once in a file:
 *
 *	LEFT_DECLARE(tenant);
 *	LEFT(tenant);
 *
 * tenant_leave(c) returns a struct tenant *, new and zeroed; tenant_left(c) the last one that was
 * left, or NULL: nobody left one, as where no stage runs.
 */
#ifndef CROFT_BASE_LEFT_H
#define CROFT_BASE_LEFT_H

#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"

/* A type of what is left: it is known by the address of this. */
struct left_kind {
	size_t size;
};

/* Never NULL; lives as long as the arena of the context. */
void *left_add(struct ctx *c, const struct left_kind *kind) MUST_USE;
/* The last one of the kind, or NULL. */
void *left_find(const struct ctx *c, const struct left_kind *kind);

#define LEFT_DECLARE(tag) \
	extern const struct left_kind tag##_left_kind; \
	MAYBE_UNUSED static inline struct tag *tag##_leave(struct ctx *c) \
	{ \
		return left_add(c, &tag##_left_kind); \
	} \
	MAYBE_UNUSED static inline struct tag *tag##_left(const struct ctx *c) \
	{ \
		return left_find(c, &tag##_left_kind); \
	} \
	_Static_assert(sizeof(struct tag) > 0, "struct " #tag " is above this line")
#define LEFT(tag) const struct left_kind tag##_left_kind = { .size = sizeof(struct tag) }

#endif
