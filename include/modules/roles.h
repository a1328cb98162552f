/*
 * Roles: sets of permissions with a name, which accounts and API keys hold. What other modules need
 * of them; everything else is their operations (roles.list, roles.create, …). The roles of one are
 * one number, the bits of its column role_bits.
 */
#ifndef CROFT_MODULES_ROLES_H
#define CROFT_MODULES_ROLES_H

#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/module.h"
#include "core/op.h"
#include "core/permission.h"
#include "core/schema.h"

extern const struct module roles_module;

enum { ROLES_MAX = 62, ROLE_NAME_MAX = 50 };

/* Of its operations those that others have a use for. */
extern const struct operation roles_list;
extern const struct operation roles_list_permissions;
extern const struct operation roles_create;
extern const struct operation roles_update;
extern const struct operation roles_delete;

/* Lets one give roles to accounts: those whose permissions he has. */
extern const struct permission roles_give;

/* The rules of a list of names of roles (struct array) in an input. */
#define ROLE_NAMES_RULES \
	.item_type = FIELD_TEXT, .item_max_len = ROLE_NAME_MAX, .max_len = ROLES_MAX, \
	.not_column = true

/*
 * What is selected beside the bits of an account: a number that stands for all roles as they are in
 * that very state of the database. So what is remembered of them is never old, whoever changed it.
 */
#define ROLES_STATE "(SELECT version FROM role_state)"
/* The permissions of all roles whose bits are set; `state` is that number. */
enum app_err roles_permissions(struct ctx *c, int64_t bits, int64_t state,
			       struct permission_set *ret) MUST_USE;

/* Outside of a write: makes the first roles, where there never were any. At start. */
enum app_err roles_ensure_first(struct ctx *c) MUST_USE;
/*
 * Inside a write, before bits are decided on: makes the first roles where there never were any, and
 * has others who change roles or give them wait, so that no bit is given whose role just went.
 */
enum app_err roles_begin(struct ctx *c) MUST_USE;
/*
 * The bits of the roles of these names (const char *), after roles_begin(). One that is not there
 * is a fault of the body's `field`; one with a permission that the one who acts has not is
 * APP_FORBIDDEN.
 */
enum app_err roles_find(struct ctx *c, const char *field, const struct array *names,
			int64_t *ret_bits) MUST_USE;
/* Those that accounts begin with, by the settings; also after roles_begin(). */
enum app_err roles_of_new_accounts(struct ctx *c, int64_t *ret_bits) MUST_USE;
/* APP_FORBIDDEN unless the one who acts has all permissions of these roles. */
enum app_err roles_check_reach(struct ctx *c, int64_t bits) MUST_USE;

/* A role for an overview. */
struct role_summary {
	const char *name;
	/* Names with blanks between, or "*". */
	const char *permissions;
};
/*
 * All roles, of struct role_summary: those of the database; the first ones where it has none yet,
 * or no table of them, or where no database is open.
 */
enum app_err roles_summaries(struct ctx *c, struct array *ret) MUST_USE;
/* Whether it has the permission of that name. */
bool role_summary_has(const struct role_summary *role, const char *permission);

/* The names of all roles as they are now, for many accounts. */
struct role_names {
	const char *of[ROLES_MAX];
};
enum app_err roles_names_read(struct ctx *c, struct role_names *ret) MUST_USE;
/* Of these bits, of const char *. */
struct array roles_names(struct ctx *c, const struct role_names *names, int64_t bits);

#endif
