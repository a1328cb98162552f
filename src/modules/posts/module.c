/* The posts module: its descriptor. Listed in src/app/modules.c. */
#include "internal.h"

const struct module posts_module = {
	.name = "posts",
	.doc = "Posts with authors and tags: the example module.",
	.routes = posts_routes,
	.models = posts_models,
	.seed = &posts_seed,
};
