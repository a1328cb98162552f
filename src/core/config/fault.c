/* What is wrong with the settings, one line each, for the operator. Decides nothing. */
#include <stdarg.h>
#include <string.h>

#include "base/str.h"
#include "internal.h"

void config_fault(struct config_loader *loader, const char *origin, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const char *text = arena_vprintf(loader->scratch, format, args);
	va_end(args);
	if (origin)
		text = arena_printf(loader->scratch, "%s: %s", origin, text);
	str_add_printable(loader->faults, text, strlen(text));
	buf_add_char(loader->faults, '\n');
	loader->fault_count++;
}

void config_setting_fault(struct config_loader *loader, const struct config_setting *setting,
			  const char *text)
{
	const char *origin = setting->source == CONFIG_FROM_PRESET ? NULL : setting->origin;
	if (str_starts(text, setting->name))
		config_fault(loader, origin, "%s", text);
	else
		config_fault(loader, origin, "%s: %s", setting->name, text);
}
