/* The files that CROFT_…_FILE, and key_file in app.ini and behind --set, name for a secret. */
#include <string.h>

#include "base/str.h"
#include "internal.h"

enum { SECRET_FILE_MAX = 64 * 1024 };

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
	setting->unread = !text && !config_is_needed(loader, setting);
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
