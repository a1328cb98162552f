/* What modules have done as a process starts and stops: their services, and their hooks. */
#include "core/module.h"
#include "core/service.h"
#include "internal.h"

/* ---- services ---- */

static enum app_err start_services(struct boot *boot)
{
	return services_start(&boot->c, boot->app.services);
}

enum boot_result boot_services_start(struct boot *boot)
{
	struct app *app = &boot->app;
	app->services = services_new(boot->args.given);
	enum app_err err = modules_add_services(&boot->c, app->modules, app->services);
	return boot_outcome(boot, err ? err : prestart_patiently(boot, start_services));
}

void boot_services_stop(struct boot *boot)
{
	services_stop(&boot->c, boot->app.services);
	services_drop(boot->app.services);
	boot->app.services = NULL;
}

/* ---- hooks ---- */

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
