/* What the checks of modules share: each looks at one kind of what they list. */
#ifndef CROFT_SRC_CORE_MODULE_INTERNAL_H
#define CROFT_SRC_CORE_MODULE_INTERNAL_H

#include "core/module.h"

/* stages.c: whether each stage can do in its place what it says. APP_INVALID names the fault. */
enum app_err stages_check(struct ctx *c, const struct module *const *modules) MUST_USE;
/* services.c: whether each service is listed once, by one module. */
enum app_err services_check(struct ctx *c, const struct module *const *modules) MUST_USE;
/*
 * permissions.c: whether each permission is declared once, by one module, and those that are asked
 * for are.
 */
enum app_err permissions_check(struct ctx *c, const struct module *const *modules) MUST_USE;
/*
 * hidden.c: whether a table by declaration shows rows of another to whom that one hides them.
 */
enum app_err hidden_check(struct ctx *c, const struct module *const *modules) MUST_USE;

#endif
