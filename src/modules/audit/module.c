/* The audit module: its descriptor. Listed in src/app/modules.c. */
#include "core/audit.h"
#include "internal.h"

PERMISSION(audit_reading, "audit.read", "See who had what done, with what was sent");

static const struct permission *const permissions[] = PERMISSIONS(&audit_reading);
static const struct model *const models[] = MODELS(&audit_model);
static const struct operation *const operations[] = OPERATIONS(&audit_purge);
static const struct service *const services[] = SERVICES(&audit_keeper_service);

const struct module audit_module = {
	.name = "audit",
	.doc = "Who had what done, when and from where.",
	.options = &audit_option_group,
	.routes = audit_routes,
	.operations = operations,
	.permissions = permissions,
	.models = models,
	.services = services,
	.keeps_audit = true,
};
