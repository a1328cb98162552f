/* The route table of the keys module. */
#include "internal.h"

const struct route keys_routes[] = ROUTES(
	{ GET, "/api-keys", &keys_list, .status = 200 },
	{ POST, "/api-keys", &keys_create, .status = 201 },
	{ GET, "/api-keys/{key_id}", &keys_get, .status = 200 },
	{ PATCH, "/api-keys/{key_id}", &keys_update, .status = 200 },
	{ DELETE, "/api-keys/{key_id}", &keys_delete, .status = 204 },
	{ GET, "/users/{user_id}/api-keys", &keys_list_of, .status = 200 },
	{ POST, "/users/{user_id}/api-keys", &keys_create_of, .status = 201 },
	{ DELETE, "/users/{user_id}/api-keys", &keys_delete_all_of, .status = 204 },
	{ DELETE, "/users/{user_id}/api-keys/{key_id}", &keys_delete_of, .status = 204 });
