/* config_print(): each setting with its value and where it came from, in columns. */
#include <string.h>

#include "base/str.h"
#include "internal.h"

/* a longer value pushes its own origin only */
enum { VALUE_COLUMN = 48 };

static void value_add(struct buf *out, const struct config_setting *setting)
{
	if (setting->unread)
		buf_add_text(out, "(not readable)");
	else if (setting->option->secret)
		buf_add_text(out, *setting->text || setting->forgotten ? "(set)" : "(empty)");
	else
		config_value_add(out, setting->option, setting->text);
}

struct widths {
	size_t name, value;
};

static struct widths measure(const struct config *config)
{
	struct widths widths = { 0 };
	struct buf value;
	buf_init(&value, NULL);
	for (size_t i = 0; i < config->setting_count; i++) {
		const struct config_setting *setting = &config->settings[i];
		buf_clear(&value);
		value_add(&value, setting);
		if (strlen(setting->name) > widths.name)
			widths.name = strlen(setting->name);
		if (value.len > widths.value && value.len <= VALUE_COLUMN)
			widths.value = value.len;
	}
	buf_done(&value);
	return widths;
}

static void line_add(struct buf *out, const struct config_setting *setting, struct widths widths)
{
	buf_printf(out, "%-*s = ", (int)widths.name, setting->name);
	size_t start = out->len;
	value_add(out, setting);
	while (out->len - start < widths.value)
		buf_add_char(out, ' ');
	buf_add_text(out, "   (");
	str_add_printable(out, setting->origin, strlen(setting->origin));
	buf_add_text(out, ")\n");
}

void config_print(const struct config *config, struct buf *out)
{
	struct widths widths = measure(config);
	for (size_t i = 0; i < config->setting_count; i++)
		line_add(out, &config->settings[i], widths);
	buf_add(out, config->ignored.data, config->ignored.len);
}
