/* The audit module: its descriptor. Listed in src/app/modules.c. */
#include "internal.h"

static const struct model *const models[] = MODELS(&audit_model);

const struct module audit_module = {
	.name = "audit",
	.doc = "Who had what done, when and from where.",
	.routes = audit_routes,
	.models = models,
	.keeps_audit = true,
};
