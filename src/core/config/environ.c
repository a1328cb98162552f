/*
 * Values by CROFT_ variable (from the environment, or from .env through dotenv.c), the files that
 * CROFT_…_FILE and key_file in app.ini name, and --set. A CROFT_ name that is not known is a fault;
 * in the environment only when it could be meant for us, because others put names there too: see
 * link.c.
 */
#include <string.h>

#include "base/str.h"
#include "internal.h"

enum { SECRET_FILE_MAX = 64 * 1024 };

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

static void cut_newline(char *text)
{
	size_t len = strlen(text);
	if (len && text[len - 1] == '\n')
		text[--len] = '\0';
	if (len && text[len - 1] == '\r')
		text[--len] = '\0';
}

static void read_file(struct config_loader *loader, struct config_setting *setting)
{
	struct config *config = loader->config;
	const char *why, *path = setting->text;
	bool missing;
	char *text = config_file_text(loader, path, SECRET_FILE_MAX, &why, &missing);
	setting->text = "";
	if (!*path) {
		config_fault(loader, setting->origin, "%s: no file is named", setting->name);
		return;
	}
	setting->unread = !text && setting->optional;
	if (setting->unread)
		return;
	if (!text) {
		config_fault(loader, setting->origin, "%s: cannot read %s: %s%s", setting->name,
			     path, why,
			     str_starts(path, "~") ? " (only a shell knows what ~ is)" : "");
		return;
	}
	cut_newline(text);
	config_file_gave(config, setting->option, text);
	if (!*text)
		config_fault(loader, setting->origin, "%s: %s is empty", setting->name, path);
	else if (!str_is_utf8(text, strlen(text)))
		config_fault(loader, setting->origin, "%s: what is in %s cannot be used",
			     setting->name, path);
	setting->text = arena_strdup(&config->arena, text);
	setting->origin = arena_printf(&config->arena, "%s: %s", setting->origin, path);
}

void config_read_files(struct config_loader *loader)
{
	for (size_t i = 0; i < loader->config->setting_count; i++) {
		struct config_setting *setting = &loader->config->settings[i];
		if (setting->by_file)
			read_file(loader, setting);
	}
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
	return config_setting_has_key(config, name + strlen("CROFT_"));
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

bool config_refuse_lower(struct config_loader *loader, const char *origin, const char *name)
{
	char *env = arena_strdup(loader->scratch, name);
	for (char *at = env; *at; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
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
