/*
 * What an account may be let do beyond what every account may. A module declares its permissions
 * and lists them in .permissions; an operation asks for one with .permission, a policy with
 * actor_may():
 *
 *	PERMISSION(books_edit, "books.edit", "Change the books of others");
 *	static const struct permission *const permissions[] = PERMISSIONS(&books_edit);
 *
 * Who has it is for the authenticator to say: it fills in actor.may. Superusers and the system have
 * them all.
 */
#ifndef CROFT_CORE_PERMISSION_H
#define CROFT_CORE_PERMISSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

enum {
	/* How many all modules may declare: the bits of struct permission_set. */
	PERMISSIONS_MAX = 8 * sizeof(struct permission_set),
	PERMISSION_NAME_MAX = 100,
};

struct permission {
	/* "books.edit": small letters, digits and underscores, with dots between. */
	const char *name;
	/* What it lets one do, imperative. */
	const char *doc;
	/*
	 * From 1 on, given once before threads start. 0: no module declares it, and so nobody but
	 * superusers has it.
	 */
	uint16_t *number;
};

#define PERMISSION(variable, its_name, its_doc) \
	static uint16_t variable##_number; \
	const struct permission variable = { its_name, its_doc, &variable##_number }

/*
 * Behind `.access =`: every account that has it. For CRUD_OPERATIONS(), which takes an access where
 * an operation written out has two members.
 */
#define ACCESS_WITH(its_permission) ACCESS_USER, .permission = its_permission

/* A list of them with its end, for .permissions of a module. */
#define PERMISSIONS(...) \
	{ \
		__VA_ARGS__, NULL \
	}

/* Whether the one who acts has it. */
MAYBE_UNUSED static inline bool actor_may(const struct actor *actor,
					  const struct permission *permission)
{
	unsigned bit = (unsigned)*permission->number - 1U;
	if (actor->kind != ACTOR_USER)
		return actor->kind == ACTOR_SYSTEM;
	return actor->is_superuser ||
	       (bit < PERMISSIONS_MAX && (actor->may.bits[bit / 64] >> (bit % 64) & 1));
}

#endif
