/* The keys module: its descriptor and settings. Listed in src/app/modules.c. */
#include "core/permission.h"
#include "internal.h"

OPTION_GROUP(key_option_group, "keys", struct key_options, "API keys; docs/keys.md says more.",
	     OPTION(struct key_options, most, .preset = "50", .min = 1, .max = KEYS_MOST_MAX,
		    .doc = "Most keys of one account; those that have expired make room."),
	     OPTION(struct key_options, days_most, .preset = "0", .max = KEY_DAYS_MAX,
		    .doc = "Most days that a new key may live; 0: until it is deleted."));

PERMISSION(keys_manage, "keys.manage",
	   "See and delete the API keys of accounts that may no more than you, make those of "
	   "services");

static const struct permission *const permissions[] = PERMISSIONS(&keys_manage);

static const struct operation *const operations[] = OPERATIONS(&keys_revoke);

static const struct service *const services[] = SERVICES(&keys_used_service);

static const struct model *const models[] = MODELS(&api_key_model);

const struct module keys_module = {
	.name = "keys",
	.doc = "API keys: what programs show in place of a person's token.",
	.options = &key_option_group,
	.routes = keys_routes,
	.operations = operations,
	.permissions = permissions,
	.models = models,
	.services = services,
};
