/*
 * The list of settings, made from the option tables: names, variable names, defaults, and finding
 * the nearest known name for one that is mistyped. Reads no source itself.
 */
#include <assert.h>
#include <string.h>

#include "base/app_name.h"
#include "base/str.h"
#include "internal.h"

const char *config_preset(const struct option *option)
{
	if (option->preset)
		return option->preset;
	if (option->type == OPTION_BOOL)
		return "false";
	if (option->type == OPTION_TEXT)
		return "";
	return option->choices ? option->choices[0] : "0";
}

const char *config_env_name(struct arena *arena, const char *section, const char *key)
{
	char *name = arena_printf(arena, APP_PREFIX "%s_%s", section, key);
	for (char *at = name; *at; at++)
		*at = str_upper(*at);
	return name;
}

static void add_setting(struct config *config, const struct option_group *group,
			const struct option *option)
{
	const char *name = arena_printf(&config->arena, "%s.%s", group->section, option->key);
	const char *env = config_env_name(&config->arena, group->section, option->key);
	assert(!config_setting_find(config, name) && "an option is declared twice");
	assert(!config_setting_find_env(config, env) && "two options share a variable");
	config->settings[config->setting_count++] = (struct config_setting){
		.group = group,
		.option = option,
		.name = name,
		.env = env,
		.text = config_preset(option),
		.origin = "default",
	};
}

void config_settings_make(struct config *config, const struct option_group *const *groups)
{
	size_t options = 0, count = 0;
	for (; groups[count]; count++)
		options += groups[count]->count;
	config->parts = arena_zero(&config->arena, (count + 1) * sizeof(*config->parts));
	config->settings = arena_zero(&config->arena, (options + 1) * sizeof(*config->settings));
	for (size_t i = 0; i < count; i++) {
		const struct option_group *group = groups[i];
		config->parts[config->part_count++] = (struct config_part){
			.group = group,
			.values = arena_zero(&config->arena, group->size),
		};
		for (size_t k = 0; k < group->count; k++)
			add_setting(config, group, &group->options[k]);
	}
}

struct config_setting *config_setting_find(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->setting_count; i++)
		if (str_eq(config->settings[i].name, name))
			return &config->settings[i];
	return NULL;
}

struct config_setting *config_setting_find_env(const struct config *config, const char *env)
{
	for (size_t i = 0; i < config->setting_count; i++)
		if (str_eq(config->settings[i].env, env))
			return &config->settings[i];
	return NULL;
}

struct config_setting *config_setting_find_also(const struct config *config, const char *variable)
{
	for (size_t i = 0; i < config->setting_count; i++)
		if (str_eq(config->settings[i].option->also, variable))
			return &config->settings[i];
	return NULL;
}

/* ---- what a name that is unknown may mean ---- */

/* the distance costs the product of both lengths */
enum { NAME_COMPARED = 100 };

/* "server-port" is "server.port", and "SERVER_PORT", too. */
static bool is_same_word(const char *a, size_t len, const char *b)
{
	for (size_t i = 0; i < len; i++, b++) {
		bool parts = memchr("-_.", a[i], 3) && *b && strchr("-_.", *b);
		if (!parts && str_lower(a[i]) != str_lower(*b))
			return false;
	}
	return !*b;
}

/*
 * A third of what follows a right section may differ: enough for a slip, too little for another
 * word.
 */
static bool is_nearer(const char *known, const char *name, size_t section_len, size_t *nearest)
{
	if (!strncmp(known, name, section_len)) {
		known += section_len;
		name += section_len;
	}
	size_t distance = str_distance(known, name);
	if (distance * 3 > strlen(name) || distance >= *nearest)
		return false;
	*nearest = distance;
	return true;
}

static bool is_called(const struct config_setting *setting, const char *name, size_t len)
{
	return is_same_word(name, len, setting->name) || is_same_word(name, len, setting->env) ||
	       is_same_word(name, len, setting->option->key);
}

bool config_setting_has_key(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->setting_count; i++)
		if (is_same_word(name, strlen(name), config->settings[i].option->key))
			return true;
	return false;
}

/*
 * By its name with another's spelling, by its key alone, or but for a slip; NULL: nothing is near.
 */
const struct config_setting *config_setting_meant(const struct config *config, const char *name)
{
	const struct config_setting *found = NULL;
	size_t nearest = SIZE_MAX, len = strlen(name), prefix_len = strlen(APP_PREFIX);
	bool is_env = str_starts(name, APP_PREFIX);
	if (len > NAME_COMPARED)
		return NULL;
	for (size_t i = 0; i < config->setting_count; i++) {
		const struct config_setting *setting = &config->settings[i];
		size_t section_len = strlen(setting->group->section) + 1;
		if (is_called(setting, name, len) ||
		    (is_env && is_called(setting, name + prefix_len, len - prefix_len)))
			return setting;
		if (is_env ? is_nearer(setting->env + prefix_len, name + prefix_len, section_len,
				       &nearest)
			   : is_nearer(setting->name, name, section_len, &nearest))
			found = setting;
	}
	return found;
}

const char *config_setting_hint(const struct config *config, struct arena *arena, const char *name,
				bool as_env)
{
	static const char ending[] = "_file";
	size_t len = strlen(name), ending_len = strlen(ending);
	const struct config_setting *setting = config_setting_meant(config, name);
	const char *end = "";
	if (!setting && len > ending_len && str_eq_nocase(name + len - ending_len, ending)) {
		setting = config_setting_meant(config,
					       arena_strndup(arena, name, len - ending_len));
		if (setting && setting->option->secret)
			end = as_env ? "_FILE" : "_file";
	}
	const char *key = strchr(name, '.');
	if (!setting && key) /* [server] with server.port below, or a key of another section */
		setting = config_setting_meant(config, key + 1);
	if (!setting)
		return "";
	return arena_printf(arena, " (did you mean %s%s?)", as_env ? setting->env : setting->name,
			    end);
}

bool config_is_needed(const struct config_loader *loader, const struct config_setting *setting)
{
	return loader->needs_all || !setting->option->server_only;
}
