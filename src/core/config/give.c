/*
 * The way of a value to its setting, whatever source it is from: by the setting, by its name and by
 * its variable. A name that is not known is a fault; a variable of the environment only when it
 * could be meant for us, because others put names there too: see link.c.
 */
#include <string.h>

#include "base/app_name.h"
#include "base/str.h"
#include "internal.h"

/* Whether the source has already given this setting a value that must not be given twice. */
static bool is_given_twice(struct config_loader *loader, const struct config_setting *setting,
			   const struct config_given *given)
{
	if (setting->source != given->source)
		return false;
	if (setting->by_file != given->by_file) {
		bool by_name = given->source == CONFIG_FROM_INI || given->source == CONFIG_FROM_SET;
		const char *name = by_name ? setting->name : setting->env;
		config_fault(loader,
			     given->source == CONFIG_FROM_ENVIRON ? "environment" : given->origin,
			     "%s and %s%s are both set: keep one", name, name,
			     by_name ? "_file" : "_FILE");
		return true;
	}
	if (given->source != CONFIG_FROM_INI && given->source != CONFIG_FROM_DOTENV)
		return false;
	config_fault(loader, given->origin, "%s is already set at %s", setting->name,
		     setting->origin);
	return true;
}

/* .env takes them off by itself, so that there what is left was meant. */
static bool is_quoted(const struct config_given *given)
{
	size_t len = strlen(given->text);
	char first = *given->text;
	return given->source != CONFIG_FROM_DOTENV && given->source != CONFIG_FROM_PRESET &&
	       len >= 2 && (first == '"' || first == '\'') && given->text[len - 1] == first;
}

void config_give(struct config_loader *loader, struct config_setting *setting,
		 const struct config_given *given)
{
	if (!given->by_file &&
	    (given->source == CONFIG_FROM_INI || given->source == CONFIG_FROM_DOTENV))
		config_file_gave(loader->config, setting->option, given->text);
	if (given->source != CONFIG_FROM_PRESET && is_given_twice(loader, setting, given))
		return;
	struct buf why;
	buf_init(&why, loader->scratch);
	int64_t number;
	if (is_quoted(given))
		config_fault(loader, given->origin,
			     "%s: the value is in quotes, which would be part of it: leave them "
			     "off",
			     setting->name);
	else if (!given->by_file &&
		 !config_value_check(setting->option, given->text, &number, &why))
		config_fault(loader, given->origin, "%s: %s", setting->name,
			     setting->option->secret ? "the value cannot be used" : buf_text(&why));
	config_text_wipe(setting);
	setting->text = arena_strdup(&loader->config->arena, given->text);
	setting->origin = given->origin;
	setting->source = given->source;
	setting->by_file = given->by_file;
}

/* A setting by its name or variable. */
typedef struct config_setting *setting_find(const struct config *config, const char *name);

/* The setting called `name` without the ending "_FILE" or "_file", or NULL. */
static struct config_setting *find_file_form(const struct config_loader *loader, setting_find *find,
					     const char *name, const char *ending)
{
	if (!str_ends(name, ending))
		return NULL;
	return find(loader->config,
		    arena_strndup(loader->scratch, name, strlen(name) - strlen(ending)));
}

/*
 * Whether the name begins with one of our sections, is one of our names but for a slip, or one
 * without its section.
 */
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
	return config_setting_has_key(config, name + strlen(APP_PREFIX));
}

static void ignore(struct config *config, const char *name, const char *why)
{
	str_add_printable(&config->ignored, name, strlen(name));
	buf_printf(&config->ignored, " is ignored: %s\n", why);
}

/* `plain` is the setting, if any, whose file the name would be if it were a secret. */
static void unknown_fault(struct config_loader *loader, const char *origin, const char *name,
			  const struct config_setting *plain, bool as_env)
{
	if (plain)
		config_fault(loader, origin, "%s: only secrets are read from a file; set %s", name,
			     as_env ? plain->env : plain->name);
	else
		config_fault(loader, origin, "unknown setting %.100s%s", name,
			     config_setting_hint(loader->config, loader->scratch, name, as_env));
}

void config_give_env(struct config_loader *loader, enum config_source source, const char *origin,
		     const char *name, const char *value)
{
	struct config_given given = { .source = source, .origin = origin, .text = value };
	struct config_setting *setting = config_setting_find_env(loader->config, name);
	struct config_setting *file_form = find_file_form(loader, config_setting_find_env, name,
							  "_FILE");
	if (source == CONFIG_FROM_ENVIRON && config_is_service_link(name, value) &&
	    !(setting && setting->option->type == OPTION_TEXT)) {
		ignore(loader->config, name, "a link to a service, made by Kubernetes");
		return;
	}
	given.by_file = !setting && file_form && file_form->option->secret;
	if (setting || given.by_file)
		config_give(loader, setting ? setting : file_form, &given);
	else if (source != CONFIG_FROM_ENVIRON || may_be_meant(loader, name))
		unknown_fault(loader, source == CONFIG_FROM_ENVIRON ? "environment" : origin, name,
			      file_form, true);
	else
		ignore(loader->config, name, "no setting has this name");
}

void config_give_also(struct config_loader *loader, struct config_setting *setting,
		      const char *origin, const char *value)
{
	if (!*value || setting->source > CONFIG_FROM_ALSO)
		return;
	config_give(loader, setting,
		    &(struct config_given){
			    .source = CONFIG_FROM_ALSO, .origin = origin, .text = value });
}

bool config_refuse_lower(struct config_loader *loader, const char *origin, const char *name)
{
	char *env = arena_strdup(loader->scratch, name);
	for (char *at = env; *at; at++)
		*at = str_upper(*at);
	if (str_eq(env, name) || (!config_setting_find_env(loader->config, env) &&
				  !find_file_form(loader, config_setting_find_env, env, "_FILE")))
		return false;
	config_fault(loader, origin, "%s is written in capitals: %s", name, env);
	return true;
}

void config_give_name(struct config_loader *loader, enum config_source source, const char *origin,
		      const char *name, const char *value)
{
	struct config_given given = { .source = source, .origin = origin, .text = value };
	struct config_setting *setting = config_setting_find(loader->config, name);
	struct config_setting *file_form = find_file_form(loader, config_setting_find, name,
							  "_file");
	given.by_file = !setting && file_form && file_form->option->secret;
	if (setting || given.by_file)
		config_give(loader, setting ? setting : file_form, &given);
	else
		unknown_fault(loader, origin, name, file_form, false);
}
