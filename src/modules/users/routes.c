/* The route table of the users module: which operation answers where. */
#include "internal.h"
#include "roles.h"

const struct route users_routes[] = ROUTES(
	{ GET, "/users", &users_list, .status = 200 },
	{ POST, "/users", &users_create, .status = 201 },
	{ POST, "/users/services", &users_create_service, .status = 201 },
	{ POST, "/users/batch", &users_create_batch, .status = 201 },
	{ GET, "/users/recent", &users_recent, .status = 200 },
	{ GET, "/users/stats", &users_stats, .status = 200 },
	{ GET, "/users/me", &users_me, .status = 200 },
	{ PATCH, "/users/me", &users_update_me, .status = 200 },
	{ DELETE, "/users/me", &users_delete_me, .status = 204, .limit = LIMIT(10, 60) },
	{ POST, "/users/me/deactivate", &users_deactivate_me, .status = 204,
	  .limit = LIMIT(10, 60) },
	{ POST, "/users/me/password", &users_change_password, .status = 204,
	  .limit = LIMIT(10, 60) },
	{ GET, "/users/{user_id}", &users_get, .status = 200 },
	{ PATCH, "/users/{user_id}", &users_update, .status = 200 },
	{ DELETE, "/users/{user_id}", &users_delete, .status = 204 },
	{ PUT, "/users/{user_id}/roles", &users_set_roles, .status = 200 },
	{ POST, "/users/{user_id}/set_password", &users_reset_password, .status = 204 },
	/* what /users/me is, by the name that others know */
	{ GET, "/profile", &users_me, .status = 200 },
	{ PATCH, "/profile", &users_update_me, .status = 200 },
	{ DELETE, "/profile", &users_delete_me, .status = 204, .limit = LIMIT(10, 60) });
