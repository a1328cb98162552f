/* The permissions on accounts, and their roles: shown, given, and who may touch which account. */
#ifndef CROFT_SRC_MODULES_USERS_ROLES_H
#define CROFT_SRC_MODULES_USERS_ROLES_H

#include "core/op.h"
#include "core/permission.h"
#include "internal.h"
#include "modules/roles.h"

struct user_set_roles {
	int64_t user_id;
	const char *if_match;
	/* of const char *: names */
	struct array roles;
};

struct user_write_roles {
	int64_t role_bits;
};

extern const struct schema user_set_roles_schema;
extern const struct schema user_write_roles_schema;

extern const struct operation users_set_roles;

/* Fills in the names of roles, of `count` structs of `size` bytes that begin with a struct user. */
enum app_err users_show(struct ctx *c, void *rows, size_t count, size_t size) MUST_USE;
enum app_err users_show_one(struct ctx *c, struct user *user) MUST_USE;
/* APP_FORBIDDEN unless the one who acts may make superusers. */
enum app_err user_check_superuser(struct ctx *c) MUST_USE;
/*
 * Of a new account, after roles_begin(): those of the names, or where none are said those of the
 * settings.
 */
enum app_err user_role_bits(struct ctx *c, const struct array *names, int64_t *ret_bits) MUST_USE;

#endif
