/* The lists that make this binary, see src/app/modules.c. */
#ifndef CROFT_APP_MODULES_H
#define CROFT_APP_MODULES_H

struct module;
struct option_group;

/* Both end with NULL. Modules start in this order and stop in reverse. */
extern const struct module *const app_modules[];
extern const struct option_group *const app_option_groups[];

#endif
