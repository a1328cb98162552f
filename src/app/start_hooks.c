/* The start hooks of the modules, and their stop hooks. */
#include "core/module.h"
#include "internal.h"

static enum app_err start_modules(struct boot *boot)
{
	return modules_start(&boot->c, boot->app.modules, &boot->modules);
}

enum boot_result boot_modules_start(struct boot *boot)
{
	return boot_outcome(boot, prestart_patiently(boot, start_modules));
}

void boot_modules_stop(struct boot *boot)
{
	modules_stop(&boot->c, boot->app.modules, &boot->modules);
}
