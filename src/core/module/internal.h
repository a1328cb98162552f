/* What the checks of modules share: each looks at one kind of what they list. */
#ifndef CROFT_SRC_CORE_MODULE_INTERNAL_H
#define CROFT_SRC_CORE_MODULE_INTERNAL_H

#include "core/module.h"

/* services.c: whether each service is listed once, by one module. */
enum app_err services_check(struct ctx *c, const struct module *const *modules) MUST_USE;

#endif
