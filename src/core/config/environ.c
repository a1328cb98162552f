/* The environment and --set as sources of values. */
#include <string.h>

#include "base/str.h"
#include "internal.h"

void config_read_environ(struct config_loader *loader, char **environ)
{
	for (; *environ; environ++) {
		const char *equals = strchr(*environ, '=');
		if (!equals || !str_starts_nocase(*environ, "CROFT_"))
			continue;
		const char *name = arena_strndup(&loader->config->arena, *environ,
						 (size_t)(equals - *environ));
		if (!config_refuse_lower(loader, "environment", name) && str_starts(name, "CROFT_"))
			config_give_env(loader, CONFIG_FROM_ENVIRON, name, name, equals + 1);
	}
}

void config_read_sets(struct config_loader *loader, const char *const *sets)
{
	for (; *sets; sets++) {
		const char *equals = strchr(*sets, '=');
		if (!equals) {
			config_fault(loader, "--set", "expected section.key=value");
			continue;
		}
		config_give_name(loader, CONFIG_FROM_SET, "--set",
				 arena_strndup(loader->scratch, *sets, (size_t)(equals - *sets)),
				 equals + 1);
	}
}
