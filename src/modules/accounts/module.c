/* The accounts module: its descriptor. Listed in src/app/modules.c. */
#include "modules/accounts.h"

#include "internal.h"

PERMISSION(accounts_inviting, "users.invite", "Invite people by letter to make an account");

static const struct permission *const permissions[] = PERMISSIONS(&accounts_inviting);

const struct module accounts_module = {
	.name = "accounts",
	.doc = "Getting into an account by a letter.",
	.options = &account_option_group,
	.routes = accounts_routes,
	.permissions = permissions,
};
