/* The audit module: its descriptor and settings. Listed in src/app/modules.c. */
#include "core/config.h"
#include "internal.h"

OPTION_GROUP(audit_option_group, "audit", struct audit_options, "Who had what done.",
	     OPTION(struct audit_options, keep_days, .preset = "365", .min = 0, .max = 36500,
		    .doc = "For how many days rows of the audit are kept; 0: for ever."));

static const struct model *const models[] = MODELS(&audit_model);
static const struct operation *const operations[] = OPERATIONS(&audit_purge);
static const struct service *const services[] = SERVICES(&audit_keeper_service);

const struct module audit_module = {
	.name = "audit",
	.doc = "Who had what done, when and from where.",
	.options = &audit_option_group,
	.routes = audit_routes,
	.operations = operations,
	.models = models,
	.services = services,
	.keeps_audit = true,
};
