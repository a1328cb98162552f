/* The accounts module: its descriptor. Listed in src/app/modules.c. */
#include "modules/accounts.h"

#include "internal.h"

static const struct service *const services[] = SERVICES(&mailer_service);

const struct module accounts_module = {
	.name = "accounts",
	.doc = "Getting into an account by a letter.",
	.options = &account_option_group,
	.routes = accounts_routes,
	.services = services,
};
