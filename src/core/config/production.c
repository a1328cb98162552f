/*
 * What production refuses to start with: secrets that are empty, well known or too short to be
 * random.
 */
#include <string.h>

#include "base/app_name.h"
#include "base/mem.h"
#include "base/str.h"
#include "internal.h"

enum {
	SIGNING_SECRET_MIN = 32, /* bytes; RFC 7518 §3.2 for HS256 */
	SQUEEZED_ROOM = 32,
};

/* What people write to fill a gap. Compared without case and without - _ . and spaces. */
static const char *const well_known[] = {
	"admin",         "changeit",         "changeme",    "changethis",   APP_NAME,
	"default",       "example",          "foobar",      "hunter2",      "letmein",
	"none",          "password",         "password1",   "postgres",     "root",
	"secret",        "secretkey",        "supersecret", "test",         "todo",
	"12345678",      "123456",           "qwerty",      "yourpassword", "yoursecret",
	"yoursecretkey", "your256bitsecret",
};

/* Without - _ . and spaces; false when nothing well known is that long. */
static bool squeeze(const char *text, char ret[SQUEEZED_ROOM])
{
	size_t len = 0;
	for (; *text; text++) {
		if (strchr("-_. ", *text))
			continue;
		if (len + 1 == SQUEEZED_ROOM)
			return false;
		ret[len++] = *text;
	}
	ret[len] = '\0';
	return true;
}

static bool is_well_known(const char *text)
{
	char squeezed[SQUEEZED_ROOM];
	bool found = false;
	if (squeeze(text, squeezed))
		for (size_t i = 0; i < COUNT_OF(well_known) && !found; i++)
			found = str_eq_nocase(squeezed, well_known[i]);
	mem_wipe(squeezed, sizeof(squeezed));
	return found;
}

static bool is_production(const struct config *config)
{
	const struct config_setting *environment = config_setting_find(config, "app.environment");
	return environment && str_eq(environment->text, "production");
}

static void check_one(struct config_loader *loader, const struct config_setting *setting)
{
	const char *origin = setting->source == CONFIG_FROM_PRESET ? NULL : setting->origin;
	if (!*setting->text)
		config_fault(loader, origin, "%s: must be set in production (%s%s%s)",
			     setting->name, setting->env,
			     setting->option->secret ? ", or the path of a file in " : "",
			     setting->option->secret
				     ? arena_printf(loader->scratch, "%s_FILE", setting->env)
				     : "");
	else if (is_well_known(setting->text))
		config_fault(loader, origin,
			     "%s: this value is well known; production needs one of its own",
			     setting->name);
	else if (str_eq(setting->option->key, "secret") &&
		 strlen(setting->text) < SIGNING_SECRET_MIN)
		config_fault(loader, origin, "%s: production needs at least %d bytes",
			     setting->name, SIGNING_SECRET_MIN);
}

void config_check_production(struct config_loader *loader)
{
	if (!is_production(loader->config))
		return;
	for (size_t i = 0; i < loader->config->setting_count; i++)
		if (loader->config->settings[i].option->required_in_production &&
		    config_is_needed(loader, &loader->config->settings[i]))
			check_one(loader, &loader->config->settings[i]);
}
