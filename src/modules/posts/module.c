/* The posts module: its descriptor. Listed in src/app/modules.c. */
#include "internal.h"

PERMISSION(posts_read_any, "posts.read.any", "See the posts of others whatever their status");
PERMISSION(posts_update_any, "posts.update.any", "Change the posts of others");
PERMISSION(posts_delete_any, "posts.delete.any", "Delete the posts of others and restore them");

static const struct permission *const permissions[] = PERMISSIONS(
	&posts_read_any, &posts_update_any, &posts_delete_any);

const struct module posts_module = {
	.name = "posts",
	.doc = "Posts with authors and tags: the example module.",
	.routes = posts_routes,
	.permissions = permissions,
	.models = posts_models,
	.seed = &posts_seed,
};
