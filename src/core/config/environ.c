/*
 * Values by CROFT_ variable (from the environment, or from .env through dotenv.c), the files that CROFT_…_FILE
 * names, and --set. A CROFT_ name that is not known is a fault; in the environment only when it could be meant for
 * us, because others put names there too: a Kubernetes service called croft brings CROFT_SERVICE_HOST.
 */
#include <string.h>

#include "base/str.h"
#include "internal.h"

enum { SECRET_FILE_MAX = 64 * 1024 };

/* The setting whose variable is `name` without _FILE, or NULL. */
static struct config_setting *find_file_form(const struct config_loader *loader, const char *name)
{
	if (!str_ends(name, "_FILE"))
		return NULL;
	const char *env = arena_strndup(loader->scratch, name, strlen(name) - strlen("_FILE"));
	return config_setting_find_env(loader->config, env);
}

static void cut_newline(char *text)
{
	size_t len = strlen(text);
	if (len && text[len - 1] == '\n')
		text[--len] = '\0';
	if (len && text[len - 1] == '\r')
		text[--len] = '\0';
}

static void give_from_file(struct config_loader *loader, struct config_setting *setting,
			   struct config_given given, const char *path)
{
	const char *why;
	bool missing;
	char *text = config_file_text(loader->scratch, path, SECRET_FILE_MAX, &why, &missing);
	if (!text) {
		config_fault(loader, given.origin, "%s: cannot read %s: %s", setting->name, path,
			     why);
		return;
	}
	cut_newline(text);
	if (!*text) {
		config_fault(loader, given.origin, "%s: %s is empty", setting->name, path);
		return;
	}
	given.origin = arena_printf(&loader->config->arena, "%s: %s", given.origin, path);
	given.text = text;
	given.by_file = true;
	config_give(loader, setting, &given);
}

/* Whether the name begins with one of our sections, or is one of our names but for a slip. */
static bool may_be_meant(const struct config_loader *loader, const char *name)
{
	enum { SLIP = 2, NAME_COMPARED = 100 };
	const struct config *config = loader->config;
	for (size_t i = 0; i < config->setting_count; i++) {
		const struct config_setting *setting = &config->settings[i];
		size_t section_len = strlen(setting->env) - strlen(setting->option->key);
		if (strncmp(name, setting->env, section_len) == 0)
			return true;
		if (strlen(name) < NAME_COMPARED && str_distance(name, setting->env) <= SLIP)
			return true;
	}
	return false;
}

static void unknown_fault(struct config_loader *loader, const struct config_given *given,
			  const char *name)
{
	const char *origin = given->source == CONFIG_FROM_ENVIRON ? "environment" : given->origin;
	const struct config_setting *plain = find_file_form(loader, name);
	if (plain)
		config_fault(loader, origin, "%s: only secrets are read from a file; set %s", name,
			     plain->env);
	else
		config_fault(loader, origin, "unknown setting %.100s%s", name,
			     config_hint(loader, config_setting_nearest_env(loader->config, name)));
}

void config_give_env(struct config_loader *loader, enum config_source source, const char *origin,
		     const char *name, const char *value)
{
	struct config_given given = { .source = source, .origin = origin, .text = value };
	struct config_setting *setting = config_setting_find_env(loader->config, name);
	struct config_setting *file_form = find_file_form(loader, name);
	if (setting)
		config_give(loader, setting, &given);
	else if (file_form && file_form->option->secret)
		give_from_file(loader, file_form, given, value);
	else if (source != CONFIG_FROM_ENVIRON || may_be_meant(loader, name))
		unknown_fault(loader, &given, name);
}

void config_read_environ(struct config_loader *loader, char **environ)
{
	for (; *environ; environ++) {
		const char *equals = strchr(*environ, '=');
		if (!equals || !str_starts(*environ, "CROFT_"))
			continue;
		const char *name = arena_strndup(&loader->config->arena, *environ,
						 (size_t)(equals - *environ));
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
		const char *name = arena_strndup(loader->scratch, *sets, (size_t)(equals - *sets));
		struct config_setting *setting = config_setting_find(loader->config, name);
		if (setting) {
			config_give(loader, setting,
				    &(struct config_given){ CONFIG_FROM_SET, "--set", equals + 1,
							    false });
			continue;
		}
		config_fault(loader, "--set", "unknown setting %.100s%s", name,
			     config_hint(loader, config_setting_nearest(loader->config, name)));
	}
}
