/* What this binary is made of, see src/app/modules.c. */
#ifndef CROFT_APP_MODULES_H
#define CROFT_APP_MODULES_H

struct module;
struct option_group;

/* Ends with NULL. Modules start in this order and stop in reverse. */
extern const struct module *const app_modules[];
/* The settings of core and of all modules; ends with NULL. For the thread that starts others. */
const struct option_group *const *app_option_groups(void);

#endif
