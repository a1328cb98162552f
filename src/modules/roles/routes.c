/* The route table of the roles module: which operation answers where. */
#include "internal.h"

const struct route roles_routes[] = ROUTES(
	{ GET, "/permissions", &roles_list_permissions, .status = 200 },
	{ GET, "/roles", &roles_list, .status = 200 },
	{ POST, "/roles", &roles_create, .status = 201 },
	{ GET, "/roles/{role_id}", &roles_get, .status = 200 },
	{ PATCH, "/roles/{role_id}", &roles_update, .status = 200 },
	{ DELETE, "/roles/{role_id}", &roles_delete, .status = 204 });
