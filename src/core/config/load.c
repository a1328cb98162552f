/*
 * config_load(): presets, then each source from the weakest to the strongest, then the rules of
 * production, then the filled structs and the rules of their groups. Every fault is collected
 * before anything is refused.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/app_name.h"
#include "base/mem.h"
#include "base/str.h"
#include "internal.h"

/* What the setting comes to without the .env file; app.ini was read. */
static const char *environment_outside(const struct config_loader *loader,
				       const struct config_sources *sources)
{
	static const char set[] = "app.environment=", variable[] = APP_PREFIX "APP_ENVIRONMENT=";
	const struct config_setting *setting = config_setting_find(loader->config,
								   "app.environment");
	const char *value = setting ? setting->text : "";
	for (char **at = sources->environ; at && *at; at++)
		if (str_starts(*at, variable))
			value = *at + strlen(variable);
	for (const char *const *at = sources->sets; at && *at; at++)
		if (str_starts(*at, set))
			value = *at + strlen(set);
	return value;
}

static const char *env_path(const struct config_loader *loader,
			    const struct config_sources *sources)
{
	bool tests = sources->env_varies && str_eq(environment_outside(loader, sources), "testing");
	return arena_printf(&loader->config->arena, "%s%s", sources->env_path,
			    tests ? ".test" : "");
}

static void read_sources(struct config_loader *loader, const struct config_sources *sources)
{
	for (size_t i = 0; i < loader->config->setting_count; i++) {
		struct config_setting *setting = &loader->config->settings[i];
		config_give(loader, setting,
			    &(struct config_given){ CONFIG_FROM_PRESET, "default", setting->text,
						    false });
	}
	if (sources->ini_path)
		config_read_ini(loader, arena_strdup(&loader->config->arena, sources->ini_path),
				sources->ini_required);
	if (sources->env_path)
		config_read_dotenv(loader, env_path(loader, sources), sources->env_required);
	if (sources->environ)
		config_read_environ(loader, sources->environ);
	if (sources->sets)
		config_read_sets(loader, sources->sets);
	config_read_files(loader);
	config_check_production(loader);
}

/* The group's struct; asking for a group that was not loaded is a programming error. */
static void *config_values(const struct config *config, const struct option_group *group)
{
	size_t i = 0;
	while (i < config->part_count && config->parts[i].group != group)
		i++;
	assert(i < config->part_count);
	return config->parts[i].values;
}

static void fill_member(const struct config *config, const struct config_setting *setting)
{
	config_value_store(setting->option, config_values(config, setting->group), setting->text);
}

enum app_err config_load(struct ctx *c, const struct option_group *const *groups,
			 const struct config_sources *sources, struct buf *faults,
			 struct config **ret_config)
{
	struct config *config = mem_new(1, sizeof(*config));
	arena_init(&config->arena, 0);
	config_settings_make(config, groups);
	buf_init(&config->ignored, &config->arena);
	AUTO(arena) scratch = { 0 };
	struct config_loader loader = { .config = config,
					.scratch = &scratch,
					.faults = faults,
					.needs_all = sources->needs_all };
	read_sources(&loader, sources);
	if (!loader.fault_count) {
		for (size_t i = 0; i < config->setting_count; i++)
			fill_member(config, &config->settings[i]);
		config_check_groups(&loader, c);
	}
	if (loader.fault_count) {
		config_drop(config);
		return ctx_fail(c, APP_INVALID, "the settings have %zu fault%s", loader.fault_count,
				loader.fault_count == 1 ? "" : "s");
	}
	*ret_config = config;
	return APP_OK;
}

void config_drop(struct config *config)
{
	if (!config)
		return;
	arena_done(&config->arena);
	free(config);
}

const void *config_group(const struct config *config, const struct option_group *group)
{
	return config_values(config, group);
}

const struct config_file *config_files(const struct config *config)
{
	static const struct config_file none[1];
	return config->files ? config->files : none;
}

void config_set_generated(struct config *config, const struct option_group *group, const char *key,
			  const char *value, const char *origin)
{
	const char *name = arena_printf(&config->arena, "%s.%s", group->section, key);
	struct config_setting *setting = config_setting_find(config, name);
	assert(setting && setting->group == group && setting->option->secret);
	config_text_wipe(setting);
	setting->text = arena_strdup(&config->arena, value);
	setting->origin = arena_strdup(&config->arena, origin);
	setting->source = CONFIG_FROM_GENERATED;
	fill_member(config, setting);
}
