/* The roles module: its descriptor, permissions and settings. Listed in src/app/modules.c. */
#include <string.h>

#include "core/config.h"
#include "core/service.h"
#include "internal.h"

PERMISSION(roles_see, "roles.read", "See all roles and permissions");
PERMISSION(roles_manage, "roles.manage",
	   "Create, change and delete roles within your own permissions");
PERMISSION(roles_give, "roles.give", "Give accounts roles within your own permissions");

static const struct permission *const permissions[] = PERMISSIONS(&roles_see, &roles_manage,
								  &roles_give);

OPTION_GROUP(role_option_group, "roles", struct role_options, "What accounts may do.",
	     OPTION(struct role_options, new_accounts, .preset = "member",
		    .doc = "The roles of an account that is made without any: names with blanks "
			   "between. Empty: none."));

static const struct model *const models[] = MODELS(&role_model);

static const struct service *const services[] = SERVICES(&roles_memory_service);

const struct module roles_module = {
	.name = "roles",
	.doc = "Roles: what accounts may do beyond what every account may.",
	.options = &role_option_group,
	.routes = roles_routes,
	.permissions = permissions,
	.models = models,
	.services = services,
	.start = roles_ensure_first,
};
