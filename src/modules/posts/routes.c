/* The route table of the posts module: which operation answers where. */
#include "internal.h"

enum { BATCH_BODY_MAX = 8 * 1024 * 1024 };

const struct route posts_routes[] = ROUTES(
	{ GET, "/posts", &posts_list, .status = 200 },
	{ POST, "/posts", &posts_create, .status = 201 },
	{ POST, "/posts/batch", &posts_create_batch, .status = 201, .max_body = BATCH_BODY_MAX },
	{ GET, "/posts/{post_id}", &posts_get, .status = 200 },
	{ PATCH, "/posts/{post_id}", &posts_update, .status = 200 },
	{ DELETE, "/posts/{post_id}", &posts_delete, .status = 204 },
	{ POST, "/posts/{post_id}/restore", &posts_restore, .status = 200 },
	{ GET, "/users/{user_id}/posts", &posts_by_user, .status = 200 });
