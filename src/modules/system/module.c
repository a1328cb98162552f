/* The system module: its descriptor. Listed in src/app/modules.c. */
#include "internal.h"

const struct module system_module = {
	.name = "system",
	.doc = "Health, version and front page of the server.",
	.routes = system_routes,
	.start = system_start,
	.stop = system_stop,
};
