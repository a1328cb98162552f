/*
 * Wiping secrets: the text that a stronger source has replaced, the one that is used for good, and
 * those that were given in the environment and on the command line.
 */
#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "internal.h"

static void wipe(const char *text)
{
	mem_wipe((char *)(uintptr_t)text, strlen(text));
}

/* The presets are constants. */
void config_text_wipe(const struct config_setting *setting)
{
	if (setting->option->secret && setting->source != CONFIG_FROM_PRESET)
		wipe(setting->text);
}

void config_forget(struct config *config, const struct option_group *group, const char *key)
{
	for (size_t i = 0; i < config->setting_count; i++) {
		struct config_setting *setting = &config->settings[i];
		if (setting->group != group || !str_eq(setting->option->key, key))
			continue;
		assert(setting->option->secret);
		setting->forgotten = setting->forgotten || *setting->text;
		config_text_wipe(setting);
	}
}

/* "NAME=value" */
static void given_forget(const char *given, const char *name)
{
	size_t len = strlen(name);
	if (!strncmp(given, name, len) && given[len] == '=')
		wipe(given + len + 1);
}

void config_sources_forget(const struct config *config, const struct config_sources *sources)
{
	for (size_t i = 0; i < config->setting_count; i++) {
		const struct config_setting *setting = &config->settings[i];
		if (!setting->option->secret)
			continue;
		for (char **at = sources->environ; at && *at; at++)
			given_forget(*at, setting->env);
		for (char **at = sources->environ; at && *at && setting->option->also; at++)
			given_forget(*at, setting->option->also);
		for (const char *const *at = sources->sets; at && *at; at++)
			given_forget(*at, setting->name);
	}
}
