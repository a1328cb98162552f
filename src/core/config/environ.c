/* The environment and --set as sources of values. */
#include <string.h>

#include "base/app_name.h"
#include "base/str.h"
#include "internal.h"

/* Behind the others, so that a value that nobody takes is not looked at. */
static void read_also(struct config_loader *loader, char **environ)
{
	for (; *environ; environ++) {
		const char *equals = strchr(*environ, '=');
		if (!equals || str_starts(*environ, APP_PREFIX))
			continue;
		const char *name = arena_strndup(loader->scratch, *environ,
						 (size_t)(equals - *environ));
		struct config_setting *setting = config_setting_find_also(loader->config, name);
		if (setting)
			config_give_also(loader, setting, setting->option->also, equals + 1);
	}
}

static void read_ours(struct config_loader *loader, char **environ)
{
	for (; *environ; environ++) {
		const char *equals = strchr(*environ, '=');
		if (!equals || !str_starts_nocase(*environ, APP_PREFIX))
			continue;
		const char *name = arena_strndup(&loader->config->arena, *environ,
						 (size_t)(equals - *environ));
		if (!config_refuse_lower(loader, "environment", name) &&
		    str_starts(name, APP_PREFIX))
			config_give_env(loader, CONFIG_FROM_ENVIRON, name, name, equals + 1);
	}
}

void config_read_environ(struct config_loader *loader, char **environ)
{
	read_ours(loader, environ);
	read_also(loader, environ);
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
