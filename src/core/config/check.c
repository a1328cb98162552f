/* The checks that option groups bring along: what a type cannot say. */
#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/str.h"
#include "internal.h"

struct config_check {
	struct config_loader *loader;
	struct ctx *c;
	const struct option_group *group;
};

struct ctx *config_check_ctx(struct config_check *check)
{
	return check->c;
}

const char *config_check_text(const struct config_check *check, const char *name)
{
	const struct config_setting *setting = config_setting_find(check->loader->config, name);
	return setting ? setting->text : NULL;
}

static const struct config_setting *setting_of(const struct config_check *check, const char *key)
{
	const struct config *config = check->loader->config;
	for (size_t i = 0; i < config->setting_count; i++)
		if (config->settings[i].group == check->group &&
		    str_eq(config->settings[i].option->key, key))
			return &config->settings[i];
	return NULL;
}

void config_check_fault(struct config_check *check, const char *key, const char *format, ...)
{
	const struct config_setting *setting = setting_of(check, key);
	va_list args;
	assert(setting && "a check names an option that its group lacks");
	va_start(args, format);
	const char *text = arena_vprintf(check->loader->scratch, format, args);
	va_end(args);
	config_setting_fault(check->loader, setting, text);
}

void config_check_failure(struct config_check *check, const char *key)
{
	const char *text = ctx_failure_text(check->c, check->c->failure.err);
	const struct config *config = check->loader->config;
	for (size_t i = 0; i < config->setting_count; i++) {
		const struct config_setting *setting = &config->settings[i];
		const char *rest = text + strlen(setting->name);
		if (setting->group == check->group && str_starts(text, setting->name) &&
		    (*rest == ' ' || *rest == ':'))
			key = setting->option->key;
	}
	config_check_fault(check, key, "%s", text);
	ctx_recover(check->c);
}

/* What a check copies, which may be a secret, is wiped with the rest. */
void config_check_groups(struct config_loader *loader, struct ctx *c)
{
	const struct config *config = loader->config;
	struct arena *before = c->arena;
	c->arena = loader->scratch;
	for (size_t i = 0; i < config->part_count; i++) {
		const struct option_group *group = config->parts[i].group;
		struct config_check check = { .loader = loader, .c = c, .group = group };
		if (!group->check)
			continue;
		group->check(&check, config->parts[i].values);
		ctx_recover(c);
	}
	c->arena = before;
}
